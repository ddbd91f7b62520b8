// Method: one way to explain, as a sum over points. A point is one pass through the network: a sample of the film
// (SmoothGrad: with its noise) and a part of the method (a step of an integral, a patch of an occlusion). The driver
// (explain_output.h) chooses how many points go through the network together.
//   thread rule  one object, one question, one thread; cancel: NetworkCancelled is thrown
#pragma once

#include <vector>

#include "core/explain/question.h"
#include "core/nn/layers.h"

namespace cxr::explain {

struct Point {
    int sample = 0;  // of SmoothGrad
    int part = 0;    // of the method, 0..parts() - 1
};

// Points that are asked together.
struct Batch {
    const Question& question;
    torch::Tensor films;  // [n, C, H, W], the film of each point
    std::vector<Point> points;
};

class Method {
  public:
    virtual ~Method() = default;
    [[nodiscard]] virtual int parts() const { return 1; }  // per film
    // Points come sample by sample, each with its parts from 0 upwards. fails Unsupported
    virtual Result<Done> add(const Batch& batch) = 0;
    // From what was added so far, [h, w]. REQUIRES: add() was called
    [[nodiscard]] virtual torch::Tensor picture() const = 0;
    // Whether logit() is that of the first point's film, so that nobody needs to ask the network again.
    [[nodiscard]] virtual bool tellsLogit() const { return false; }
    [[nodiscard]] virtual double logit() const { return 0; }
};

// A method whose picture is the weighted mean over its points' maps, times the sum of weights of all parts.
class SummedMethod : public Method {
  public:
    Result<Done> add(const Batch& batch) final;
    [[nodiscard]] torch::Tensor picture() const final;

  protected:
    virtual Result<torch::Tensor> mapsOf(const Batch& batch) = 0;  // [n, h, w]
    [[nodiscard]] virtual double weight(int /*part*/) const { return 1; }

  private:
    torch::Tensor m_sum;
    double m_weight = 0;
};

// What flows back to `inputs` [n, C, H, W] from the output asked for, under the mode's rule: from 1, from the logit itself
// for relevance, from 1 in the first half (the films) for DeepLift. fails Unsupported (no gradients)
Result<torch::Tensor> flowToInput(const Question& question, const torch::Tensor& inputs, nn::LayerMode mode);

// Sum over the channels that show film: [n, C, H, W] -> [n, H, W].
torch::Tensor overFilm(const Question& question, const torch::Tensor& values);

Error noGradients();

}  // namespace cxr::explain
