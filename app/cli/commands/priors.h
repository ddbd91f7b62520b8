// priors FILE|DIR... [--csv F] [--markdown F] [--out DIR]: a table of priors, and their pictures side by side.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addPriors(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
