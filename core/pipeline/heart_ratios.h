// The class "HeartRatio": what the heart-lungs network measures on a film, as a soft label, so that a classifier learns
// the heart's size from every film, not only from the few with a diagnosis.
//   label = 1 / (1 + exp(-(ratio - 0.50) / 0.03)); 0.50 is the upper limit of a normal cardiothoracic ratio
//   NaN where the outlines are uncertain or no ratio is measured
//   cache  CACHEFOLDER/<film's SHA-256>-<16 digits of the weights' SHA-256>-<16 digits of the measuring code's>.ratio, the
//          ratio as text, "nan" for none. The code's SHA-256 is taken over the sources of core/image, core/io, core/measure
//          and what calls them when the program is built: films measured by other code or weights are measured again.
//   thread rule  call from a worker
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/pipeline/segmentation_cache.h"

namespace cxr {

inline constexpr const char* kHeartRatioClass = "HeartRatio";

// One a film, in their order. `cacheFolder` empty: nothing is kept.
// fails as readImage (the film's name in front) and cachedSegmentation do; InvalidArgument
// (no segmenter), WriteFailed, Cancelled.
Result<std::vector<float>> heartRatioLabels(const std::vector<std::filesystem::path>& films, const FilmSegmenter& segmenter,
                                            const std::filesystem::path& cacheFolder, const RunContext& context);

}  // namespace cxr
