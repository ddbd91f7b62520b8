// The loop over points.
#include "core/explain/explain_output.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "core/engine/explain_methods.h"
#include "core/explain/methods.h"
#include "core/explain/smooth_grad.h"

namespace cxr::explain {
namespace {

using Clock = std::chrono::steady_clock;
using torch::Tensor;

constexpr double kChunkSeconds = 0.15;
constexpr double kFirstPartialSeconds = 0.04;  // since the question; a busy machine takes seconds for the next chunk
constexpr double kPartialSeconds = 0.12;
constexpr std::int64_t kMostCells = 1 << 19;  // of a chunk's films
constexpr int kMostPoints = 32;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What a call would take on a machine with nothing else to do: chunks of one point, which a busy machine would ask for by
// the clock on the wall, cost three times as much.
class Effort {
  public:
    explicit Effort(bool isCuda) : m_isCuda(isCuda) {}
    [[nodiscard]] double seconds() const {
        if (m_isCuda) return secondsSince(m_start);
        const double processor = static_cast<double>(std::clock() - m_startProcessor) / CLOCKS_PER_SEC;  // of all threads
        return std::min(secondsSince(m_start), processor / std::max(1, at::get_num_threads()));
    }

  private:
    bool m_isCuda;
    Clock::time_point m_start = Clock::now();
    std::clock_t m_startProcessor = std::clock();
};

class ChunkSize {
  public:
    explicit ChunkSize(const Tensor& film)
        : m_most(static_cast<int>(std::clamp<std::int64_t>(kMostCells / std::max<std::int64_t>(1, film.size(2) * film.size(3)), 1, kMostPoints))) {}
    [[nodiscard]] int points() const { return m_points; }
    void measured(int points, double seconds) {
        const double fitting = kChunkSeconds * points / std::max(seconds, 1e-6);
        m_points = std::clamp(static_cast<int>(std::min(fitting, 1e6)), 1, std::min(m_most, 4 * points));
    }

  private:
    int m_most;
    int m_points = 1;
};

// One film after the other, each with all parts.
class Points {
  public:
    Points(const Question& question, int parts) : m_question(question), m_parts(parts) {}
    [[nodiscard]] int all() const { return m_parts * std::max(1, m_question.options.smoothSamples); }
    Batch next(int from, int count) {
        std::vector<Point> points;
        std::vector<Tensor> films;
        for (int i = from; i < from + count; ++i) {
            const int sample = i / m_parts;
            if (sample != m_sample) m_film = noisyFilm(m_question, sample);
            m_sample = sample;
            points.push_back({sample, i % m_parts});
            films.push_back(m_film);
        }
        return {m_question, torch::cat(films), points};
    }

  private:
    const Question& m_question;
    int m_parts;
    int m_sample = -1;
    Tensor m_film;
};

double logitOf(const Question& question, const Tensor& film) {
    const torch::NoGradGuard noGrad;
    nn::LayerMode mode;
    const nn::LayerScope scope(mode);
    const auto output = question.network.forward(film.contiguous(at::MemoryFormat::ChannelsLast), question.stop);
    return output.logits[0][question.index].item<double>();
}

Tensor onProcessor(const Tensor& cells) { return cells.detach().to(torch::kFloat).cpu().contiguous(); }

// The method is full when this ends well. `partial(doneShare)` is asked for often.
Result<Done> addAll(const Question& question, Method& method, Clock::time_point asked, const std::function<void(double)>& partial) {
    Points points(question, method.parts());
    ChunkSize chunk(question.film);
    auto told = asked;
    double wait = kFirstPartialSeconds;
    for (int done = 0; done < points.all();) {
        nn::throwIfStopped(question.stop);
        const Effort effort(question.film.is_cuda());
        const int count = std::min(chunk.points(), points.all() - done);
        if (auto added = method.add(points.next(done, count)); !added.isOk()) return added;
        if (question.film.is_cuda()) torch::cuda::synchronize();
        chunk.measured(count, effort.seconds());
        done += count;
        const double share = static_cast<double>(done) / points.all();
        if (question.progress) question.progress(share);
        if (done == points.all() || !question.partial || secondsSince(told) < wait) continue;
        partial(share);
        told = Clock::now();
        wait = kPartialSeconds;
    }
    return Done{};
}

bool isInside(double value, double low, double high) { return value >= low && value <= high; }

}  // namespace

Result<Done> checkOptions(const ExplainOptions& options) {
    const auto wrong = [](const char* sentence) { return Error{ErrorCode::InvalidArgument, sentence}; };
    const int leastSteps = options.rule == IntegralRule::Trapezoid ? 2 : 1;
    if (options.steps < leastSteps || options.steps > 512) return wrong("the integral has 1 to 512 steps, by the trapezoid rule at least 2");
    if (options.smoothSamples < 0 || options.smoothSamples > 512) return wrong("SmoothGrad takes 0 to 512 noisy films");
    if (!isInside(options.smoothNoise, 0, 10)) return wrong("SmoothGrad's noise is 0 to 10 times the film's range");
    if (!isInside(options.epsilon, 1e-30, 1e6)) return wrong("the epsilon of relevance is above 0");
    if (!isInside(options.gamma, 0, 1e6)) return wrong("the gamma of relevance is not negative");
    if (options.patch < 1 || options.stride < 1) return wrong("an occluding patch and its stride have at least one cell");
    if (options.stride > options.patch) return wrong("the stride of occluding patches is not larger than they are");
    const auto& given = options.baselinePlanes;
    if (!std::all_of(given.begin(), given.end(), [](float v) { return std::isfinite(v); })) return wrong("the baseline has values that are no numbers");
    return Done{};
}

Result<Answer> explained(const Question& question) {
    const auto asked = Clock::now();
    const ExplainOptions& options = question.options;
    const auto method = makeMethod(question);
    const bool addsUp = options.smoothSamples == 0 &&
                        (options.method == ExplainMethod::IntegratedGradients || options.method == ExplainMethod::DeepLift);
    Answer answer;
    if (explainMethodInfo(options.method).hasBaseline) answer.baselineLogit = logitOf(question, question.baseline);
    const bool isToldLogit = options.smoothSamples == 0 && method->tellsLogit();
    if (!isToldLogit) answer.logit = logitOf(question, question.film);
    const auto tell = [&](double share) {
        Answer soFar = answer;
        soFar.cells = onProcessor(method->picture());
        if (isToldLogit) soFar.logit = method->logit();
        soFar.doneShare = share;
        question.partial(soFar);
    };
    if (auto added = addAll(question, *method, asked, tell); !added.isOk()) return std::move(added).error();
    answer.cells = onProcessor(method->picture());
    if (isToldLogit) answer.logit = method->logit();
    if (addsUp) answer.convergenceDelta = answer.cells.to(torch::kDouble).sum().item<double>() - (answer.logit - answer.baselineLogit);
    return answer;
}

}  // namespace cxr::explain
