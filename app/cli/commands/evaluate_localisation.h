// evaluate localisation --data DIR --pack P --json FILE [--markdown FILE]: boxes of explanations against boxes of readers.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addEvaluateLocalisation(CLI::App& evaluate, CommandRun& chosen);

}  // namespace cxr::cli
