// evaluate heart --data DIR (--pack PACK | --run DIR...) --json FILE [--markdown FILE] [--ctr-csv FILE] [--spacing SITE=MM]
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addEvaluate(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
