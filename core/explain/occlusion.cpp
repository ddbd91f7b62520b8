#include "core/explain/occlusion.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace cxr::explain {
namespace {

using torch::Tensor;

struct Patch {
    std::int64_t top, left, bottom, right;  // half open
};

// Starts of patches along a side, as Captum: the last one reaches the edge.
std::vector<std::int64_t> starts(std::int64_t side, std::int64_t patch, std::int64_t stride) {
    std::vector<std::int64_t> list{0};
    while (list.back() + patch < side) list.push_back(list.back() + stride);
    return list;
}

class Occlusion : public Method {
  public:
    explicit Occlusion(const Question& question) {
        const std::int64_t height = question.film.size(2), width = question.film.size(3);
        const std::int64_t tall = std::min<std::int64_t>(question.options.patch, height), wide = std::min<std::int64_t>(question.options.patch, width);
        for (const std::int64_t top : starts(height, tall, question.options.stride)) {
            for (const std::int64_t left : starts(width, wide, question.options.stride)) {
                m_patches.push_back({top, left, std::min(top + tall, height), std::min(left + wide, width)});
            }
        }
        spread();
        m_sum = torch::zeros({height, width}, torch::kDouble);
        m_count = torch::zeros({height, width}, torch::kDouble);
    }

    // Part 0 is the film itself.
    [[nodiscard]] int parts() const override { return 1 + static_cast<int>(m_patches.size()); }
    [[nodiscard]] bool tellsLogit() const override { return true; }
    [[nodiscard]] double logit() const override { return m_logit.value_or(0); }

    Result<Done> add(const Batch& batch) override {
        const torch::NoGradGuard noGrad;
        const Question& question = batch.question;
        Tensor films = batch.films.clone();
        for (std::size_t i = 0; i < batch.points.size(); ++i) cover(films[static_cast<std::int64_t>(i)], question, batch.points[i].part);
        nn::LayerMode mode;
        const nn::LayerScope scope(mode);
        const Tensor logits = question.network.forward(films.contiguous(at::MemoryFormat::ChannelsLast), question.stop)
                                  .logits.select(1, question.index).to(torch::kDouble).cpu().contiguous();
        for (std::size_t i = 0; i < batch.points.size(); ++i) count(batch.points[i].part, logits.data_ptr<double>()[i]);
        return Done{};
    }

    [[nodiscard]] Tensor picture() const override { return (m_sum / m_count.clamp_min(1)).to(torch::kFloat); }

  private:
    // Each run of patches goes over the whole film in steps of the largest prime that does not divide their number.
    void spread() {
        const std::size_t n = m_patches.size();
        std::size_t step = 1;
        for (const std::size_t prime : {7, 17, 37, 79, 163}) {
            if (prime < n && n % prime != 0) step = prime;
        }
        const std::vector<Patch> inRows = m_patches;
        for (std::size_t i = 0; i < n; ++i) m_patches[i] = inRows[i * step % n];
    }

    void cover(Tensor film, const Question& question, int part) const {
        if (part == 0) return;
        const Patch& p = m_patches[static_cast<std::size_t>(part) - 1];
        const auto cut = [&](const Tensor& planes) { return planes.slice(0, 0, question.filmChannels).slice(1, p.top, p.bottom).slice(2, p.left, p.right); };
        cut(film).copy_(cut(question.baseline[0]));
    }

    void count(int part, double logit) {
        if (part == 0) {
            m_ofSample = logit;
            if (!m_logit) m_logit = logit;
            return;
        }
        const Patch& p = m_patches[static_cast<std::size_t>(part) - 1];
        m_sum.slice(0, p.top, p.bottom).slice(1, p.left, p.right).add_(m_ofSample - logit);
        m_count.slice(0, p.top, p.bottom).slice(1, p.left, p.right).add_(1);
    }

    std::vector<Patch> m_patches;
    Tensor m_sum, m_count;
    double m_ofSample = 0;
    std::optional<double> m_logit;
};

}  // namespace

std::unique_ptr<Method> makeOcclusion(const Question& question) { return std::make_unique<Occlusion>(question); }

}  // namespace cxr::explain
