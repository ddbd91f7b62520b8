// Planes of many films for a training, as bytes, with a cache on disk: segmentations are the slow part (0.1 s a film), and
// many runs read the same planes.
//   FOLDER/<film's SHA-256>-<first 16 digits of the weights' SHA-256>.segmentation
//       safetensors: "probability" uint8 [3, h, w], 255 = 1; metadata origin_x, origin_y, cell_px. Written film by film:
//       what a cancelled run found is kept.
//   FOLDER/<key>.planes
//       safetensors: "planes" uint8 [N, C, H, W], 255 = 1; "trusted" uint8 [N]. The key is the SHA-256 of all films' hashes
//       in their order, the manifest's input, the weights' and the heart region's hash.
//   A cache file that cannot be read is made again. Segmentations pass through bytes with and without a cache, so that
//   both give the same planes.
//   thread rule  call from a worker
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/model/manifest.h"

namespace cxr {

// Who finds heart and lungs where the input needs them.
struct FilmSegmenter {
    std::function<Result<Segmentation>(const GrayFilm&, const RunContext&)> segment;
    std::string weightsSha256;  // of its pack
};
// The installed heart-lungs pack (or `packFolder`), mirrored films averaged as in analyzeFilm. `engine` must outlive it.
// fails as findPack and readPack do.
Result<FilmSegmenter> heartLungsSegmenter(Engine& engine, const std::filesystem::path& packFolder = {});

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
