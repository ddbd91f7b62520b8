// A network's forward pass as a graph of torch's operations, for one input shape.
//   Parameters and everything that follows from them alone are constants of the graph; no operation of it writes into its
//   inputs. What the code of a network decides by looking at numbers of the film would be frozen as it was for the example;
//   no network of core/nn does (tst_forward_plan traces all of them). Sizes are frozen: the graph is for the example's shape.
//   thread rule  as Network; while it traces, the network's parameters do not ask for gradients
//   cancel       as Network::forward
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/nn/network.h"

namespace torch::jit {
struct Graph;
}

namespace cxr::nn {

// The tensors of a NetworkOutput that a prediction needs; features stay inside.
using OutputMember = torch::Tensor NetworkOutput::*;
inline constexpr OutputMember kPredicted[] = {&NetworkOutput::logits, &NetworkOutput::cams, &NetworkOutput::refinedCams,
                                              &NetworkOutput::glimpses};

struct TracedNetwork {
    std::shared_ptr<torch::jit::Graph> graph;  // one input, the film [1, C, H, W]
    std::vector<OutputMember> members;         // what each output of the graph is; those that the network gives
    std::vector<torch::Tensor> outputs;        // their values for the example
};

// REQUIRES: eval mode. Throws c10::Error for what torch cannot trace, NetworkCancelled.
TracedNetwork traceNetwork(Network& network, const torch::Tensor& example, const StopCheck& stop = {});

}  // namespace cxr::nn
