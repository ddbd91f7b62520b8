// precordia-cli heartspot mask|pool|compress|restore: masks, quantile pooling, vectors. HeartSpot (S1).
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addHeartSpot(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
