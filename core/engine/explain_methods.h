// The explanation methods as people, files and command lines name them; torch-free, for lists and legends.
//   thread rule  pure functions
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace cxr {

struct ExplainMethodInfo {
    ExplainMethod method = ExplainMethod::Cam;
    std::string id;       // "integrated-gradients": command line and files
    std::string name;     // "Integrated gradients": people
    bool isSigned = false;
    bool hasBaseline = false;  // compares with a baseline
    bool hasSteps = false;
    std::string source;   // paper and equation
};

// All methods, in the order of the enum.
const std::vector<ExplainMethodInfo>& explainMethods();
const ExplainMethodInfo& explainMethodInfo(ExplainMethod method);
std::optional<ExplainMethod> explainMethodById(const std::string& id);  // also "ig", "pcm"

}  // namespace cxr
