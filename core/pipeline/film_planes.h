// Planes of many films for a training, as bytes, with a cache on disk, because many runs read the same planes:
//   FOLDER/<key>.planes
//       safetensors: "planes" uint8 [N, C, H, W], 255 = 1; "trusted" uint8 [N]. The key is the SHA-256 of all films' hashes
//       in their order, the manifest's input, the weights' and the heart region's hash.
//   A cache file that cannot be read is made again. The segmentations are kept beside it (segmentation_cache.h).
//   thread rule  call from a worker
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/model/manifest.h"
#include "core/pipeline/segmentation_cache.h"

namespace cxr {

struct FilmPlanes {
    int channels = 1, height = 0, width = 0;
    std::vector<std::vector<std::uint8_t>> planes;  // one a film: [C, H, W], 255 = 1.0
    std::vector<std::uint8_t> isTrusted;            // one a film: 0 where "thorax" fell back to the film's centre
};

// `cacheFolder` empty: nothing is kept. `segmenter.segment` may be empty where needsSegmentation(input) is false.
// fails as readImage (the film's name in front), networkInput and the segmenter do; WriteFailed, Cancelled.
// REQUIRES: films not empty.
Result<FilmPlanes> filmPlanes(const std::vector<std::filesystem::path>& films, const ModelInput& input, const FilmSegmenter& segmenter,
                              const std::filesystem::path& cacheFolder, const RunContext& context);

}  // namespace cxr
