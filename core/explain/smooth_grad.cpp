#include "core/explain/smooth_grad.h"

#include <ATen/CPUGeneratorImpl.h>

namespace cxr::explain {

torch::Tensor noisyFilm(const Question& question, int sample) {
    if (question.options.smoothSamples == 0) return question.film;
    if (question.noise.defined()) return question.film + question.noise[sample].unsqueeze(0);
    const auto shown = question.film.slice(1, 0, question.filmChannels);
    const double range = (shown.max() - shown.min()).item<double>();
    // The generator reads 32 bits; Knuth's factor keeps the samples of neighbouring seeds apart.
    const std::uint32_t seed = question.options.seed * 2654435761U + static_cast<std::uint32_t>(sample);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{seed});
    const auto drawn = torch::randn({1, 1, question.film.size(2), question.film.size(3)}, generator, torch::kFloat);
    const auto noise = (drawn * (question.options.smoothNoise * range)).to(shown.device());
    const auto noisy = shown + noise;
    return question.filmChannels == question.film.size(1) ? noisy : torch::cat({noisy, question.film.slice(1, question.filmChannels)}, 1);
}

}  // namespace cxr::explain
