// label heart FILE --upper ROW --lower ROW [--left COL --right COL] --out STEM
// label mask2trace MASK --out TRACE [--tolerance PX]; label trace2mask TRACE --film FILE|--size W H --out MASK
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addLabel(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
