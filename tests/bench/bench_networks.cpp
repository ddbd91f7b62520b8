// One side of networks_peers.py: our engine, as the program calls it, and OpenCV's DNN module. Answers one line on
// standard output to each line on standard input, until that ends:
//   engine FOLDER              where libcxr_engine.so is, if not beside the programs; before everything else
//   threads N                  for both
//   load ours PACK | load opencv FILE.onnx
//   input FILE SIDE | tensor FILE CHANNELS SIDE
//                              raw little-endian floats: the film in [0, 1] that ours normalises; what OpenCV reads
//   run ours | run opencv      one forward pass
//   answer ours|opencv FILE    writes the last outputs, raw floats
// Answers: "ok", after load and run also wall and processor milliseconds; "error <sentence>".
#include <sstream>
#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

#include "app/reexec.h"
#include "core/engine/engine.h"
#include "core/model/pack.h"
#include "tests/bench/line_session.h"

namespace {

using namespace cxr;
using namespace cxr::bench;
using Floats = std::vector<float>;

class Ours {
  public:
    void setThreads(int threads) { engine().configure(DeviceChoice::Cpu, m_threads = threads); }
    void load(const std::string& folder) {
        m_pack = valueOf(readPack(folder));
        valueOf(engine().loadPack(folder, DeviceChoice::Cpu, m_threads));
    }
    void setFilm(Floats film, int side) {
        m_planes = {1, side, side, film};
        m_film = {side, side, std::move(film)};
    }
    void run() {
        if (m_pack.manifest.task == "segmentation") {
            m_organs = valueOf(engine().segment(m_pack.folder, m_film, SegmentOptions{false}, {}));
        } else {
            m_prediction = valueOf(engine().predict(m_pack.folder, m_planes, {}));
        }
    }
    // Logits of a classification, probabilities of a segmentation.
    Floats answer() const {
        if (m_pack.manifest.task != "segmentation") return {m_prediction.logits.begin(), m_prediction.logits.end()};
        Floats all;
        for (const Plane& plane : m_organs.probability) all.insert(all.end(), plane.values.begin(), plane.values.end());
        return all;
    }
    Engine& engine() {
        if (!m_engine) m_engine = valueOf(loadEngine());
        return *m_engine;
    }

  private:
    std::shared_ptr<Engine> m_engine;
    int m_threads = 1;
    Pack m_pack;
    GrayFilm m_film;
    NetworkPlanes m_planes;
    Prediction m_prediction;
    Segmentation m_organs;
};

class OpenCvDnn {
  public:
    void load(const std::string& file) { m_net = cv::dnn::readNetFromONNX(file); }
    void setTensor(Floats values, int channels, int side) {
        m_values = std::move(values);
        const std::vector<int> shape{1, channels, side, side};
        m_input = cv::Mat(shape, CV_32F, m_values.data());
    }
    void run() {
        m_net.setInput(m_input);
        m_output = m_net.forward().clone();
    }
    Floats answer() const { return {m_output.ptr<float>(), m_output.ptr<float>() + m_output.total()}; }

  private:
    cv::dnn::Net m_net;
    Floats m_values;
    cv::Mat m_input, m_output;
};

class Session {
  public:
    std::string answer(const std::string& line) {
        std::istringstream words(line);
        std::string verb, first;
        words >> verb >> first;
        if (verb == "engine") setEngineFolder(first);
        else if (verb == "threads") setThreads(std::stoi(first));
        else if (verb == "load") return load(first, next(words));
        else if (verb == "input") setFilm(first, std::stoi(next(words)));
        else if (verb == "tensor") setTensor(first, words);
        else if (verb == "run") return first == "ours" ? timed([&] { m_ours.run(); }) : timed([&] { m_openCv.run(); });
        else if (verb == "answer") write(first == "ours" ? m_ours.answer() : m_openCv.answer(), next(words));
        else throw Failure("unknown word " + verb);
        return {};
    }

  private:
    static std::string next(std::istringstream& words) {
        std::string word;
        words >> word;
        return word;
    }
    void setThreads(int threads) {
        m_ours.setThreads(threads);
        cv::setNumThreads(threads);
    }
    std::string load(const std::string& side, const std::string& path) {
        if (side != "ours") return timed([&] { m_openCv.load(path); });
        m_ours.engine();  // opening the module is not part of a pack's time
        return timed([&] { m_ours.load(path); });
    }
    void setFilm(const std::string& path, int side) {
        m_ours.setFilm(readFloats(path, static_cast<std::size_t>(side) * static_cast<std::size_t>(side)), side);
    }
    void setTensor(const std::string& path, std::istringstream& words) {
        const int channels = std::stoi(next(words)), side = std::stoi(next(words));
        const auto plane = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
        m_openCv.setTensor(readFloats(path, static_cast<std::size_t>(channels) * plane), channels, side);
    }
    static void write(const Floats& values, const std::string& path) { writeFloats(values.data(), values.size(), path); }

    Ours m_ours;
    OpenCvDnn m_openCv;
};

}  // namespace

int main(int, char** argv) {
    reexecuteWithWaitPolicy(argv);
    Session session;
    return answerLines(session);
}
