// What any number of classification packs say about a film: calibrated probabilities, without roles or operating points
// (core/pipeline/judgement.h has those).
//   thread rule  call from a worker
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/model/pack.h"
#include "core/pipeline/film_planes.h"

namespace cxr {

// A pack that is ready to be asked.
struct PredictingPack {
    Pack pack;
    cv::Mat heartRegion;  // CV_8UC1; empty if its prior needs none
};

// The named folders, or where none is named all installed packs of the task "classification".
// fails NotFound (no pack), Unsupported (not a classification pack), as readPack and shippedHeartRegion do.
Result<std::vector<PredictingPack>> predictingPacks(const std::vector<std::filesystem::path>& folders);
// One of them reads what the segmentation finds.
bool needSegmentation(const std::vector<PredictingPack>& packs);

struct PackPrediction {
    std::vector<double> probabilities;  // one an output, in the manifest's order: [0, 1], calibrated as the manifest says
    bool isTrusted = true;              // false: the pack wants the thorax, but no usable lungs were found
};
// One a pack, in their order. `segmenter.segment` may be empty where needSegmentation(packs) is false.
// fails as networkInput, the segmenter and Engine::predict do, with the pack's name in front.
Result<std::vector<PackPrediction>> predictFilm(const Image& image, const std::vector<PredictingPack>& packs,
                                                const FilmSegmenter& segmenter, Engine& engine, const RunContext& context);

}  // namespace cxr
