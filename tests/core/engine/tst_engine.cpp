// The engine as programs use it: opened by dlopen, a pack trained and loaded through engine.h, films segmented.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/atomic_file.h"
#include "core/engine/engine.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr int kSide = 48;
constexpr const char* kRecipe = R"({"id": "tiny", "seed": 5, "architecture": {"name": "unet", "channels": [8, 16, 32]},
  "stages": [{"size": 48, "epochs": 80, "batch": 4, "learning_rate": 0.01}], "monitor_fraction": 0.2, "bfloat16": false,
  "ema_decay": 0.8, "patience": 80,
  "augmentation": {"rotation_deg": 3, "log_scale": 0.05, "log_aspect": 0.05, "translation": 0.03, "mirror_probability": 0.3, "log_gamma": 0.1,
  "log_contrast": 0.1, "brightness": 0.05, "inversion_probability": 0, "noise": 0.02, "local_probability": 0}})";

// Between margins: right lung (dark, left on the film), heart (bright), left lung.
LabelledFilm film(int shift) {
    LabelledFilm labelled;
    labelled.name = labelled.group = "film" + std::to_string(shift);
    labelled.site = "a";
    labelled.film = {kSide, kSide, std::vector<float>(kSide * kSide, 0.5F)};
    for (auto& mask : labelled.masks) mask.assign(kSide * kSide, 0);
    for (int y = 8; y < 40; ++y) {
        for (int x = 6; x < 42; ++x) {
            const auto organ = static_cast<std::size_t>(x < 18 + shift ? 2 : x < 28 + shift ? 0 : 1);
            const auto at = static_cast<std::size_t>(y * kSide + x);
            labelled.film.values[at] = organ == 0 ? 0.9F : 0.1F;
            labelled.masks[organ][at] = 1;
        }
    }
    return labelled;
}

// Two classes and few epochs: what it answers does not matter here.
constexpr const char* kClassifier = R"({"task": "classification", "id": "judge", "seed": 3, "manifest": {"licence": "none"},
  "architecture": {"name": "resnet18", "in_channels": 1, "classes": 2, "width": 0.0625},
  "input": {"size": 32, "channels": 1, "framing": "centre-crop", "normalisation": "film-z-score"},
  "classes": [{"name": "Even"}, {"name": "Bright"}], "monitor_fraction": 0.25, "bfloat16": false,
  "stages": [{"size": 32, "epochs": 2, "batch": 8, "learning_rate": 0.01}]})";

ClassifierTrainRequest classifierRequest(const fs::path& out) {
    ClassifierTrainRequest request;
    request.recipeJson = kClassifier;
    request.channels = 1;
    request.height = request.width = 32;
    request.outFolder = out;
    request.device = DeviceChoice::Cpu;
    for (int i = 0; i < 24; ++i) {
        LabelledInput film;
        film.name = film.group = "f" + std::to_string(i);
        film.site = "a";
        for (int k = 0; k < 32 * 32; ++k) film.planes.push_back(static_cast<std::uint8_t>((k * (7 + i) + i * 31) % (i % 3 == 0 ? 251 : 120)));
        film.labels = {i % 2 == 0 ? 1.0F : 0.0F, i % 3 == 0 ? 1.0F : 0.0F};
        request.films.push_back(film);
    }
    return request;
}

GrayFilm mirrored(GrayFilm film) {
    for (int y = 0; y < film.height; ++y) std::reverse(film.values.begin() + y * film.width, film.values.begin() + (y + 1) * film.width);
    return film;
}

double diceOf(const Plane& probability, const std::vector<std::uint8_t>& mask) {
    double both = 0, sum = 0;
    for (std::size_t i = 0; i < mask.size(); ++i) {
        const double p = probability.values[i] > 0.5F ? 1 : 0;
        both += p * mask[i];
        sum += p + mask[i];
    }
    return 2 * both / sum;
}

double largestDifference(const Plane& a, const Plane& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) largest = std::max(largest, double(std::abs(a.values[i] - b.values[i])));
    return largest;
}

}  // namespace

