// One explanation of one film: chooses how many points go through the network together, averages over SmoothGrad's films,
// tells parts of the answer, adds up the numbers beside the picture.
//   chunks   as many points as take about 0.15 s of the threads' time, by the time of those before; the first is one point
//   partial  after 0.04 s, then about every 0.12 s, never the last one; methods of one pass have none
//   cancel   between layers, forward and backward: NetworkCancelled
//   fails    Unsupported (as the method says), InvalidArgument (checkOptions)
#pragma once

#include "core/explain/question.h"

namespace cxr::explain {

// Ranges of engine.h's ExplainOptions; the size of baselinePlanes is the caller's business.
Result<Done> checkOptions(const ExplainOptions& options);

// REQUIRES: checkOptions(question.options) is fine, the network allows the method
Result<Answer> explained(const Question& question);

}  // namespace cxr::explain
