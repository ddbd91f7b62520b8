// heartspot seal FILE --out NAME.heartspot; heartspot open NAME.heartspot --out DIR [--ask DIR]
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addSeal(CLI::App& heartspot, CommandRun& chosen);
void addOpen(CLI::App& heartspot, CommandRun& chosen);

}  // namespace cxr::cli