class TestEngine : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const auto opened = loadEngine();
        QVERIFY2(opened.isOk(), opened.isOk() ? "" : opened.error().message.c_str());
        m_engine = opened.value();
        QVERIFY(loadEngine().value() == m_engine);
        TrainRequest request;
        request.recipeJson = kRecipe;
        for (int i = 0; i < 10; ++i) request.films.push_back(film(i % 6));
        for (std::size_t i = 0; i < request.films.size(); ++i) request.films[i].name = request.films[i].group = std::to_string(i);
        request.outFolder = m_folder.path().toStdString();
        m_engine->configure(DeviceChoice::Cpu, 1);
        const auto summary = m_engine->train(request, {});
        QVERIFY2(summary.isOk(), summary.isOk() ? "" : summary.error().message.c_str());
        m_pack = summary.value().packFolder;
    }

    void infoNamesTheProcessor() {
        const EngineInfo info = m_engine->info();
        QVERIFY(!info.torchVersion.empty());
        QCOMPARE(info.devices.at(0), std::string("CPU, 1 thread"));
    }

    void segmentsAFilm() {
        const LabelledFilm labelled = film(2);
        const auto found = m_engine->segment(m_pack, labelled.film, {}, {});
        QVERIFY2(found.isOk(), found.isOk() ? "" : found.error().message.c_str());
        const Segmentation& segmentation = found.value();
        QCOMPARE(segmentation.cellPx, 1.0);
        QCOMPARE(segmentation.originPx, (PointPx{0, 0}));
        QCOMPARE(segmentation.model.id, std::string("tiny"));
        QCOMPARE(segmentation.model.weightsSha256.size(), std::size_t(64));
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            QVERIFY2(diceOf(segmentation.probability[i], labelled.masks[i]) > 0.9, qPrintable(QString::number(i)));
        }
    }

    // With the flip averaged, the mirrored film gives the mirrored organs, left and right changed over.
    void mirroredFilmMirrorsTheResult() {
        const GrayFilm straight = film(1).film;
        const auto a = m_engine->segment(m_pack, straight, {}, {}), b = m_engine->segment(m_pack, mirrored(straight), {}, {});
        QVERIFY(a.isOk() && b.isOk());
        const std::array<std::size_t, kOrganCount> changed{0, 2, 1};
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            Plane back = b.value().probability[changed[i]];
            for (int y = 0; y < back.height; ++y) std::reverse(back.values.begin() + y * back.width, back.values.begin() + (y + 1) * back.width);
            QVERIFY(largestDifference(a.value().probability[i], back) < 1e-4);
            QVERIFY(std::abs(a.value().agreement[i] - b.value().agreement[changed[i]]) < 1e-6);
        }
    }

    void threadCountsAgree() {
        const GrayFilm straight = film(3).film;
        m_engine->configure(DeviceChoice::Cpu, 1);
        const auto one = m_engine->segment(m_pack, straight, {}, {});
        m_engine->configure(DeviceChoice::Cpu, 2);
        const auto two = m_engine->segment(m_pack, straight, {}, {});
        QCOMPARE(two.value().model.device, std::string("CPU, 2 threads"));
        QVERIFY(largestDifference(one.value().probability[0], two.value().probability[0]) < 1e-4);
    }

    // A pack that allows bfloat16: the same masks, and the stamp says what was computed. Not on processors without AMX.
    void bfloat16IsSaidAndCanBeRefused() {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "allows-bf16" / "tiny";
        fs::create_directories(folder.parent_path());
        fs::copy(m_pack, folder, fs::copy_options::recursive);
        auto text = readWholeFile(folder / "model.json").value();
        text.insert(text.find('{') + 1, "\"precision\": \"bf16\", ");
        QVERIFY(writeFileAtomically(folder / "model.json", text).isOk());
        const LabelledFilm labelled = film(2);
        m_engine->configure(DeviceChoice::Cpu, 1);
        const QByteArray before = qgetenv("PRECORDIA_PRECISION");
        qunsetenv("PRECORDIA_PRECISION");
        const auto fast = m_engine->segment(folder, labelled.film, {}, {});
        qputenv("PRECORDIA_PRECISION", before);
        QVERIFY2(fast.isOk(), fast.isOk() ? "" : fast.error().message.c_str());
        const auto exact = m_engine->segment(m_pack, labelled.film, {}, {});
        const bool isFast = fast.value().model.device == "CPU, 1 thread, bfloat16";
        QVERIFY(isFast || fast.value().model.device == "CPU, 1 thread");
        QCOMPARE(exact.value().model.device, std::string("CPU, 1 thread"));
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            QVERIFY(diceOf(fast.value().probability[i], labelled.masks[i]) > 0.9);
            const double difference = largestDifference(fast.value().probability[i], exact.value().probability[i]);
            QVERIFY2(isFast ? difference > 0 && difference < 0.1 : difference < 1e-6, qPrintable(QString::number(difference)));
        }
    }

    void letterboxIsReported() {
        const GrayFilm wide{200, 100, std::vector<float>(20000, 0.5F)};
        const auto found = m_engine->segment(m_pack, wide, {.testTimeFlip = false}, {});
        QVERIFY(found.isOk());
        QCOMPARE(found.value().originPx, (PointPx{0, -50}));
        QCOMPARE(found.value().cellPx, 200.0 / 48);
        QCOMPARE(found.value().agreement[0], 1.0);
    }

    void cancelAndBadInput() {
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled = m_engine->segment(m_pack, film(0).film, {}, {stop.get_token(), {}});
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        std::stop_source between;  // stopped after the first of the two passes
        const RunContext half{between.get_token(), [&](double) { between.request_stop(); }};
        QCOMPARE(m_engine->segment(m_pack, film(0).film, {}, half).error().code, ErrorCode::Cancelled);
        QCOMPARE(m_engine->segment(m_pack, GrayFilm{}, {}, {}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_engine->loadPack(m_pack.parent_path() / "nowhere", DeviceChoice::Cpu, 1).error().code, ErrorCode::NotFound);
        TrainRequest bad;
        bad.recipeJson = "{";
        QCOMPARE(m_engine->train(bad, {}).error().code, ErrorCode::Corrupt);
    }

    // Integrated gradients sum to what the output changed by from the baseline; both answers name the same logit.
    void relevanceAddsUp() {
        const fs::path pack = judge();
        const NetworkPlanes planes = stripes();
        const auto answer = m_engine->predict(pack, planes, {});
        QVERIFY(answer.isOk());
        for (const auto baseline : {ExplainBaseline::Black, ExplainBaseline::Zero}) {
            const auto found = m_engine->explain(pack, planes, "Bright", {.method = ExplainMethod::IntegratedGradients, .baseline = baseline, .steps = 200}, {});
            QVERIFY2(found.isOk(), found.isOk() ? "" : found.error().message.c_str());
            const Explanation& shown = found.value();
            QCOMPARE(shown.plane.width, 32);
            QCOMPARE(shown.plane.height, 32);
            QCOMPARE(shown.model.id, std::string("judge"));
            QVERIFY(std::abs(shown.logit - answer.value().logits[1]) < 1e-4);
            const double sum = std::accumulate(shown.plane.values.begin(), shown.plane.values.end(), 0.0), change = shown.logit - shown.baselineLogit;
            QVERIFY2(change != 0 && std::abs(sum - change) < 0.05 * std::abs(change) + 0.005, qPrintable(QString("%1, %2").arg(sum).arg(change)));
        }
        const auto codeOf = [&](const NetworkPlanes& read, const std::string& output, const ExplainOptions& options, const RunContext& context) {
            const auto found = m_engine->explain(pack, read, output, options, context);
            return found.isOk() ? ErrorCode::Internal : found.error().code;
        };
        QCOMPARE(codeOf(planes, "Nothing", {}, {}), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf({1, 2, 2, {0, 0, 0, 0}}, "Even", {}, {}), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(planes, "Even", {.steps = 0}, {}), ErrorCode::InvalidArgument);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(codeOf(planes, "Even", {}, {stop.get_token(), {}}), ErrorCode::Cancelled);
        std::stop_source midway;
        const RunContext context{midway.get_token(), [&](double) { midway.request_stop(); }};
        QCOMPARE(codeOf(planes, "Even", {.method = ExplainMethod::IntegratedGradients, .steps = 512}, context), ErrorCode::Cancelled);
        QCOMPARE(codeOf(planes, "Even", {.method = ExplainMethod::RefinedCam}, {}), ErrorCode::Unsupported);
        QCOMPARE(codeOf(planes, "Even", {.baselinePlanes = {0.5F}}, {}), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(planes, "Even", {.smoothSamples = 513}, {}), ErrorCode::InvalidArgument);
    }

    void everyAllowedMethodAnswers() {
        const fs::path pack = judge();
        const NetworkPlanes planes = stripes();
        const auto allowed = m_engine->explanations(pack);
        QVERIFY(allowed.isOk());
        QCOMPARE(allowed.value().size(), std::size_t{11});  // all but refined maps
        QVERIFY(m_engine->explanations(m_pack).value().empty());  // a segmentation
        QCOMPARE(m_engine->explanations(pack.parent_path() / "nowhere").error().code, ErrorCode::NotFound);
        for (const ExplainMethod method : allowed.value()) {
            const auto found = m_engine->explain(pack, planes, "Bright", {.method = method, .steps = 4}, {});
            QVERIFY2(found.isOk(), found.isOk() ? "" : found.error().message.c_str());
            const Plane& plane = found.value().plane;
            QVERIFY(plane.width > 0 && plane.values.size() == static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
            QVERIFY(std::all_of(plane.values.begin(), plane.values.end(), [](float v) { return std::isfinite(v); }));
            QCOMPARE(found.value().doneShare, 1.0);
        }
    }

    // The same pack with drawn weights gives another map; its own network stays what it was.
    void randomWeightsLeaveThePackAlone() {
        const fs::path pack = judge();
        const NetworkPlanes planes = stripes();
        ExplainOptions options{.method = ExplainMethod::InputXGradient};
        const auto planeOf = [&] { return m_engine->explain(pack, planes, "Bright", options, {}).value().plane; };
        const Plane before = planeOf();
        options.hasRandomWeights = true;
        const Plane drawn = planeOf(), again = planeOf();
        options.seed = 2;
        const Plane other = planeOf();
        options.hasRandomWeights = false;
        QVERIFY(largestDifference(before, planeOf()) < 1e-6);
        QVERIFY(largestDifference(drawn, again) < 1e-6);
        QVERIFY(largestDifference(before, drawn) > 1e-4 && largestDifference(drawn, other) > 1e-4);
    }

    void changedWeightsAreRefused() {
        const fs::path copy = m_pack.parent_path() / "copy";
        fs::copy(m_pack, copy);
        QFile weights(QString::fromStdString((copy / "weights.safetensors").string()));
        QVERIFY(weights.open(QIODevice::ReadWrite) && weights.seek(weights.size() - 1) && weights.putChar('\x55'));
        weights.close();
        const auto loaded = m_engine->loadPack(copy, DeviceChoice::Cpu, 1);
        QVERIFY(!loaded.isOk());
        QCOMPARE(loaded.error().code, ErrorCode::Corrupt);
    }

  private:
    // A trained classifier with the outputs Even and Bright; made once.
    fs::path judge() {
        if (!m_judge.empty()) return m_judge;
        const auto summary = m_engine->trainClassifier(classifierRequest(fs::path(m_folder.path().toStdString()) / "judged"), {});
        if (!summary.isOk()) qFatal("%s", summary.error().message.c_str());
        return m_judge = summary.value().packFolder;
    }
    static NetworkPlanes stripes() {
        NetworkPlanes planes{1, 32, 32, {}};
        for (int k = 0; k < 32 * 32; ++k) planes.values.push_back(static_cast<float>((k * 11 + k / 32) % 97) / 97);
        return planes;
    }

    QTemporaryDir m_folder;
    std::shared_ptr<Engine> m_engine;
    fs::path m_pack, m_judge;
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
