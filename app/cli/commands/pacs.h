// `pacs echo|find|get|send --server HOST:PORT ...`: archives, as core/pacs does it.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addPacs(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
