// The networks that judge a film: view, diseases, cardiomegaly by a network and from its HeartSpot picture. Runs after
// the segmentation, whose masks it shares; what comes out is core/measure/finding.h.
//   A pack that is not installed is no error: its part is absent. A pack that fails is reported in its place
//   (PackJudgement::error) and the others go on; only Cancelled ends everything.
//   thread rule  call from a worker; the result is an immutable value
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/measure/finding.h"
#include "core/pipeline/model_roles.h"

namespace cxr {

struct JudgeOptions {
    std::vector<RolePack> packs;  // HeartLungs is left out
    std::string operatingPoint = kDefaultPoint;
};

// A film as the networks read it. Pointers as long as the call.
struct JudgedFilm {
    const GrayFilm* gray = nullptr;              // networkFilm()
    double scale = 1;                            // film pixels per pixel of `gray`
    const Segmentation* segmentation = nullptr;  // in the pixels of `gray`
    ViewPosition headerView = ViewPosition::Unknown;
};

// One pack after the other on the engine's device. fails Cancelled only.
// REQUIRES: gray and segmentation not null.
Result<Judgement> judgeFilm(const JudgedFilm& film, const JudgeOptions& options, Engine& engine, const RunContext& context = {});

}  // namespace cxr
