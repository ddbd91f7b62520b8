// dataset index FOLDER... --out FILE; dataset list INDEX [--view V] [--csv OUT]; dataset pack RECIPE --data FOLDER... --out FILE;
// dataset locations --data FOLDER --out FILE (dataset_locations.h)
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addDataset(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
