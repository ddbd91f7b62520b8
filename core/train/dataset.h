// All films of a training run in memory, letterboxed to one grid, one byte per value.
//   image [N, 1, S, S], valid [N, 1, S, S], masks [N, 3, S, S] uint8 (255 = organ covers the cell), labelled [N, 3] float
//   thread rule  immutable after it is made
#pragma once

#include <torch/torch.h>

#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"

namespace cxr::train {

struct Batch {
    torch::Tensor image;     // float [N, 1, S, S] in [0, 1]
    torch::Tensor valid;     // float [N, 1, S, S] in [0, 1]
    torch::Tensor masks;     // float [N, 3, S, S] in [0, 1]
    torch::Tensor labelled;  // float [N, 3], 1 where the organ has a mask
};

class Dataset {
  public:
    // fails Cancelled, InvalidArgument (a mask that does not fit its film)
    static Result<Dataset> fromFilms(const std::vector<LabelledFilm>& films, int size, const RunContext& context);
    Dataset resized(int size) const;  // for an earlier stage on a coarser grid
    Batch batch(const std::vector<std::int64_t>& indices) const;
    int size() const { return static_cast<int>(m_image.size(2)); }

  private:
    torch::Tensor m_image, m_valid, m_masks, m_labelled;
};

}  // namespace cxr::train
