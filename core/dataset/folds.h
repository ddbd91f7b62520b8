// Patient-grouped folds, stratified by label: every fold gets its share of each class's positives and of all films.
//   iterative stratification (Sechidis, Tsoumakas, Vlahavas, ECML PKDD 2011) over patients instead of films: the rarest
//   class that still has unplaced positives is spread first, each patient to the fold that lacks it most
//   Sets FilmRecord::fold before a training; core/train/split.h keeps folds that are given.
//   thread rule  pure functions; the same on every platform for a seed
#pragma once

#include <cstdint>
#include <vector>

#include "core/dataset/film_table.h"

namespace cxr {

// Fold in [0, folds) of each film. Folds that the table gives are kept, and a patient who has one in any film has it in all
// (the first that the table names); given folds must be below `folds`. With `ignoreGiven` the seed decides all.
// fails InvalidArgument. REQUIRES: folds >= 2
Result<std::vector<int>> stratifiedFolds(const FilmTable& table, int folds, std::uint64_t seed, bool ignoreGiven = false);

}  // namespace cxr
