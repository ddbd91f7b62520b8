// train RECIPE --data DIR --out DIR [--resume] [--fold K] [--site NAME]; train heart-region --data DIR --pack PACK --out FILE
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addTrain(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
