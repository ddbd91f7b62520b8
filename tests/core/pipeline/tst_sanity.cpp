// Tests of explanations on a network that is a weighted sum: honest maps pass, maps that ignore the network fail, and the
// numbers are those of paper.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/measure/chest.h"
#include "core/pipeline/sanity.h"
#include "core/pipeline/sanity_parts.h"
#include "tests/support/explaining_engine.h"
#include "tests/support/written_packs.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

Phantom phantomOf(int side) {
    PhantomSpec spec;
    spec.width = spec.height = side;
    spec.cardiothoracicRatio = 0.58;
    return makePhantom(spec);
}

bool isNear(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

class TestSanity : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_models;
    Phantom m_phantom = phantomOf(256);  // 4 px a cell of the network's 64
    ChestMeasurement m_chest;

    ExplainRequest request(const std::string& pack = "plain") const {
        ExplainRequest wanted;
        wanted.image = std::make_shared<const Image>(m_phantom.image);
        wanted.pack = m_models / pack;
        wanted.output = "Cardiomegaly";
        wanted.options.method = ExplainMethod::InputXGradient;
        return wanted;
    }
    bool isHeart(int row, int column) const { return m_phantom.heart.at<std::uint8_t>(row * 4 + 2, column * 4 + 2) != 0; }
    static const SanityCheck& row(const SanityReport& report, const std::string& id) {
        for (const SanityCheck& one : report.checks) {
            if (one.id == id) return one;
        }
        qFatal("no such row");
    }

  private Q_SLOTS:
    void initTestCase() {
        m_models = fs::path(m_folder.path().toStdString()) / "models";
        QVERIFY(test::writePack(m_models, test::manifestOf("plain", {test::outputOf("Cardiomegaly"), test::outputOf("Edema")})));
        Manifest vector = test::manifestOf("vector", {test::outputOf("Cardiomegaly"), test::outputOf("Edema")}, "heartspot-vector");
        const PriorSpec prior = priorByName("hline").value();
        vector.input.priorJson = prior.toJson();
        vector.input.priorHash = prior.hash();
        vector.input.size = 320;
        QVERIFY(test::writePack(m_models, vector));
        double brightest = 0;
        cv::minMaxLoc(m_phantom.image.samples, nullptr, &brightest);
        m_phantom.image.samples.setTo(brightest, m_phantom.heart);  // far from the film's mean gray, so that deletion shows
        m_chest = measureChest(test::segmentationOf(m_phantom), m_phantom.image);
        QVERIFY(m_chest.outlines[0].points.size() > 10);
    }
    void ranksOnPaper() {
        QVERIFY(isNear(rankCorrelation({1, 2, 3, 4}, {10, 20, 30, 40}), 1));
        QVERIFY(isNear(rankCorrelation({1, 2, 3, 4}, {4, 3, 2, 1}), -1));
        // Ranks 1 2.5 2.5 4 and 1 3 2 4: 4.5 / sqrt(4.5 * 5).
        QVERIFY(isNear(rankCorrelation({1, 2, 2, 9}, {0, 5, 4, 6}), 4.5 / std::sqrt(22.5)));
        QVERIFY(std::isnan(rankCorrelation({1, 1, 1}, {1, 2, 3})) && std::isnan(rankCorrelation({1}, {1})));
        QVERIFY(isNear(areaUnder({0, 0.5, 1}, {1, 0, 0}), 0.25));
        QCOMPARE(ranking({1, 3, 2, 3}), (std::vector<std::size_t>{1, 3, 2, 0}));
        const NetworkPlanes planes{1, 2, 3, {1, 2, 3, 4, 5, 6}};
        QCOMPARE(mirrored(planes).values, (std::vector<float>{3, 2, 1, 6, 5, 4}));
        QCOMPARE(shifted(planes, 1, 0).values, (std::vector<float>{1, 1, 2, 4, 4, 5}));
        QCOMPARE(shifted(planes, 0, -1).values, (std::vector<float>{4, 5, 6, 4, 5, 6}));
    }
    void anHonestMapOfTheHeartPasses() {
        test::ExplainingEngine engine(m_phantom);
        engine.weight = [this](int r, int c) { return isHeart(r, c) ? 0.006 : 0.0; };  // the logit stays near 0
        engine.bias = -3;
        ExplainCache cache;
        const auto made = checkExplanation(request(), m_chest, engine, cache);
        QVERIFY2(made.isOk(), made.isOk() ? "" : made.error().message.c_str());
        const SanityReport& report = made.value();
        QCOMPARE(report.checks.size(), std::size_t{7});
        for (const SanityCheck& one : report.checks) QVERIFY(!one.meaning.empty() && !one.sentence.empty() && !one.value.empty());
        QVERIFY(row(report, "random-weights").verdict == SanityVerdict::Passed && row(report, "random-weights").number < 0.2);
        QVERIFY(row(report, "deletion").verdict == SanityVerdict::Passed);
        QVERIFY(row(report, "insertion").verdict == SanityVerdict::Passed);
        QVERIFY(row(report, "agreement").verdict == SanityVerdict::Passed);  // the class activation map of the same sum
        const auto& curve = row(report, "deletion").curves.at(0);
        QCOMPARE(curve.value.size(), std::size_t{21});
        QVERIFY(curve.value.front() > curve.value.back());
        QVERIFY(isNear(curve.value.front(), report.attenuation->whole));
        QCOMPARE(row(report, "deletion").curves.at(1).value.size(), std::size_t{11});  // of the moved map: half the steps, the same ends
        QCOMPARE(row(report, "deletion").curves.at(1).value.back(), curve.value.back());
        // Everything outside the heart has no weight: dimming it changes nothing, dimming the heart takes four fifths.
        QVERIFY(report.attenuation);
        const double logit = std::log(report.attenuation->whole / (1 - report.attenuation->whole));
        QVERIFY(isNear(report.attenuation->outsideDimmed, report.attenuation->whole, 0.02));  // but for the outline's smoothness
        QVERIFY(isNear(report.attenuation->heartDimmed, sigmoid(-3 + 0.2 * (logit + 3)), 0.03));
    }
    void anEvenNetworkIsStable() {
        test::ExplainingEngine engine(m_phantom);  // relevance = the film itself
        ExplainCache cache;
        const auto report = checkExplanation(request(), m_chest, engine, cache, {}, {SanityTest::Flip, SanityTest::Shift});
        QCOMPARE(report.value().checks.size(), std::size_t{2});
        QVERIFY(isNear(row(report.value(), "flip").number, 1));
        QVERIFY(isNear(row(report.value(), "shift").number, 1));
        QVERIFY(row(report.value(), "flip").verdict == SanityVerdict::Passed);
        engine.weight = [](int r, int c) { return 0.001 * ((r * 31 + c * 17) % 29 - 14); };  // its own pattern: moves against the film
        ExplainCache fresh;
        const auto unstable = checkExplanation(request(), m_chest, engine, fresh, {}, {SanityTest::Flip});
        QVERIFY(row(unstable.value(), "flip").verdict == SanityVerdict::Failed);
    }
    void mapsOfManyPassesAreMadeAgainWithFewer() {
        ExplainOptions many;
        many.method = ExplainMethod::IntegratedGradients;
        many.smoothSamples = 20;
        const ExplainOptions quick = quickOptions(many);
        QVERIFY(quick.steps == 16 && quick.smoothSamples == 4 && quick.patch == many.patch && quick.stride == many.stride);
        ExplainOptions patches;
        patches.method = ExplainMethod::Occlusion;
        QVERIFY(quickOptions(patches).stride == patches.patch && quickOptions(patches).steps == patches.steps);
        many.steps = 5;
        many.smoothSamples = 0;
        QVERIFY(quickOptions(many).steps == 5 && quickOptions(many).smoothSamples == 0);
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        ExplainRequest ig = request();
        ig.options.method = ExplainMethod::IntegratedGradients;
        double last = 0;
        RunContext context;
        context.progress = [&](double done) {
            QVERIFY2(done >= last - 1e-9, qPrintable(QStringLiteral("%1 after %2").arg(done).arg(last)));
            last = done;
        };
        const SanityReport report = checkExplanation(ig, m_chest, engine, cache, context).value();
        QVERIFY2(row(report, "shift").sentence.ends_with("Maps of 16 steps were compared."), row(report, "shift").sentence.c_str());
        QVERIFY(isNear(row(report, "shift").number, 1) && isNear(last, 1));
        // The map, its quick one, three draws, one mirror, two shifts, the class activation map.
        QCOMPARE(engine.explained, 9);
        // Both other ends, 19 steps and three times 9 of each curve, two dimmed films.
        QCOMPARE(engine.predicted, 2 + 2 * (19 + 27) + 2);
    }
    void aMapThatIgnoresTheNetworkFails() {
        test::ExplainingEngine engine(m_phantom);
        engine.ignoresWeights = true;
        ExplainCache cache;
        const auto report = checkExplanation(request(), m_chest, engine, cache, {}, {SanityTest::RandomWeights});
        QVERIFY(row(report.value(), "random-weights").verdict == SanityVerdict::Failed);
        QVERIFY(isNear(row(report.value(), "random-weights").number, 1));
    }
    void aMapOfTheWrongPlacesFailsBothCurves() {
        test::ExplainingEngine engine(m_phantom);
        engine.weight = [this](int r, int c) { return isHeart(r, c) ? 0.006 : 0.0; };  // the logit stays near 0
        engine.bias = -3;
        engine.mapSign = -1;
        ExplainCache cache;
        const auto report = checkExplanation(request(), m_chest, engine, cache, {}, {SanityTest::Deletion, SanityTest::Insertion}).value();
        QVERIFY2(row(report, "deletion").verdict == SanityVerdict::Failed, row(report, "deletion").value.c_str());
        QVERIFY2(row(report, "insertion").verdict == SanityVerdict::Failed, row(report, "insertion").value.c_str());
    }
    void vectorsAreNotMoved() {
        test::ExplainingEngine engine(m_phantom);
        engine.allowed = {ExplainMethod::InputXGradient};
        ExplainCache cache;
        const auto report = checkExplanation(request("vector"), m_chest, engine, cache);
        QVERIFY2(report.isOk(), report.isOk() ? "" : report.error().message.c_str());
        QVERIFY(row(report.value(), "flip").verdict == SanityVerdict::NotRun && row(report.value(), "shift").verdict == SanityVerdict::NotRun);
        QVERIFY(row(report.value(), "deletion").verdict != SanityVerdict::NotRun);
        QVERIFY(report.value().attenuation);
        QVERIFY(report.value().attenuation->heartDimmed < report.value().attenuation->whole);
    }
    void whatCannotBeRunSaysWhy() {
        test::ExplainingEngine engine(m_phantom);
        engine.allowed = {ExplainMethod::InputXGradient};
        ExplainCache cache;
        ChestMeasurement lost = m_chest;
        lost.outlines[0].points.clear();
        const auto report = checkExplanation(request(), lost, engine, cache, {}, {SanityTest::Agreement, SanityTest::OutsideHeart});
        for (const SanityCheck& one : report.value().checks) QVERIFY(one.verdict == SanityVerdict::NotRun && !one.sentence.empty());
        QVERIFY(!report.value().attenuation);
    }
    void cancelEndsEverything() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        std::stop_source stop;
        RunContext context{stop.get_token(), [&](double done) {
                               if (done > 0.5) stop.request_stop();
                           }};
        const auto report = checkExplanation(request(), m_chest, engine, cache, context);
        QVERIFY(!report.isOk() && report.error().code == ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestSanity)
#include "tst_sanity.moc"
