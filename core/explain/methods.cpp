// One line a method.
#include "core/explain/methods.h"

#include "core/explain/class_maps.h"
#include "core/explain/deep_lift.h"
#include "core/explain/grad_cam.h"
#include "core/explain/input_gradients.h"
#include "core/explain/integrated_gradients.h"
#include "core/explain/occlusion.h"
#include "core/explain/relevance_propagation.h"

namespace cxr::explain {

std::unique_ptr<Method> makeMethod(const Question& question) {
    switch (question.options.method) {
        case ExplainMethod::Cam: return makeCam();
        case ExplainMethod::RefinedCam: return makeRefinedCam();
        case ExplainMethod::GradCam: return makeGradCam();
        case ExplainMethod::Sensitivity: return makeSensitivity();
        case ExplainMethod::InputXGradient: return makeInputXGradient();
        case ExplainMethod::IntegratedGradients: return makeIntegratedGradients(question.options);
        case ExplainMethod::DeepLift: return makeDeepLift();
        case ExplainMethod::LrpEpsilon: return makeRelevancePropagation(nn::BackwardRule::LrpEpsilon);
        case ExplainMethod::LrpAlpha1Beta0: return makeRelevancePropagation(nn::BackwardRule::LrpAlpha1Beta0);
        case ExplainMethod::LrpGamma: return makeRelevancePropagation(nn::BackwardRule::LrpGamma);
        case ExplainMethod::GuidedBackpropagation: return makeGuidedBackpropagation();
        case ExplainMethod::Occlusion: return makeOcclusion(question);
    }
    return makeSensitivity();
}

}  // namespace cxr::explain
