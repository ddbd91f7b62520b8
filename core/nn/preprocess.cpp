// Letterbox, antialiased resize and per-film normalisation in torch.
#include "core/nn/preprocess.h"

#include <algorithm>

namespace cxr::nn {

LetterboxFrame letterboxFrame(int width, int height, int size) {
    LetterboxFrame frame;
    frame.side = std::max(width, height);
    frame.left = (frame.side - width) / 2;
    frame.top = (frame.side - height) / 2;
    frame.originPx = {-static_cast<double>(frame.left), -static_cast<double>(frame.top)};
    frame.cellPx = static_cast<double>(frame.side) / size;
    return frame;
}

torch::Tensor letterbox(const torch::Tensor& plane, int size) {
    const int height = static_cast<int>(plane.size(0)), width = static_cast<int>(plane.size(1));
    const LetterboxFrame frame = letterboxFrame(width, height, size);
    auto square = torch::constant_pad_nd(plane.view({1, 1, height, width}),
                                         {frame.left, frame.side - width - frame.left, frame.top,
                                          frame.side - height - frame.top});
    if (frame.side == size) return square.view({size, size});
    const std::vector<std::int64_t> grid{size, size};
    return at::_upsample_bilinear2d_aa(square, grid, /*align_corners=*/false).view({size, size});
}

torch::Tensor letterboxValidity(int width, int height, int size) {
    return letterbox(torch::ones({height, width}), size);
}

torch::Tensor normaliseFilm(const torch::Tensor& image, const torch::Tensor& valid) {
    const std::vector<std::int64_t> plane{1, 2, 3};
    const auto inside = (valid > 0.5).to(image.scalar_type());
    const auto count = inside.sum(plane, true).clamp_min(1);
    const auto mean = (image * inside).sum(plane, true) / count;
    const auto centred = (image - mean) * inside;
    const auto deviation = torch::sqrt(centred.square().sum(plane, true) / count).clamp_min(1e-3);
    return centred / deviation;
}

torch::Tensor planeTensor(const float* values, int width, int height) {
    return torch::from_blob(const_cast<float*>(values), {height, width}, torch::kFloat);
}

}  // namespace cxr::nn
