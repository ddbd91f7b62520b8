// evaluate classifier --run FOLD... [--ensemble] [--class NAME...] [--against FOLD...] [--data DIR --by view,sex,age]
//   [--prevalence CLASS=SHARE...] [--json FILE] [--markdown FILE] [--curves DIR] [--write-pack PACK]
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

// `evaluate` is the verb that this one belongs to.
void addEvaluateClassifier(CLI::App& evaluate, CommandRun& chosen);

}  // namespace cxr::cli
