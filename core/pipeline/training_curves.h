// Draws a run's log.csv as two plots over epochs: loss (training, monitor), and Dice per organ of a segmentation run or
// the mean AUC of a classification run. Values that the log leaves empty are left out. PNG, 900 px wide (core/plot).
//   fails  Corrupt (not a log of core/train), WriteFailed
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace cxr {

// Writes <folder>/loss.png and <folder>/dice.png or <folder>/auc.png; creates the folder.
Result<Done> drawTrainingCurves(const std::string& logCsv, const std::filesystem::path& folder);

}  // namespace cxr
