// precordia-cli info FILE [--json]: what the header says and what we made of it.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addInfo(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
