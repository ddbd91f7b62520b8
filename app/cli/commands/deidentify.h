// precordia-cli deidentify FILES|DIR --out DIR: DICOM objects without their patient's identity. DICOM PS3.15 annex E.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addDeidentify(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
