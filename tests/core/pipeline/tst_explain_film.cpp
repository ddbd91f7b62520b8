// Explanations on films, with an engine whose answers are known: places on the film, vectors put back, pooling, cache,
// partial maps, cancel, and what is told when a class or method is not there.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/localize/map_geometry.h"
#include "core/pipeline/explain_default.h"
#include "core/pipeline/explain_film.h"
#include "core/pipeline/explain_input.h"
#include "core/prior/heartspot.h"
#include "core/prior/pooling.h"
#include "tests/support/explaining_engine.h"
#include "tests/support/written_packs.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

Phantom phantomOf(int width, int height) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    return makePhantom(spec);
}

bool isNear(double a, double b, double tolerance = 1e-5) { return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b)); }

bool holds(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

Heatmap squareMap(int side) {
    Heatmap map;
    map.plane = {side, side, {}};
    for (int i = 0; i < side * side; ++i) map.plane.values.push_back(static_cast<float>(std::sin(i * 0.37) * (i % 7)));
    map.grid = {{0, 0}, {side * 2.0, 0}, {0, side * 2.0}};
    map.isSigned = true;
    map.parameters = "50 steps";
    return map;
}

}  // namespace

class TestExplainFilm : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_models;
    Phantom m_phantom = phantomOf(400, 600);

    ExplainRequest request(const std::string& pack = "plain") const {
        ExplainRequest wanted;
        wanted.image = std::make_shared<const Image>(m_phantom.image);
        wanted.pack = m_models / pack;
        wanted.output = "Cardiomegaly";
        wanted.options.method = ExplainMethod::InputXGradient;
        wanted.heartLungs = m_models / "heart-lungs";
        return wanted;
    }

  private Q_SLOTS:
    void initTestCase() {
        m_models = fs::path(m_folder.path().toStdString()) / "models";
        const auto outputs = test::diseaseOutputs({"Cardiomegaly", "Edema"});
        QVERIFY(test::writePack(m_models, test::manifestOf("plain", outputs)));
        QVERIFY(test::writePack(m_models, test::manifestOf("thorax", outputs, "thorax")));
        Manifest hearts = test::manifestOf("heart-lungs", {test::outputOf("heart"), test::outputOf("left_lung"), test::outputOf("right_lung")});
        hearts.task = "segmentation";
        QVERIFY(test::writePack(m_models, hearts));
        Manifest vector = test::manifestOf("vector", outputs, "heartspot-vector");
        const PriorSpec prior = priorByName("mp+hline").value();
        vector.input.priorJson = prior.toJson();
        vector.input.priorHash = prior.hash();
        vector.input.size = 160;
        QVERIFY(test::writePack(m_models, vector));
    }
    void aMapLiesWhereTheNetworkRead() {
        test::ExplainingEngine engine(m_phantom);
        engine.weight = [](int row, int column) { return row == 10 && column == 40 ? 2.0 : 0.0; };
        ExplainCache cache;
        const auto map = explainFilm(request(), engine, cache);
        QVERIFY2(map.isOk(), map.isOk() ? "" : map.error().message.c_str());
        // 64 x 64 cells on the 600 px square round the film, whose left edge is 100 px to the left of it.
        const double value = *valueAt(map.value(), {-100 + 40.5 * 600 / 64, 10.5 * 600 / 64});
        QVERIFY(value > 0 && isNear(value, map.value().logit - engine.bias));
        QVERIFY(isNear(*valueAt(map.value(), {-100 + 42.5 * 600 / 64, 10.5 * 600 / 64}), 0));
        QVERIFY(isNear(map.value().probability, 1 / (1 + std::exp(-(0.9 * map.value().logit - 0.1)))));
        QCOMPARE(map.value().className, std::string("Cardiomegaly"));
        QVERIFY(!map.value().supportLogit && map.value().seen.empty());
        ExplainRequest ig = request();
        ig.options.method = ExplainMethod::IntegratedGradients;
        const Heatmap whole = explainFilm(ig, engine, cache).value();
        QVERIFY(isNear(*whole.supportLogit, 0.9 * value));  // times the calibration's slope
        QCOMPARE(whole.parameters, std::string("50 steps (Gauss-Legendre) from black"));
    }
    void coarseActivationMapsAreNotTheFirstChoice() {
        using M = ExplainMethod;
        const std::vector<M> all{M::Cam, M::GradCam, M::IntegratedGradients, M::Occlusion};
        const ExplanationChoice coarse = defaultExplanation(all, 3, 3), fine = defaultExplanation(all, 8, 8);
        QVERIFY(coarse.method == M::IntegratedGradients && coarse.pool == saliencyPooling());
        QVERIFY2(holds(coarse.reason, "3 x 3 cells, too few"), coarse.reason.c_str());
        QVERIFY(fine.method == M::Cam && !fine.pool && holds(fine.reason, "8 x 8 cells, fine enough"));
        QVERIFY(defaultExplanation(all, 8, 7).method == M::IntegratedGradients);
        QVERIFY(defaultExplanation(all, 0, 0).method == M::IntegratedGradients && holds(defaultExplanation(all, 0, 0).reason, "no activation map"));
        QVERIFY(defaultExplanation({M::Cam, M::Occlusion}, 3, 3).method == M::Cam);  // nothing better
        QVERIFY(defaultExplanation({M::Occlusion}, 0, 0).method == M::Occlusion && defaultExplanation({M::Occlusion}, 0, 0).pool);
        QVERIFY(!defaultPooling(M::GradCam) && defaultPooling(M::LrpEpsilon));
    }
    void theChoiceIsReadFromTheJudgementOrAsked() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        Judgement judgement;
        judgement.packs.resize(1);
        judgement.packs[0].model.weightsSha256 = readPack(m_models / "plain").value().manifest.weightsSha256;
        judgement.packs[0].hasGrid = true;
        judgement.packs[0].cams.assign(1, Plane{3, 3, std::vector<float>(9)});
        QVERIFY(chooseExplanation(request(), &judgement, engine, cache).value().method == ExplainMethod::IntegratedGradients);
        QCOMPARE(engine.explained, 0);
        QVERIFY(chooseExplanation(request(), nullptr, engine, cache).value().method == ExplainMethod::Cam);  // the fake network's map: 16 x 16
        QCOMPARE(engine.explained, 1);
        engine.allowed.clear();
        QVERIFY(chooseExplanation(request(), nullptr, engine, cache).error().code == ErrorCode::Unsupported);
    }
    void theThoraxFrameAsksForTheLungsOnce() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        QVERIFY(explainFilm(request("thorax"), engine, cache).isOk());
        ExplainRequest other = request("thorax");
        other.output = "Edema";
        QVERIFY(explainFilm(other, engine, cache).isOk());
        QCOMPARE(engine.segmented, 1);
        QCOMPARE(engine.explained, 2);
    }
    void theSameQuestionIsAnsweredOnce() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        QVERIFY(explainFilm(request(), engine, cache).isOk());
        QVERIFY(explainFilm(request(), engine, cache).isOk());
        ExplainRequest pooled = request();
        pooled.pool = saliencyPooling();
        QVERIFY(explainFilm(pooled, engine, cache).value().isPooled);  // pools what is known
        QCOMPARE(engine.explained, 1);
        int asked = 1;
        const auto asksAgain = [&](const std::function<void(ExplainRequest&)>& change) {
            ExplainRequest changed = request();
            change(changed);
            return explainFilm(changed, engine, cache).isOk() && engine.explained == ++asked;
        };
        QVERIFY(asksAgain([](auto& r) { r.options.method = ExplainMethod::IntegratedGradients; }));
        QVERIFY(asksAgain([](auto& r) { r.options.steps = 20; }));
        QVERIFY(asksAgain([](auto& r) { r.options.smoothSamples = 3; }));
        QVERIFY(asksAgain([](auto& r) { r.options.seed = 9; }));
        QVERIFY(asksAgain([](auto& r) { r.options.hasRandomWeights = true; }));
        QVERIFY(asksAgain([](auto& r) { r.options.baselinePlanes.assign(64 * 64, 0.5F); }));
        QVERIFY(asksAgain([](auto& r) { r.output = "Edema"; }));
        QVERIFY(asksAgain([](auto& r) { r.image = std::make_shared<const Image>(phantomOf(401, 600).image); }));
        cache.clear();
        QVERIFY(explainFilm(request(), engine, cache).isOk());
        QCOMPARE(engine.explained, asked + 1);
    }
    void memoryIsBounded() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache(3 * 20'000);  // a map of 64 x 64 cells has 16 KiB and its words
        for (std::uint32_t seed = 1; seed <= 10; ++seed) {
            ExplainRequest one = request();
            one.options.seed = seed;
            QVERIFY(explainFilm(one, engine, cache).isOk());
            QVERIFY(cache.bytes() > 16'000 && cache.bytes() <= 60'000);
        }
        ExplainRequest last = request();
        last.options.seed = 10;
        QVERIFY(explainFilm(last, engine, cache).isOk());
        QCOMPARE(engine.explained, 10);
        last.options.seed = 1;  // gone
        QVERIFY(explainFilm(last, engine, cache).isOk());
        QCOMPARE(engine.explained, 11);
    }
    void vectorsGoBackToTheirPlaces() {
        test::ExplainingEngine engine(m_phantom);
        engine.weight = [](int, int column) { return column + 1.0; };
        ExplainCache cache;
        const auto made = explainFilm(request("vector"), engine, cache);
        QVERIFY2(made.isOk(), made.isOk() ? "" : made.error().message.c_str());
        const Heatmap& map = made.value();
        QCOMPARE(map.plane.width, 160);
        const cv::Mat mask = priorMask(priorByName("mp+hline").value(), {}).value();
        std::size_t next = 0;
        for (int i = 0; i < 160 * 160; ++i) {
            const bool isKept = mask.at<std::uint8_t>(i / 160, i % 160) != 0;
            QCOMPARE(map.seen[static_cast<std::size_t>(i)] != 0, isKept);
            const double wanted = isKept ? (static_cast<double>(next) + 1) * engine.seen.values[next] : 0;
            next += isKept ? 1 : 0;
            QVERIFY(isNear(map.plane.values[static_cast<std::size_t>(i)], wanted));
        }
        QCOMPARE(next, readCells(map).size());
        // The crop is the film's middle 400 x 400 px; pooled cells of 2 crop pixels (2.5 film px).
        QVERIFY(std::abs(map.grid.origin.x) < 4 && std::abs(map.grid.origin.y - 100) < 4);
        QVERIFY(std::abs(map.grid.right.x - 400) < 4);
        const Heatmap pooled = poolHeatmap(map, saliencyPooling()).value();
        QVERIFY(pooled.seen.empty() && !pooled.isSigned);
        const auto filled = [](const Plane& plane) { return std::count_if(plane.values.begin(), plane.values.end(), [](float v) { return v > 0; }); };
        QVERIFY(filled(pooled.plane) > 4 * filled(map.plane));  // lines, every fifth row, become a surface
    }
    void poolingIsThatOfThePaper() {
        QCOMPARE(poolingFor(saliencyPooling(), 320).kernel, 24);
        QCOMPARE(poolingFor(saliencyPooling(), 160).kernel, 12);
        QCOMPARE(poolingFor(saliencyPooling(), 96).kernel, 7);
        QCOMPARE(poolingFor(saliencyPooling(), 3).kernel, 1);
        QCOMPARE(poolingFor(PoolSpec{24, 8, 0.9, PoolPadding::SameReflect}, 160).stride, 4);
        const Heatmap map = squareMap(320);
        const Heatmap pooled = poolHeatmap(map, saliencyPooling()).value();
        const cv::Mat direct = cv::abs(quantilePool(cellsOf(map), saliencyPooling()).value());
        std::vector<float> sorted(direct.begin<float>(), direct.end<float>());
        std::sort(sorted.begin(), sorted.end());
        const double position = 0.99 * (static_cast<double>(sorted.size()) - 1);
        const auto low = static_cast<std::size_t>(position);
        const double limit = sorted[low] + (position - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
        for (int i = 0; i < 320 * 320; i += 97) {
            const double wanted = std::min<double>(direct.at<float>(i / 320, i % 320), limit);
            QVERIFY(isNear(pooled.plane.values[static_cast<std::size_t>(i)], wanted, 1e-6));
        }
        QVERIFY(isNear(*std::max_element(pooled.plane.values.begin(), pooled.plane.values.end()), limit, 1e-6));
        QCOMPARE(pooled.parameters, std::string("50 steps, quantile pooling k 24 q 0.9 s 1"));
        QVERIFY(!poolHeatmap(map, PoolSpec{24, 1, 1.5, PoolPadding::SameReflect}).isOk());
    }
    void pooledCellsStandInTheMiddleOfTheirWindows() {
        Heatmap map = squareMap(320);
        const auto firstCentre = [&](int kernel, int stride) {
            const Heatmap pooled = poolHeatmap(map, PoolSpec{kernel, stride, 0.9, PoolPadding::SameReflect}).value();
            return pooled.grid.at(0.5 / pooled.plane.width, 0.5 / pooled.plane.height);
        };
        QVERIFY(isNear(firstCentre(5, 1).x, 1));   // centre of the first cell: 2 px a cell
        QVERIFY(isNear(firstCentre(24, 1).x, 2));  // an even window reaches one cell further right than left
        QVERIFY(isNear(firstCentre(4, 4).x, 4));   // cells 0..3
        // A bright row: pooling with quantile 1 keeps it in the middle of where it spreads.
        for (int i = 0; i < 320 * 320; ++i) map.plane.values[static_cast<std::size_t>(i)] = i / 320 == 100 ? 1.0F : 0.0F;
        const Heatmap spread = poolHeatmap(map, PoolSpec{24, 1, 1, PoolPadding::SameReflect}).value();
        double sum = 0, weighted = 0;
        for (int row = 0; row < spread.plane.height; ++row) {
            const double value = spread.plane.values[static_cast<std::size_t>(row) * spread.plane.width + 50];
            sum += value;
            weighted += value * spread.grid.at(0, (row + 0.5) / spread.plane.height).y;
        }
        QVERIFY(isNear(weighted / sum, 201, 1e-3));  // row 100's middle: 100.5 cells of 2 px
    }
    void partialMapsAreOnTheFilm() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        ExplainRequest wanted = request();
        wanted.pool = saliencyPooling();
        std::vector<Heatmap> partial;
        QVERIFY(explainFilm(wanted, engine, cache, {}, [&](const Heatmap& map) { partial.push_back(map); }).isOk());
        QCOMPARE(partial.size(), std::size_t{1});
        QVERIFY(partial[0].doneShare == 0.5 && partial[0].isPooled && partial[0].plane.width == 64);
        const Manifest manifest = readPack(wanted.pack).value().manifest;  // an overlay names its model, the first one too
        QCOMPARE(partial[0].model.name, manifest.name);
        QCOMPARE(partial[0].model.weightsSha256, manifest.weightsSha256);
    }
    void cancelLeavesNothingBehind() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        std::stop_source stop;
        engine.duringExplain = [&] { stop.request_stop(); };
        const auto stopped = explainFilm(request(), engine, cache, {stop.get_token(), {}});
        QVERIFY(!stopped.isOk() && stopped.error().code == ErrorCode::Cancelled);
        QCOMPARE(cache.bytes(), std::size_t{0});
    }
    void wrongWordsAreAnsweredWithTheRightOnes() {
        test::ExplainingEngine engine(m_phantom);
        ExplainCache cache;
        ExplainRequest wrong = request();
        wrong.output = "Fracture";
        const auto noClass = explainFilm(wrong, engine, cache);
        QVERIFY(!noClass.isOk() && noClass.error().code == ErrorCode::NotFound);
        QVERIFY2(holds(noClass.error().message, "it has Cardiomegaly, Edema"), noClass.error().message.c_str());
        wrong = request();
        wrong.options.method = ExplainMethod::DeepLift;
        const auto noMethod = explainFilm(wrong, engine, cache);
        QVERIFY(!noMethod.isOk() && noMethod.error().code == ErrorCode::Unsupported);
        QVERIFY(holds(noMethod.error().message, "cam, input-x-gradient, integrated-gradients"));
        wrong = request("heart-lungs");
        QVERIFY(!explainFilm(wrong, engine, cache).isOk());
        wrong = request("absent");
        QVERIFY(!explainFilm(wrong, engine, cache).isOk());
        QCOMPARE(engine.explained, 0);
        engine.weight = [](int, int) { return std::nan(""); };
        QVERIFY(explainFilm(request(), engine, cache).error().code == ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestExplainFilm)
#include "tst_explain_film.moc"
