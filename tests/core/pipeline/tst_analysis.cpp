// The front door with an engine of ours: what the network gets, where its answer lands on the film, cancel, failures.
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/pixel_chain.h"
#include "core/pipeline/analysis.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;

namespace {

// Answers with the phantom's own masks, on the grid that a real network would use for the film that it got.
class PerfectEngine : public Engine {
  public:
    explicit PerfectEngine(const Phantom& phantom) : m_phantom(phantom) {}
    EngineInfo info() const override { return {"none", {"CPU, 1 thread"}}; }
    void configure(DeviceChoice, int) override {}
    Result<ModelStamp> loadPack(const std::filesystem::path& folder, DeviceChoice, int) override {
        loaded = folder;
        if (failLoading) return Error{ErrorCode::Corrupt, "the pack is damaged: install it again"};
        return ModelStamp{"fake", "Fake network", "1", "00ff", "CPU, 1 thread"};
    }
    Result<Segmentation> segment(const std::filesystem::path&, const GrayFilm& film, const SegmentOptions&,
                                 const RunContext& context) override {
        seen = film;
        if (cancelDuring) cancelDuring->request_stop();
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        std::array<cv::Mat, kOrganCount> masks;
        const std::array<cv::Mat, kOrganCount> all{m_phantom.heart, m_phantom.leftLung, m_phantom.rightLung};
        for (std::size_t i = 0; i < kOrganCount; ++i)
            cv::resize(all[i], masks[i], {film.width, film.height}, 0, 0, cv::INTER_NEAREST);
        return test::segmentationOf(masks);
    }
    Result<Prediction> predict(const std::filesystem::path&, const NetworkPlanes&, const RunContext&) override {
        return Error{ErrorCode::Unsupported, "this engine does not judge"};
    }
    Result<std::vector<ExplainMethod>> explanations(const std::filesystem::path&) override { return Error{ErrorCode::Unsupported, "this engine does not explain"}; }
    Result<Explanation> explain(const std::filesystem::path&, const NetworkPlanes&, const std::string&, const ExplainOptions&,
                                const RunContext&) override {
        return Error{ErrorCode::Unsupported, "this engine does not explain"};
    }
    Result<TrainSummary> train(const TrainRequest&, const RunContext&) override {
        return Error{ErrorCode::Unsupported, "this engine does not train"};
    }
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest&, const RunContext&) override {
        return Error{ErrorCode::Unsupported, "this engine does not train"};
    }
    Result<std::vector<TensorShape>> describe(const std::string&) override {
        return Error{ErrorCode::Unsupported, "this engine knows no architecture"};
    }

    std::filesystem::path loaded;
    GrayFilm seen;
    bool failLoading = false;
    std::stop_source* cancelDuring = nullptr;

  private:
    const Phantom& m_phantom;
};

Phantom phantomOf(int width, int height, bool mono1 = false) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    spec.cardiothoracicRatio = 0.52;
    spec.mono1 = mono1;
    return makePhantom(spec);
}

AnalysisOptions options() {
    AnalysisOptions o;
    o.packFolder = "somewhere/heart-lungs";
    return o;
}

}  // namespace

