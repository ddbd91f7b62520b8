// Heart and lungs of many films for trainings, with a cache on disk: finding them is the slow part (0.1 s a film).
//   FOLDER/<film's SHA-256>-<first 16 digits of the weights' SHA-256>.segmentation
//       safetensors: "probability" uint8 [3, h, w], 255 = 1; metadata origin_x, origin_y, cell_px. Written film by film:
//       what a cancelled run found is kept.
//   A cache file that cannot be read is made again. Segmentations pass through bytes with and without a cache, so that
//   both are the same.
//   thread rule  call from a worker
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"

namespace cxr {

// Who finds heart and lungs where the input needs them.
struct FilmSegmenter {
    std::function<Result<Segmentation>(const GrayFilm&, const RunContext&)> segment;
    std::string weightsSha256;  // of its pack
};
// The installed heart-lungs pack (or `packFolder`), mirrored films averaged as in analyzeFilm. `engine` must outlive it.
// fails as findPack and readPack do.
Result<FilmSegmenter> heartLungsSegmenter(Engine& engine, const std::filesystem::path& packFolder = {});

// From the cache, or found and put there. `cacheFolder` empty: nothing is kept; else it exists and `filmSha256` is the
// film file's. fails as the segmenter does; WriteFailed, Cancelled. REQUIRES: segmenter.segment.
Result<Segmentation> cachedSegmentation(const GrayFilm& film, const std::string& filmSha256, const FilmSegmenter& segmenter,
                                        const std::filesystem::path& cacheFolder, const RunContext& context);

// SHA-256 of each file. fails NotFound with the file's name, Cancelled.
Result<std::vector<std::string>> hashesOf(const std::vector<std::filesystem::path>& films, const RunContext& context);

// Each value clamped to [0, 1] as a byte, 255 = 1; what is not finite becomes 0.
std::vector<std::byte> bytesOf(const std::vector<float>& values);

}  // namespace cxr
