// train RECIPE --data DIR... --out DIR [--resume] [--fold K] [--site NAME] [--init PACK] [--cache DIR]: segmentation or
// classification, as the recipe's "task" says; train heart-region --data DIR --pack PACK --out FILE
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addTrain(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
