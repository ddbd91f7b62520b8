// The options that choose a prior, shared by the verbs: --prior NAME|JSON|FILE.json --size --lines --seed --roi.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/prior_spec.h"

namespace cxr::cli {

struct PriorOptions {
    std::string prior;
    std::optional<int> size, lines;
    std::optional<std::uint32_t> seed;
    std::string region;  // a picture, "segment", or empty for the default region

    void addTo(CLI::App& verb, bool required);
    // fails NotFound, Corrupt, InvalidArgument.
    [[nodiscard]] Result<PriorSpec> spec() const;
};

inline constexpr const char* kSegmentRegion = "segment";

// The heart region that comes with the default pack (heart_region.png). fails NotFound.
Result<cv::Mat> defaultHeartRegion();
// The heart that was found in a film (heartRegionOf). fails InvalidArgument: none was found, or not with certainty.
Result<cv::Mat> segmentedHeartRegion(const Analysis& analysis);

}  // namespace cxr::cli
