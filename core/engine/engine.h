// What the networks can do, in plain structs: the only door between torch and the rest of the program.
//
// The engine is a loadable module (libcxr_engine.so beside the programs or in ../lib/precordia). loadEngine() opens it at
// first use, in the worker thread: a program that links torch directly spends 0.4 s and 163 MB before main().
//   thread rule   one compute call at a time per engine (calls are serialised inside); any thread may call
//   cancel        every call with a RunContext answers within 100 ms of the next layer, sample or batch
//   fails         NotFound (module or pack absent), Corrupt (pack), Unsupported, OutOfMemory, Cancelled
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/geometry.h"
#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr {

enum class DeviceChoice { Auto, Cpu, Cuda };

// The order of the heart-lungs network's outputs. Left and right are the patient's.
enum class Organ { Heart = 0, LeftLung = 1, RightLung = 2 };
inline constexpr int kOrganCount = 3;

// One film as the engine wants it: displayed gray through the default pixel chain, bone bright.
struct GrayFilm {
    int width = 0;
    int height = 0;
    std::vector<float> values;  // [H, W] row-major in [0, 1]
};

// Float plane [H, W] row-major.
struct Plane {
    int width = 0;
    int height = 0;
    std::vector<float> values;
};

struct ModelStamp {
    std::string id;       // pack folder name
    std::string name;     // for people
    std::string version;
    std::string weightsSha256;
    std::string device;   // "CPU, 2 threads", "CUDA: <name>"
};

struct SegmentOptions {
    bool testTimeFlip = true;  // also runs the mirrored film and averages; gives `agreement`
};

// Organ probabilities on the network's grid. A cell (i, j) covers the film square
// [origin.x + j*cellPx, origin.x + (j+1)*cellPx) x [origin.y + i*cellPx, ...): the film letterboxed to a square.
struct Segmentation {
    std::array<Plane, kOrganCount> probability;  // in [0, 1]
    PointPx originPx;      // may be negative: letterbox margin
    double cellPx = 1;     // film pixels per cell
    std::array<double, kOrganCount> agreement{1, 1, 1};  // Dice between the film's and the mirrored film's masks; 1 without flip
    ModelStamp model;
    double seconds = 0;
};

// One film with masks for training and evaluation; empty mask = organ not labelled.
struct LabelledFilm {
    std::string name;     // file stem
    std::string group;    // patient; films of one group stay in one fold
    std::string site;     // folder name, for example "jsrt"
    GrayFilm film;
    std::array<std::vector<std::uint8_t>, kOrganCount> masks;  // [H, W] 0 or 1
};

struct TrainRequest {
    std::string recipeJson;                 // models/recipes/*.json, whole text
    std::vector<LabelledFilm> films;
    std::filesystem::path outFolder;        // checkpoints, log.csv, then the finished pack
    bool resume = false;
    int fold = -1;                          // -1: train on all (a small validation part is still held out for early stopping)
    DeviceChoice device = DeviceChoice::Auto;
    std::function<void(const std::string&)> log;  // one line per epoch; may be empty
};

// What a network that judges a film reads: planes on its own grid, made outside of torch by
// core/pipeline/network_input.h, the same in training and in use. Plane 0 is the film; masks may follow.
struct NetworkPlanes {
    int channels = 1;
    int height = 0;
    int width = 0;
    std::vector<float> values;  // [C, H, W] in [0, 1]; a HeartSpot vector of n numbers is [1, 1, n]
};

// A rectangle that a network looked at, as shares of its grid, in the order of looking.
struct Glimpse {
    double left = 0, top = 0, width = 1, height = 1;  // in [0, 1]
    double weight = 0;                                // of this step in the decision; they sum to 1
};

struct Prediction {
    std::vector<double> logits;   // one a manifest output, in its order; not calibrated
    std::vector<Plane> cams;      // one a manifest output, the network's own resolution; empty if the network makes none
    std::vector<Glimpse> glimpses;  // empty if the network does not choose regions
    ModelStamp model;
    double seconds = 0;
};

// The methods of core/explain (equations and sources there); names, ids and what each needs: core/engine/explain_methods.h.
enum class ExplainMethod {
    Cam, RefinedCam, GradCam, Sensitivity, InputXGradient, IntegratedGradients, DeepLift, LrpEpsilon, LrpAlpha1Beta0, LrpGamma,
    GuidedBackpropagation, Occlusion
};
// What a film is compared with: its darkest gray everywhere, or 0 in what the network reads (with "film-z-score" the film's
// mean gray everywhere).
enum class ExplainBaseline { Black, Zero };
enum class IntegralRule { GaussLegendre, Trapezoid };

struct Explanation;

struct ExplainOptions {
    ExplainMethod method = ExplainMethod::Cam;
    ExplainBaseline baseline = ExplainBaseline::Black;  // of methods that compare
    std::vector<float> baselinePlanes = {};  // another baseline, like the planes that are explained; empty: `baseline`
    int steps = 50;                          // points of IntegratedGradients' integral, 1..512
    IntegralRule rule = IntegralRule::GaussLegendre;
    int smoothSamples = 0;       // SmoothGrad: mean over that many noisy films, 0..512; 0: the film itself, without noise
    double smoothNoise = 0.1;    // its standard deviation, share of the range of what the network reads
    std::uint32_t seed = 1;      // of that noise and of random weights
    double epsilon = 1e-9;       // LrpEpsilon
    double gamma = 0.25;         // LrpGamma
    bool isBoxFirst = false;     // LRP: the first layer by the z-box rule
    int patch = 8, stride = 4;   // Occlusion, cells
    bool hasRandomWeights = false;  // sanity check: the same network with drawn weights (Adebayo et al., NeurIPS 2018)
    // SmoothGrad, IntegratedGradients and Occlusion tell what they have so far, in the calling thread; may be empty.
    std::function<void(const Explanation&)> partial = {};
};