class TestAnalysis : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void onlyRadiographsAreAnalysed() {
        const Phantom phantom = phantomOf(256, 256);
        PerfectEngine engine(phantom);
        for (const auto& [modality, works] : {std::pair("CT", false), std::pair("MR", false), std::pair("DX", true), std::pair("OT", true), std::pair("", true)}) {
            Image picture = phantom.image;
            picture.study.modality = modality;
            const auto analysis = analyzeFilm(std::make_shared<const Image>(picture), options(), engine);
            QCOMPARE(analysis.isOk(), works);
            if (!works) QVERIFY(analysis.error().message.find("no X-ray film") != std::string::npos);
        }
    }

    // Outlines that are drawn in a picture are no heart; other people's secondary captures are films.
    void ownPicturesAreNoFilms() {
        const Phantom phantom = phantomOf(256, 256);
        PerfectEngine engine(phantom);
        Image picture = phantom.image;
        picture.study.sopClassUid = "1.2.840.10008.5.1.4.1.1.7";
        picture.study.manufacturer = "Somebody";
        QVERIFY(analyzeFilm(std::make_shared<const Image>(picture), options(), engine).isOk());
        picture.study.manufacturer = picture.study.modelName = "Precordia";
        const auto refused = analyzeFilm(std::make_shared<const Image>(picture), options(), engine);
        QVERIFY(!refused.isOk());
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(refused.error().message.find("annotated picture") != std::string::npos);
    }

    void findsThePhantomsRatio() {
        const Phantom phantom = phantomOf(600, 600);
        PerfectEngine engine(phantom);
        double last = 0;
        RunContext context;
        context.progress = [&](double f) {
            QVERIFY(f >= last);
            last = f;
        };
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine, context);
        QVERIFY(result.isOk());
        QVERIFY(std::abs(result.value().chest.ratio - 0.52) < 0.005);
        QCOMPARE(result.value().model.name, std::string("Fake network"));
        QCOMPARE(engine.loaded, std::filesystem::path("somewhere/heart-lungs"));
        QCOMPARE(last, 1.0);
    }
    void largeFilmsAreShrunkAndTheAnswerLandsOnTheFilm() {
        const Phantom phantom = phantomOf(1500, 1900);
        PerfectEngine engine(phantom);
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(result.isOk());
        QCOMPARE(engine.seen.height, kNetworkFilmSide);
        QVERIFY(std::abs(result.value().chest.ratio - 0.52) < 0.005);
        QVERIFY(std::abs(result.value().chest.heartLine.from.x - phantom.heartLine.from.x) < 6);
        QVERIFY(std::abs(result.value().chest.chestLine.to.x - phantom.chestLine.to.x) < 6);
    }
    void mono1AndMono2LookTheSameToTheNetwork() {
        const Phantom plain = phantomOf(300, 300), inverted = phantomOf(300, 300, true);
        const GrayFilm a = networkFilm(plain.image, 1024, nullptr), b = networkFilm(inverted.image, 1024, nullptr);
        QCOMPARE(a.values.size(), std::size_t{90000});
        double worst = 0;
        for (std::size_t i = 0; i < a.values.size(); ++i)
            worst = std::max(worst, std::abs(static_cast<double>(a.values[i] - b.values[i])));
        QVERIFY2(worst < 0.01, qPrintable(QString::number(worst)));
        const auto [low, high] = std::minmax_element(a.values.begin(), a.values.end());
        QVERIFY(*low >= 0 && *high <= 1 && *high > 0.9);
    }
    void shrinkingKeepsMeansAndTellsTheScale() {
        const Phantom phantom = phantomOf(512, 512);
        double scale = 0;
        const GrayFilm full = networkFilm(phantom.image, 512, &scale);
        QCOMPARE(scale, 1.0);
        const GrayFilm half = networkFilm(phantom.image, 256, &scale);
        QCOMPARE(scale, 2.0);
        QCOMPARE(half.width, 256);
        const float mean = (full.values[0] + full.values[1] + full.values[512] + full.values[513]) / 4;
        QVERIFY(std::abs(half.values[0] - mean) < 1e-5f);
    }
    void aBadPackIsAnError() {
        const Phantom phantom = phantomOf(128, 128);
        PerfectEngine engine(phantom);
        engine.failLoading = true;
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(!result.isOk());
        QCOMPARE(result.error().code, ErrorCode::Corrupt);
    }
    void cancelBeforeAndDuringIsHeard() {
        const Phantom phantom = phantomOf(128, 128);
        const auto image = std::make_shared<const Image>(phantom.image);
        PerfectEngine engine(phantom);
        std::stop_source stop;
        engine.cancelDuring = &stop;
        const auto during = analyzeFilm(image, options(), engine, {stop.get_token(), {}});
        QVERIFY(!during.isOk());
        QCOMPARE(during.error().code, ErrorCode::Cancelled);
        engine.loaded.clear();
        const auto before = analyzeFilm(image, options(), engine, {stop.get_token(), {}});
        QVERIFY(!before.isOk());
        QCOMPARE(before.error().code, ErrorCode::Cancelled);
        QVERIFY(engine.loaded.empty());  // nothing was started
    }
};

QTEST_GUILESS_MAIN(TestAnalysis)
#include "tst_analysis.moc"
