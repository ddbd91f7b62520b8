// phantom --out FILE.png: writes the synthetic chest film, the sample of a program that ships no patient's picture.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addPhantom(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
