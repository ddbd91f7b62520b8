// The table of explanation methods.
#include "core/engine/explain_methods.h"

#include <algorithm>

namespace cxr {

const std::vector<ExplainMethodInfo>& explainMethods() {
    using M = ExplainMethod;
    static const std::vector<ExplainMethodInfo> table{
        {M::Cam, "cam", "Class activation map", true, false, false, "Zhou et al., CVPR 2016, eq. 2"},
        {M::RefinedCam, "refined-cam", "Refined CAM (PCM)", true, false, false, "S5: pixel correlation module"},
        {M::GradCam, "grad-cam", "Grad-CAM", false, false, false, "Selvaraju et al., ICCV 2017, eq. 1-2"},
        {M::Sensitivity, "sensitivity", "Sensitivity", false, false, false, "Simonyan et al., ICLR 2014 workshop, section 3"},
        {M::InputXGradient, "input-x-gradient", "Input x gradient", true, true, false, "Shrikumar et al., ICML 2017, section 3.1"},
        {M::IntegratedGradients, "integrated-gradients", "Integrated gradients", true, true, true, "Sundararajan et al., ICML 2017, eq. 1"},
        {M::DeepLift, "deeplift", "DeepLift (rescale)", true, true, false, "Shrikumar et al., ICML 2017, section 3.5.1"},
        {M::LrpEpsilon, "lrp-epsilon", "LRP epsilon", true, false, false, "Bach et al., PLoS ONE 2015, eq. 58"},
        {M::LrpAlpha1Beta0, "lrp-alpha1-beta0", "LRP alpha 1, beta 0", false, false, false, "Montavon et al., Pattern Recognition 2017: z+ rule"},
        {M::LrpGamma, "lrp-gamma", "LRP gamma", true, false, false, "Montavon et al., Explainable AI 2019, section 10.2.2"},
        {M::GuidedBackpropagation, "guided-backpropagation", "Guided backpropagation", true, false, false, "Springenberg et al., ICLR 2015 workshop"},
        {M::Occlusion, "occlusion", "Occlusion", true, true, false, "Zeiler and Fergus, ECCV 2014, section 4.2"},
    };
    return table;
}

const ExplainMethodInfo& explainMethodInfo(ExplainMethod method) { return explainMethods().at(static_cast<std::size_t>(method)); }

std::optional<ExplainMethod> explainMethodById(const std::string& id) {
    const std::string whole = id == "ig" ? "integrated-gradients" : id == "pcm" ? "refined-cam" : id;
    const auto& table = explainMethods();
    const auto found = std::find_if(table.begin(), table.end(), [&](const ExplainMethodInfo& one) { return one.id == whole; });
    if (found == table.end()) return {};
    return found->method;
}

bool allows(const NetworkTraits& network, ExplainMethod method) {
    if (!network.isClassifier) return false;
    switch (method) {
        case ExplainMethod::Cam: return network.hasClassMaps;
        case ExplainMethod::RefinedCam: return network.hasRefinedMaps;
        case ExplainMethod::GradCam: return network.hasFeatureMaps;
        case ExplainMethod::Sensitivity:
        case ExplainMethod::InputXGradient:
        case ExplainMethod::IntegratedGradients: return network.hasGradients;
        case ExplainMethod::DeepLift:
        case ExplainMethod::LrpEpsilon: return network.passesRules;
        case ExplainMethod::LrpAlpha1Beta0:
        case ExplainMethod::LrpGamma:
        case ExplainMethod::GuidedBackpropagation: return network.passesRules && network.isRectified;
        case ExplainMethod::Occlusion: return true;
    }
    return false;
}

std::vector<ExplainMethod> allowedMethods(const NetworkTraits& network) {
    std::vector<ExplainMethod> list;
    for (const ExplainMethodInfo& one : explainMethods()) {
        if (allows(network, one.method)) list.push_back(one.method);
    }
    return list;
}

}  // namespace cxr
