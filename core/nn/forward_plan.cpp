// Trace, build, and compare with the network before it is used.
#include "core/nn/forward_plan.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <omp.h>

#include "core/nn/plan_builder.h"
#include "core/nn/plan_values.h"
#include "core/nn/traced_network.h"

namespace cxr::nn {
namespace {

constexpr double kFewMultiplications = 0.5e9;
constexpr double kFloatTolerance = 1e-4;    // of answers, as a share of the largest
constexpr double kBfloatTolerance = 0.2;    // noise is read worse than a film; the pack's author measured films

// OpenMP's own call: torch's ends and starts its other pool of threads, which takes longer than a small network.
class ThreadScope {
  public:
    explicit ThreadScope(int threads) : m_before(omp_get_max_threads()) { omp_set_num_threads(threads); }
    ~ThreadScope() { omp_set_num_threads(m_before); }
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;

  private:
    int m_before;
};

double multiplications(const torch::jit::Graph& graph) {
    double count = 0;
    for (const auto* node : graph.nodes()) {
        const std::string kind = kindOf(node);
        if (kind != "aten::_convolution" && kind != "aten::conv2d") continue;
        const auto weight = constantOf<torch::Tensor>(node->input(1));
        const auto sizes = sizesOf(node->output());
        if (weight && sizes.size() == 4) count += static_cast<double>(weight->numel()) * static_cast<double>(sizes[2] * sizes[3]);
    }
    return count;
}

class OneDnnPlan : public ForwardPlan {
  public:
    OneDnnPlan(TracedNetwork traced, Precision precision)
        : m_traced(std::move(traced)),
          m_threads(multiplications(*m_traced.graph) < kFewMultiplications ? 1 : at::get_num_threads()),
          m_precision(precision) {}

    bool build() {
        const ThreadScope threads(m_threads);
        const auto type = m_precision == Precision::Float32 ? dnnl::memory::data_type::f32 : dnnl::memory::data_type::bf16;
        PlanBuilder builder(*m_traced.graph, m_steps, m_state, type);
        if (!builder.build()) return false;
        m_input = builder.input();
        m_outputs = builder.outputs();
        return true;
    }

    NetworkOutput run(const torch::Tensor& input, const StopCheck& stop) override {
        const torch::NoGradGuard noGrad;
        const ThreadScope threads(m_threads);
        m_state.arrays.at(m_input).copy_(input);
        if (!m_steps.run(stop)) throw NetworkCancelled();
        NetworkOutput output;
        for (std::size_t i = 0; i < m_outputs.size(); ++i) {
            const torch::Tensor found = m_outputs[i].value(m_state).toTensor();
            output.*m_traced.members[i] = m_outputs[i].reg >= 0 ? found : found.clone();
        }
        return output;
    }

    int threads() const override { return m_threads; }

    bool agrees(const torch::Tensor& example, const StopCheck& stop) {
        const NetworkOutput answer = run(example, stop);
        for (std::size_t i = 0; i < m_traced.members.size(); ++i) {
            const torch::Tensor &found = answer.*m_traced.members[i], &wanted = m_traced.outputs[i];
            if (found.sizes() != wanted.sizes()) return false;
            const double difference = (found - wanted).abs().max().item<double>(), largest = wanted.abs().max().item<double>();
            const double tolerance = m_precision == Precision::Float32 ? kFloatTolerance : kBfloatTolerance;
            if (!(difference <= tolerance * std::max(largest, 1e-6))) return false;
        }
        m_traced.outputs.clear();
        return true;
    }

  private:
    TracedNetwork m_traced;  // torch's operations may need their nodes
    int m_threads;
    Precision m_precision;
    PlanState m_state;
    PlanSteps m_steps;
    MemoryId m_input = -1;
    std::vector<Operand> m_outputs;
};

}  // namespace

bool hasFastBfloat16() {
    const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_amx);
    return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) == wanted;
}

std::unique_ptr<ForwardPlan> ForwardPlan::make(Network& network, const std::vector<std::int64_t>& sizes, Precision precision,
                                               const StopCheck& stop) {
    try {
        const auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1});
        const auto example = torch::randn(sizes, generator, torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
        auto plan = std::make_unique<OneDnnPlan>(traceNetwork(network, example, stop), precision);
        if (plan->build() && plan->agrees(example, stop)) return plan;
    } catch (const NetworkCancelled&) {
        throw;
    } catch (const std::exception&) {  // torch cannot trace it, oneDNN cannot build it: the network itself still answers
    }
    return nullptr;
}

}  // namespace cxr::nn
