// Our side of explain_peers.py: explanations as the engine computes them, many points at once, and beside them the plain
// loop that asks one point after the other through the same network. Answers one line on standard output to each line on
// standard input, until that ends:
//   threads N
//   load PACK
//   input FILE SIDE            raw little-endian floats, the film in [0, 1] (one plane)
//   run WHAT | loop WHAT       WHAT: ig (50 Gauss-Legendre steps from 0) or smooth (sensitivity, 20 noisy films)
//   answer FILE                writes the last picture, raw floats
//   maps K CLASSES CELLS       CAM and PCM of random features [1, K, CELLS, CELLS], what comes after a forward pass
// Answers: "ok", after run, loop and maps also wall and processor milliseconds; "error <sentence>".
#include <sstream>
#include <string>

#include "app/reexec.h"
#include "core/explain/baseline.h"
#include "core/explain/explain_output.h"
#include "core/explain/integrated_gradients.h"
#include "core/explain/smooth_grad.h"
#include "core/nn/classifier_runner.h"
#include "core/nn/pixel_correlation.h"
#include "tests/bench/line_session.h"

namespace {

using namespace cxr;
using namespace cxr::bench;
using torch::Tensor;

ExplainOptions optionsOf(const std::string& what) {
    if (what == "ig") return {.method = ExplainMethod::IntegratedGradients, .baseline = ExplainBaseline::Zero, .steps = 50};
    if (what == "smooth") return {.method = ExplainMethod::Sensitivity, .smoothSamples = 20};
    throw Failure("unknown explanation " + what);
}

class Session {
  public:
    std::string answer(const std::string& line) {
        std::istringstream words(line);
        std::string verb, first;
        words >> verb >> first;
        if (verb == "threads") at::set_num_threads(std::stoi(first));
        else if (verb == "load") m_runner = valueOf(nn::ClassifierRunner::load(first, torch::kCPU, nn::Purpose::Explain));
        else if (verb == "input") setFilm(first, words);
        else if (verb == "run") return timed([&] { m_picture = valueOf(explain::explained(question(first))).cells; });
        else if (verb == "loop") return timed([&] { m_picture = looped(question(first)); });
        else if (verb == "answer") write(first);
        else if (verb == "maps") return maps(std::stoll(first), words);
        else throw Failure("unknown word " + verb);
        return {};
    }

  private:
    explain::Question question(const std::string& what) {
        explain::Question question{m_runner->network(), m_film, torch::zeros_like(m_film)};
        question.filmChannels = explain::filmChannelsOf(m_runner->manifest().input);
        question.options = optionsOf(what);
        return question;
    }

    Tensor slope(const Tensor& film) {
        const Tensor leaf = film.detach().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
        const Tensor logit = m_runner->network().forward(leaf).logits.select(1, 0).sum();
        return torch::autograd::grad({logit}, {leaf}).at(0);
    }

    // What anybody would write first.
    Tensor looped(const explain::Question& question) {
        const torch::AutoGradMode withGradients(true);
        Tensor sum = torch::zeros_like(m_film);
        if (question.options.smoothSamples > 0) {
            for (int s = 0; s < question.options.smoothSamples; ++s) sum += slope(explain::noisyFilm(question, s)).abs();
            return sum.sum(1)[0] / question.options.smoothSamples;
        }
        const auto [nodes, weights] = explain::gaussLegendre(question.options.steps);
        for (std::size_t k = 0; k < nodes.size(); ++k) sum += weights[k] * slope(nodes[k] * m_film);
        return (sum * m_film).sum(1)[0];
    }

    void setFilm(const std::string& path, std::istringstream& words) {
        std::int64_t side = 0;
        words >> side;
        std::vector<float> film = readFloats(path, static_cast<std::size_t>(side * side));
        m_film = m_runner->normalised(torch::from_blob(film.data(), {1, side, side}, torch::kFloat));
    }

    void write(const std::string& path) const {
        const Tensor picture = m_picture.contiguous();
        writeFloats(picture.data_ptr<float>(), static_cast<std::size_t>(picture.numel()), path);
    }

    static std::string maps(std::int64_t channels, std::istringstream& words) {
        const torch::NoGradGuard noGrad;
        std::int64_t classes = 0, cells = 0;
        words >> classes >> cells;
        torch::manual_seed(1);
        const Tensor features = torch::relu(torch::randn({1, channels, cells, cells})).contiguous(at::MemoryFormat::ChannelsLast), weight = torch::randn({classes, channels, 1, 1});
        nn::PixelCorrelation pcm(channels, 64);
        return timed([&] { (void)pcm->forward(features, torch::conv2d(features, weight)); });
    }

    std::unique_ptr<nn::ClassifierRunner> m_runner;
    Tensor m_film, m_picture;
};

}  // namespace

int main(int, char** argv) {
    reexecuteWithWaitPolicy(argv);
    Session session;
    return answerLines(session);
}
