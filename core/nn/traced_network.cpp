// torch's tracer, and what can be computed beforehand.
#include "core/nn/traced_network.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <string>

namespace cxr::nn {
namespace {

namespace jit = torch::jit;

// A constant of a graph cannot ask for gradients.
class WithoutGradients {
  public:
    explicit WithoutGradients(const Network& network) {
        for (auto& parameter : network.parameters()) {
            if (parameter.requires_grad()) m_changed.push_back(parameter.requires_grad_(false));
        }
    }
    ~WithoutGradients() {
        for (auto& parameter : m_changed) parameter.requires_grad_(true);
    }
    WithoutGradients(const WithoutGradients&) = delete;
    WithoutGradients& operator=(const WithoutGradients&) = delete;

  private:
    std::vector<torch::Tensor> m_changed;
};

}  // namespace

TracedNetwork traceNetwork(Network& network, const torch::Tensor& example, const StopCheck& stop) {
    const torch::NoGradGuard noGrad;
    const WithoutGradients frozen(network);
    TracedNetwork traced;
    const auto forward = [&](jit::Stack inputs) {
        const NetworkOutput output = network.forward(inputs.at(0).toTensor(), stop);
        jit::Stack found;
        for (const OutputMember member : kPredicted) {
            if (!(output.*member).defined()) continue;
            traced.members.push_back(member);
            found.emplace_back(output.*member);
        }
        return found;
    };
    // It warns of what a graph could get wrong; a plan's answers are compared with the network's before it is used.
    jit::tracer::setWarn([](const std::string&) {});
    const auto noName = [](const torch::autograd::Variable&) { return std::string(); };
    const auto [state, outputs] = jit::tracer::trace({example}, forward, noName, /*strict=*/true, /*force_outplace=*/true);
    for (const auto& output : outputs) traced.outputs.push_back(output.toTensor());
    traced.graph = state->graph;
    jit::ConstantPropagation(traced.graph);
    jit::EliminateDeadCode(traced.graph);
    return traced;
}

}  // namespace cxr::nn
