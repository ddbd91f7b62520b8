// models import FILE --out PACK [--map SOURCE] [--arch NAME] [--classes A,B,...] ...
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

// Adds the verb below `models`.
void addModelsImport(CLI::App& models, CommandRun& chosen);

}  // namespace cxr::cli
