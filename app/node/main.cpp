// precordia-train: trains a classifier from a packed data set (precordia-cli dataset pack) on a machine that has
// LibTorch and nothing else of Precordia's libraries.
//   precordia-train RECIPE.json DATA.safetensors OUT [--fold N] [--initial PACK] [--resume] [--device auto|cpu|cuda]
//                   [--threads N]
// One line per epoch on stderr. Interrupt (Ctrl+C) stops after the step; --resume goes on.
// Exit codes as precordia-cli: 0 done, 1 failed, 2 wrong usage, 130 stopped.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/atomic_file.h"
#include "core/dataset/packed_dataset.h"
#include "core/engine/engine.h"

namespace {

using namespace cxr;
namespace fs = std::filesystem;

struct Options {
    fs::path recipe, data, out, initial;
    int fold = -1, threads = 0;
    bool resume = false;
    std::string device = "auto";
};

int fail(const Error& error) {
    std::fprintf(stderr, "precordia-train: %s\n", error.message.c_str());
    return error.code == ErrorCode::Cancelled ? 130 : 1;
}

Result<std::vector<std::string>> classesOf(const nlohmann::json& recipe) {
    std::vector<std::string> names;
    try {
        for (const auto& entry : recipe.at("classes")) names.push_back(entry.at("name").get<std::string>());
    } catch (const nlohmann::json::exception&) {
        return Error{ErrorCode::Corrupt, "the recipe has no list of named classes"};
    }
    return names;
}

// Labels in the recipe's order; a data set may know more classes than a recipe asks for.
Result<Done> selectClasses(PackedDataset& data, const std::vector<std::string>& wanted) {
    std::vector<std::size_t> columns;
    for (const std::string& name : wanted) {
        const auto found = std::find(data.classes.begin(), data.classes.end(), name);
        if (found == data.classes.end())
            return Error{ErrorCode::NotFound, "the data set has no class \"" + name + "\"; pack it again"};
        columns.push_back(static_cast<std::size_t>(found - data.classes.begin()));
    }
    for (LabelledInput& film : data.films) {
        std::vector<float> labels;
        for (const std::size_t column : columns) labels.push_back(film.labels[column]);
        film.labels = std::move(labels);
    }
    return Done{};
}

// The input that the planes were made for, with the recipe's words about what the network does with them. Planes made
// for another input would teach the network what it never sees in use.
Result<nlohmann::json> inputOf(const PackedDataset& data, const nlohmann::json& wanted) {
    nlohmann::json input = nlohmann::json::parse(data.inputJson, nullptr, false);
    bool isSame = input.is_object() && wanted.is_object();
    for (const char* key : {"framing", "size", "planes"}) {
        isSame = isSame && (!wanted.contains(key) || input.value(key, nlohmann::json()) == wanted[key]);
    }
    if (!isSame)
        return Error{ErrorCode::InvalidArgument,
                     "the data set was packed for another input than the recipe's; pack it again"};
    for (const char* key : {"normalisation", "channels"}) {
        if (wanted.contains(key)) input[key] = wanted[key];
    }
    return input;
}

Result<ClassifierTrainRequest> requestOf(const Options& options) {
    auto text = readWholeFile(options.recipe, 1 << 20);
    if (!text.isOk()) return std::move(text).error();
    auto recipe = nlohmann::json::parse(text.value(), nullptr, false);
    if (!recipe.is_object()) return Error{ErrorCode::Corrupt, "the recipe is not a JSON object"};
    const auto classes = classesOf(recipe);
    if (!classes.isOk()) return Error(classes.error());
    auto read = readPackedDataset(options.data);
    if (!read.isOk()) return std::move(read).error();
    PackedDataset data = std::move(read).value();
    auto input = inputOf(data, recipe.value("input", nlohmann::json::object()));
    if (!input.isOk()) return std::move(input).error();
    recipe["input"] = std::move(input).value();
    if (auto selected = selectClasses(data, classes.value()); !selected.isOk()) return std::move(selected).error();
    ClassifierTrainRequest request;
    request.recipeJson = recipe.dump();
    request.films = std::move(data.films);
    request.channels = data.channels;
    request.height = data.height;
    request.width = data.width;
    request.outFolder = options.out;
    request.initialPack = options.initial;
    request.resume = options.resume;
    request.fold = options.fold;
    request.device = options.device == "cpu"    ? DeviceChoice::Cpu
                     : options.device == "cuda" ? DeviceChoice::Cuda
                                                : DeviceChoice::Auto;
    request.log = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    return request;
}

// Waits for Ctrl+C in a thread of its own, because a signal handler may hardly do anything.
class Interrupt {
  public:
    Interrupt() {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        std::thread([this] {
            int signal = 0;
            sigwait(&m_signals, &signal);
            m_stop.request_stop();
        }).detach();
    }
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

  private:
    sigset_t m_signals{};
    std::stop_source m_stop;
};

int run(const Options& options) {
    static Interrupt interrupt;  // its thread outlives main's stack
    auto request = requestOf(options);
    if (!request.isOk()) return fail(request.error());
    auto engine = loadEngine();
    if (!engine.isOk()) return fail(engine.error());
    engine.value()->configure(request.value().device, options.threads);
    const auto summary = engine.value()->trainClassifier(request.value(), {interrupt.token(), {}});
    if (!summary.isOk()) return fail(summary.error());
    std::printf("%s: %d epochs, monitor AUC %.4f, %zu films held out, %.1f s per 1000 films\n",
                summary.value().packFolder.c_str(), summary.value().epochs, summary.value().bestMonitorAuc,
                summary.value().heldOutNames.size(), summary.value().secondsPer1000Films);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Trains a classifier from a packed data set.", "precordia-train");
    Options options;
    app.add_option("recipe", options.recipe, "Recipe, JSON with \"task\": \"classification\"")->required();
    app.add_option("data", options.data, "Packed data set, from precordia-cli dataset pack")->required();
    app.add_option("out", options.out, "Folder for checkpoint, log, predictions and pack")->required();
    app.add_option("--fold", options.fold, "Fold that is held out; -1: none")->capture_default_str();
    app.add_option("--initial", options.initial, "Pack whose fitting weights are taken over");
    app.add_option("--threads", options.threads, "Threads; 0: all cores")->capture_default_str();
    app.add_option("--device", options.device, "Where to compute")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
    app.add_flag("--resume", options.resume, "Go on from the folder's checkpoint");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    }
    return run(options);
}
