// models list; models verify [DIR]
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addModels(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
