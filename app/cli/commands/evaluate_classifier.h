// evaluate classifier --run FOLD... [--ensemble] [--class NAME...] [--against FOLD...] [--data DIR --by view,sex,age]
//   [--prevalence CLASS=SHARE...] [--json FILE] [--markdown FILE] [--curves DIR] [--write-pack PACK]
// evaluate classifier --pack PACK --data DIR [--view PA,AP] [...]: an installed pack on a labelled folder, as `predict` judges
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

// `evaluate` is the verb that this one belongs to.
void addEvaluateClassifier(CLI::App& evaluate, CommandRun& chosen);

}  // namespace cxr::cli
