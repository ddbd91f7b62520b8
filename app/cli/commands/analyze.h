// precordia-cli analyze FILE|DIR... --out DIR: reports and overlays of many films, and a summary.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addAnalyze(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
