// All films of a classifier's training in memory, one byte per value.
//   planes [N, P, H, W] uint8 (255 = 1.0), labels float [N, K], NaN = unknown
//   thread rule  immutable after it is made
#pragma once

#include <torch/torch.h>

#include <vector>

#include "core/base/result.h"
#include "core/engine/engine.h"

namespace cxr::train {

class ClassifierDataset {
  public:
    // fails InvalidArgument (planes or labels of a film have another size)
    static Result<ClassifierDataset> fromRequest(const ClassifierTrainRequest& request, std::size_t classes);
    [[nodiscard]] ClassifierDataset resized(int size) const;  // antialiased; for an earlier stage on a coarser grid

    // float [n, P, H, W] in [0, 1] on the device; only bytes travel there
    [[nodiscard]] torch::Tensor planes(const std::vector<std::int64_t>& films, const torch::Device& device) const;
    [[nodiscard]] torch::Tensor labels(const std::vector<std::int64_t>& films) const;  // float [n, K]
    [[nodiscard]] bool hasSide(int size) const { return m_planes.size(2) == size && m_planes.size(3) == size; }
    [[nodiscard]] std::int64_t classes() const { return m_labels.size(1); }

  private:
    torch::Tensor m_planes, m_labels;
};

// Weight of each film for balanced sampling: sum over its classes of y_c / P_c, and 1 / (films without any finding) for
// those, so that every class, and "none", is drawn equally often. labels [N, K]; double, one per film of `films`.
std::vector<double> rareClassWeights(const ClassifierDataset& data, const std::vector<std::int64_t>& films);

// The films of an epoch in a seeded order: `share` of their number drawn with replacement by weight, the rest of the
// places filled by a part of the shuffled films, each at most once. The same on every platform.
std::vector<std::int64_t> balancedOrder(const std::vector<std::int64_t>& films, const std::vector<double>& weights,
                                        double share, std::uint64_t seed);

}  // namespace cxr::train
