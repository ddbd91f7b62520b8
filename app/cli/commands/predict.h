// predict FILE|DIR... [--pack PACK ...] --csv FILE: probabilities of every class of every pack, one line a film and pack.
//   file,pack,<classes of all packs>,note     RFC 4180 with CRLF; empty: the pack does not have that class
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addPredict(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
