// What the networks answer, as engine.h's plain structs. The model's stamp and the seconds are the engine's business.
//   cancel  throws nn::NetworkCancelled between layers
#pragma once

#include "core/engine/engine.h"
#include "core/nn/classifier_runner.h"
#include "core/nn/segmenter.h"

namespace cxr::train {

// With options.testTimeFlip also from the mirrored film; the mean of both.
Segmentation segmentationOf(nn::Segmenter& segmenter, const GrayFilm& film, const SegmentOptions& options,
                            const RunContext& context);

// REQUIRES: runner.checkShape() is fine with the planes. Refined maps come before plain ones.
Prediction predictionOf(nn::ClassifierRunner& runner, const NetworkPlanes& planes, const RunContext& context);

// options.hasRandomWeights is the caller's business: another runner.
// REQUIRES: runner.checkShape() is fine with the planes, 0 <= index < outputs
// fails InvalidArgument (options), Unsupported (the network does not allow the method)
Result<Explanation> explanationOf(nn::ClassifierRunner& runner, const NetworkPlanes& planes, std::int64_t index,
                                  const ExplainOptions& options, const RunContext& context);

}  // namespace cxr::train