// What spoke for one output of one film, by cells of what the network read.
struct Explanation {
    Plane plane;               // over the network's whole grid, at its own resolution; a HeartSpot vector gives one row
    bool isSigned = false;     // negative values speak against the output
    double logit = 0;          // of the film
    double baselineLogit = 0;  // of the baseline, where the method compares; IntegratedGradients, DeepLift: sum = logit - baselineLogit
    double convergenceDelta = 0;  // sum of the plane - (logit - baselineLogit), where that should be 0; else 0
    double doneShare = 1;      // below 1 in partial answers
    ModelStamp model;
    double seconds = 0;
};

// One film ready for a classifier's training: bytes, so that thousands fit into memory.
struct LabelledInput {
    std::string name;    // file stem
    std::string group;   // patient; films of one group stay in one fold
    std::string site;    // data set
    int fold = -1;       // given by the data set; -1: the recipe's seed decides
    std::vector<std::uint8_t> planes;  // [C, H, W], 255 = 1.0; the same shape in all films of a run
    std::vector<float> labels;         // one a recipe class: 0, 1, a probability between (soft label), NaN = unknown
};

struct ClassifierTrainRequest {
    std::string recipeJson;               // models/recipes/*.json with "task": "classification", whole text
    std::vector<LabelledInput> films;
    int channels = 1, height = 0, width = 0;  // of every film's planes
    std::filesystem::path outFolder;      // checkpoint.pt, log.csv, predictions.csv of the held-out films, then the pack
    std::filesystem::path initialPack;    // a pack whose weights of equal name and shape are taken over; empty: none
    bool resume = false;
    int fold = -1;                        // -1: trains on all
    DeviceChoice device = DeviceChoice::Auto;
    std::function<void(const std::string&)> log;  // one line per epoch; may be empty
};

struct ClassifierTrainSummary {
    std::filesystem::path packFolder;
    int epochs = 0;
    double bestMonitorAuc = 0;                // mean over the classes that have both labels
    std::vector<std::string> heldOutNames;    // films that the weights never saw
    std::vector<std::vector<double>> heldOutLogits;  // [film][class], averaged weights
    double secondsPer1000Films = 0;           // of training, mean over the epochs
};

// A parameter or buffer of an architecture, as a state_dict names it.
struct TensorShape {
    std::string name;
    std::vector<std::int64_t> shape;
};

struct TrainSummary {
    std::filesystem::path packFolder;
    int epochs = 0;
    double bestValidationDice = 0;
    std::vector<std::string> validationNames;  // films that the weights never saw
};

struct EngineInfo {
    std::string torchVersion;
    std::vector<std::string> devices;  // "CPU, 2 threads", "CUDA:0 <name>"
};

class Engine {
  public:
    virtual ~Engine() = default;
    virtual EngineInfo info() const = 0;
    // Loads and warms up once; later calls with the same folder are free.
    virtual Result<ModelStamp> loadPack(const std::filesystem::path& packFolder, DeviceChoice device, int threads) = 0;
    virtual Result<Segmentation> segment(const std::filesystem::path& packFolder, const GrayFilm& film,
                                         const SegmentOptions& options, const RunContext& context) = 0;
    // `planes` as the pack's manifest asks for them. fails InvalidArgument (another shape), and as segment does.
    virtual Result<Prediction> predict(const std::filesystem::path& packFolder, const NetworkPlanes& planes,
                                       const RunContext& context) = 0;
    virtual Result<TrainSummary> train(const TrainRequest& request, const RunContext& context) = 0;
    virtual Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest& request,
                                                           const RunContext& context) = 0;
    // What weights an architecture needs: names and shapes of its parameters and buffers, without
    // num_batches_tracked. fails Unsupported, InvalidArgument, Corrupt as makeNetwork does.
    virtual Result<std::vector<TensorShape>> describe(const std::string& architectureJson) = 0;
    // Device and threads for later calls; threads 0 = all cores.
    virtual void configure(DeviceChoice device, int threads) = 0;
    // Why the film got this output; planes after the first (masks) stay as they are.
    // fails InvalidArgument (another shape, no such output, options out of range), Unsupported (the network does not allow
    //       the method), and as segment does.
    virtual Result<Explanation> explain(const std::filesystem::path& packFolder, const NetworkPlanes& planes, const std::string& output,
                                        const ExplainOptions& options, const RunContext& context) = 0;
    // What the pack's network allows, in the order of the enum. fails as loadPack does.
    virtual Result<std::vector<ExplainMethod>> explanations(const std::filesystem::path& packFolder) = 0;
};

// The process-wide engine, loaded at the first call. Thread-safe. fails NotFound when the module cannot be opened.
Result<std::shared_ptr<Engine>> loadEngine();
// Folder searched first for the module; call before the first loadEngine(). Default: beside the running program.
void setEngineFolder(const std::filesystem::path& folder);

}  // namespace cxr
