// `precordia-cli models merge`: several packs of one task become one whose network is their ensemble.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addModelsMerge(CLI::App& models, CommandRun& chosen);

}  // namespace cxr::cli
