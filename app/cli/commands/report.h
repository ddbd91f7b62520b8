// precordia-cli report FILE --pdf OUT|--html OUT [--pseudonym X|--no-identity]: the report of one film.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addReport(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
