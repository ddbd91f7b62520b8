// models list; models verify [DIR]; models import (models_import.h)
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addModels(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
