// What every training run asks of its request before it begins.
//   fails  InvalidArgument (no films, a fold outside, a folder that holds a run already), WriteFailed
#pragma once

#include "core/base/result.h"
#include "core/train/split.h"
#include "core/train/training_loop.h"

namespace cxr::train {

template <typename Request>
Result<Done> checkRequest(const Request& request, int folds) {
    if (request.films.empty()) return Error{ErrorCode::InvalidArgument, "there is no film to train on"};
    if (request.fold >= -1 && request.fold < folds) return Done{};
    return Error{ErrorCode::InvalidArgument, "the fold must lie between 0 and " + std::to_string(folds - 1)};
}

// Makes the folder; a checkpoint in it is loaded if `resume`, else refused. True: loaded.
Result<bool> openRunFolder(TrainingLoop& loop, const std::filesystem::path& folder, bool resume);

}  // namespace cxr::train
