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

// What a network is able to, as far as explanations need it: core/explain/network_traits.h tells it from a network,
// core/pipeline/model_facts.h from a manifest.
struct NetworkTraits {
    bool hasClassMaps = false;    // CAMs
    bool hasRefinedMaps = false;  // after the pixel correlation module
    bool hasFeatureMaps = false;  // the decision is read from maps that cover the film: Grad-CAM
    bool hasGradients = false;    // all that needs a gradient; Occlusion needs nothing but an answer
    bool passesRules = false;     // every layer has backward rules: DeepLift, LRP epsilon
    bool isRectified = false;     // and every activation is a ReLU: guided backpropagation, LRP alpha1-beta0, gamma
    bool isClassifier = false;    // else nothing is allowed
};
bool allows(const NetworkTraits& network, ExplainMethod method);
// In the order of the enum.
std::vector<ExplainMethod> allowedMethods(const NetworkTraits& network);

}  // namespace cxr
