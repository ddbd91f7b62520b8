// Packs that judge a film, with an engine of ours: which pack does what, calibrated probabilities, one broken pack among
// good ones, the view network's say in the measurement, cancel, and where the network's grid lies on the film.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "core/pipeline/analysis.h"
#include "core/pipeline/judgement.h"
#include "core/pipeline/model_facts.h"
#include "tests/support/segmentation_of.h"
#include "tests/support/written_packs.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

// Finds the phantom's own masks; each pack answers with the logits that were put there for it.
class ScriptedEngine : public Engine {
  public:
    explicit ScriptedEngine(const Phantom& phantom) : m_phantom(phantom) {}
    EngineInfo info() const override { return {"none", devices}; }
    void configure(DeviceChoice, int) override {}
    Result<ModelStamp> loadPack(const fs::path&, DeviceChoice device, int) override {
        asked = device;
        return ModelStamp{"heart-lungs", "Fake", "1", "00ff", "CPU, 1 thread"};
    }
    Result<Segmentation> segment(const fs::path&, const GrayFilm& film, const SegmentOptions&, const RunContext&) override {
        ++segmented;
        std::array<cv::Mat, kOrganCount> masks;
        const std::array<cv::Mat, kOrganCount> all{m_phantom.heart, m_phantom.leftLung, m_phantom.rightLung};
        for (std::size_t i = 0; i < kOrganCount; ++i)
            cv::resize(all[i], masks[i], {film.width, film.height}, 0, 0, cv::INTER_NEAREST);
        return test::segmentationOf(masks);
    }
    Result<Prediction> predict(const fs::path& folder, const NetworkPlanes& planes, const RunContext& context) override {
        const std::string id = folder.filename().string();
        ran.push_back(id);
        seen = planes;
        if (duringPredict) duringPredict(id);
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        if (!logits.contains(id)) return Error{ErrorCode::Corrupt, "the weights are damaged; install the pack again"};
        Prediction prediction;
        prediction.logits = logits[id];
        prediction.cams.assign(prediction.logits.size(), Plane{2, 2, {0, 1, 2, 3}});
        prediction.model = {id, "Network " + id, "1.0.0", "abcd", "CPU, 1 thread"};
        return prediction;
    }
    Result<std::vector<ExplainMethod>> explanations(const fs::path&) override { return none(); }
    Result<Explanation> explain(const fs::path&, const NetworkPlanes&, const std::string&, const ExplainOptions&, const RunContext&) override { return none(); }
    Result<TrainSummary> train(const TrainRequest&, const RunContext&) override { return none(); }
    Result<ClassifierTrainSummary> trainClassifier(const ClassifierTrainRequest&, const RunContext&) override { return none(); }
    Result<std::vector<TensorShape>> describe(const std::string&) override { return none(); }

    std::map<std::string, std::vector<double>> logits;
    std::vector<std::string> ran, devices{"CPU, 1 thread"};
    std::function<void(const std::string&)> duringPredict;
    NetworkPlanes seen;
    DeviceChoice asked = DeviceChoice::Auto;
    int segmented = 0;

  private:
    static Error none() { return Error{ErrorCode::Unsupported, "this engine does not train"}; }
    const Phantom& m_phantom;
};

Phantom phantomOf(int width, int height) {
    PhantomSpec spec;
    spec.width = width;
    spec.height = height;
    spec.cardiothoracicRatio = 0.58;
    return makePhantom(spec);
}

bool has(const std::vector<std::string>& notes, const char* words) {
    return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(words) != std::string::npos; });
}

}  // namespace

class TestJudgement : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_models;

    std::vector<RegistryEntry> installed() const { return listPacks({m_models}); }
    AnalysisOptions options(const ModelChoice& choice = {}) const {
        AnalysisOptions o;
        o.packFolder = "somewhere/heart-lungs";
        o.packs = choosePacks(choice, installed());
        return o;
    }
    void write(const Manifest& manifest) { QVERIFY(test::writePack(m_models, manifest)); }

  private Q_SLOTS:
    void init() {
        m_models = fs::path(m_folder.path().toStdString()) / "models";
        fs::remove_all(m_models);
        write(test::manifestOf("view", {test::outputOf("Lateral"), test::outputOf("AP")}));
        write(test::manifestOf("chest14", test::diseaseOutputs({kChest14Diseases.begin(), kChest14Diseases.end()}), "thorax"));
        write(test::manifestOf("cardiomegaly", {test::outputOf("Cardiomegaly", 2, -1)}));
    }
    void allRolesAreJudgedOnOneSegmentation() {
        const Phantom phantom = phantomOf(600, 600);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {-3, -3}}, {"chest14", std::vector<double>(14, 0.5)}, {"cardiomegaly", {1}}};
        double last = 0;
        RunContext context;
        context.progress = [&](double f) {
            QVERIFY2(f >= last, qPrintable(QStringLiteral("%1 after %2").arg(f).arg(last)));
            last = f;
        };
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine, context);
        QVERIFY(result.isOk());
        QCOMPARE(last, 1.0);
        QCOMPARE(engine.segmented, 1);
        QCOMPARE(engine.ran, (std::vector<std::string>{"view", "chest14", "cardiomegaly"}));
        const Judgement& judgement = *result.value().judgement;
        QVERIFY(judgement.failures().empty());
        const PackJudgement* diseases = judgement.of(ModelRole::Diseases);
        QVERIFY(diseases != nullptr);
        QCOMPARE(diseases->findings.size(), std::size_t{14});
        QCOMPARE(diseases->cams.size(), std::size_t{14});
        QCOMPARE(diseases->model.version, std::string("1.0.0"));
        // sigmoid(0.9 * 0.5 - 0.1)
        QVERIFY(std::abs(diseases->findings[0].probability - 1 / (1 + std::exp(-0.35))) < 1e-12);
        QVERIFY(diseases->findings[0].isCalibrated);
        // The view keeps its balanced point whatever findings are decided at.
        QCOMPARE(diseases->findings[0].point->name, std::string(kDefaultPoint));
        QCOMPARE(judgement.of(ModelRole::View)->findings[0].point->name, std::string(kBalancedPoint));
        const auto readings = cardiomegalyReadings(result.value().chest, judgement);
        QCOMPARE(readings.readings.size(), std::size_t{2});
        QVERIFY(readings.agreement == Agreement::Agree);
        QVERIFY(judgement.of(ModelRole::HeartSpot) == nullptr);  // not installed: absent, not a failure
    }
    void traitsThatANetworkLearnedBesideAreNotShown() {
        write(test::manifestOf("chest14", test::diseaseOutputs({"Edema", "Male", "Mass", "AP", "AgeOver65"})));
        write(test::manifestOf("cardiomegaly", test::diseaseOutputs({"Edema", "Cardiomegaly", "Male"})));
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {-3, -3}}, {"chest14", {1, 2, 3, 4, 5}}, {"cardiomegaly", {1, 2, 3}}};
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        const PackJudgement* diseases = result.value().judgement->of(ModelRole::Diseases);
        QCOMPARE(diseases->findings.size(), std::size_t{2});
        QCOMPARE(diseases->findings[1].name, std::string("Mass"));
        QCOMPARE(diseases->findings[1].logit, 3.0);
        QCOMPARE(diseases->cams.size(), std::size_t{2});
        QCOMPARE(result.value().judgement->of(ModelRole::Cardiomegaly)->findings.size(), std::size_t{1});
    }
    void aPackWithoutCalibrationSaysSo() {
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        ModelOutput raw = test::outputOf("Cardiomegaly");
        raw.auc.reset();  // as an import leaves it
        write(test::manifestOf("cardiomegaly", {raw}));
        engine.logits = {{"view", {-3, -3}}, {"chest14", std::vector<double>(14, -800)}, {"cardiomegaly", {800}}};
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        const FindingProbability& f = result.value().judgement->of(ModelRole::Cardiomegaly)->findings[0];
        QVERIFY(!f.isCalibrated);
        QVERIFY(result.value().judgement->of(ModelRole::View)->findings[0].isCalibrated);  // the fit changed nothing
        QCOMPARE(f.probability, 1.0);
        QCOMPARE(result.value().judgement->of(ModelRole::Diseases)->findings[3].probability, 0.0);
    }
    void aBrokenPackIsToldAndTheRestGoesOn() {
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        engine.logits = {{"chest14", {1, 2, 3}}, {"cardiomegaly", {1}}};  // view fails, chest14 gives too few numbers
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(result.isOk());
        QVERIFY(result.value().chest.ratio > 0.5);
        const auto failures = result.value().judgement->failures();
        QCOMPARE(failures.size(), std::size_t{2});
        QVERIFY(has(failures, "view") && has(failures, "install the pack again"));
        QVERIFY(has(failures, "3 numbers for the 14 outputs"));
        QVERIFY(result.value().judgement->of(ModelRole::Cardiomegaly) != nullptr);
        engine.logits = {{"view", {std::nan(""), 0}}, {"cardiomegaly", {1}}};
        const auto nan = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(has(nan.value().judgement->failures(), "not a number"));
    }
    void aDamagedManifestKeepsItsPlaceAndIsTold() {
        QVERIFY(writeFileAtomically(m_models / "chest14" / "model.json", std::string("{")).isOk());
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {-3, -3}}, {"cardiomegaly", {1}}};
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(has(result.value().judgement->failures(), "chest14"));
    }
    void aSideViewHasNoRatioUnlessTheHeaderSaysFrontal() {
        Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {6, -3}}, {"chest14", std::vector<double>(14, 0)}, {"cardiomegaly", {1}}};
        phantom.image.view = ViewPosition::Unknown;
        const auto refused = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(refused.value().chest.isUncertain);
        QVERIFY(has(refused.value().chest.notes, "side view"));
        QVERIFY(has(refused.value().judgement->notes, "mean nothing"));
        phantom.image.view = ViewPosition::PA;
        const auto qualified = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(!qualified.value().chest.isUncertain);
        QVERIFY(has(qualified.value().chest.notes, "The header says PA"));
        engine.logits["view"] = {-3, 4};
        phantom.image.view = ViewPosition::Unknown;
        const auto ap = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(has(ap.value().chest.notes, "for AP") && ap.value().chest.ratio > 0.5);
    }
    void theGridLiesOnTheWholeFilm() {
        const Phantom phantom = phantomOf(700, 1100);  // shrunk on its way to the network
        ScriptedEngine engine(phantom);
        engine.logits = {{"cardiomegaly", {1}}};
        AnalysisOptions only = options();
        std::erase_if(*only.packs, [](const RolePack& p) { return p.role != ModelRole::Cardiomegaly; });
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), only, engine);
        const PackJudgement* pack = result.value().judgement->of(ModelRole::Cardiomegaly);
        QVERIFY(pack->hasGrid);
        QCOMPARE(engine.seen.width, 64);
        const PointPx first = pack->grid.at(0, 0), last = pack->grid.at(1, 1);  // letterbox: the square round the film
        QVERIFY(std::abs(first.x + 200) < 2 && std::abs(first.y) < 2);
        QVERIFY(std::abs(last.x - 900) < 2 && std::abs(last.y - 1100) < 2);
    }
    void aFilmWithoutLungsIsJudgedWithADoubt() {
        Phantom phantom = phantomOf(256, 256);
        phantom.leftLung.setTo(0);
        phantom.rightLung.setTo(0);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {-3, -3}}, {"chest14", std::vector<double>(14, 0)}, {"cardiomegaly", {1}}};
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine);
        QVERIFY(result.isOk());
        QVERIFY(has(result.value().judgement->notes, "less reliable"));
    }
    void cancelEndsBetweenAndDuringPacks() {
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        engine.logits = {{"view", {-3, -3}}, {"chest14", std::vector<double>(14, 0)}, {"cardiomegaly", {1}}};
        std::stop_source stop;
        engine.duringPredict = [&](const std::string& id) {
            if (id == "chest14") stop.request_stop();
        };
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), options(), engine, {stop.get_token(), {}});
        QVERIFY(!result.isOk());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QCOMPARE(engine.ran, (std::vector<std::string>{"view", "chest14"}));
    }
    void withoutPacksThereIsNoJudgement() {
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        AnalysisOptions none = options();
        none.packs = std::vector<RolePack>{};
        const auto result = analyzeFilm(std::make_shared<const Image>(phantom.image), none, engine);
        QVERIFY(result.isOk() && result.value().judgement == nullptr);
        QVERIFY(engine.ran.empty());
    }
    void aMissingGraphicsCardIsNoError() {
        const Phantom phantom = phantomOf(256, 256);
        ScriptedEngine engine(phantom);
        AnalysisOptions cuda = options();
        cuda.packs = std::vector<RolePack>{};
        cuda.device = DeviceChoice::Cuda;
        const auto fallen = analyzeFilm(std::make_shared<const Image>(phantom.image), cuda, engine);
        QVERIFY(engine.asked == DeviceChoice::Cpu);
        QCOMPARE(fallen.value().model.device, std::string("CPU, 1 thread (there is no usable graphics card)"));
        engine.devices.push_back("CUDA:0");
        const auto real = analyzeFilm(std::make_shared<const Image>(phantom.image), cuda, engine);
        QVERIFY(engine.asked == DeviceChoice::Cuda);
        QCOMPARE(real.value().model.device, std::string("CPU, 1 thread"));
    }
    void rolesFollowTheManifest() {
        const auto outputs = test::diseaseOutputs({"Cardiomegaly", "Edema"});
        QVERIFY(roleOf(test::manifestOf("a", outputs)).value() == ModelRole::Diseases);
        QVERIFY(roleOf(test::manifestOf("a", {outputs[0]})).value() == ModelRole::Cardiomegaly);
        QVERIFY(roleOf(test::manifestOf("a", {outputs[0]}, "heartspot-vector")).value() == ModelRole::HeartSpot);
        QVERIFY(roleOf(test::manifestOf("a", {test::outputOf("Lateral")})).value() == ModelRole::View);
        QVERIFY(!roleOf(test::manifestOf("a", {test::outputOf("Fracture")})).isOk());
        QVERIFY(roleOf(test::manifestOf("cardiomegaly", outputs)).value() == ModelRole::Cardiomegaly);
        Manifest segmentation = test::manifestOf("a", {test::outputOf("heart"), test::outputOf("left_lung"), test::outputOf("right_lung")});
        segmentation.task = "segmentation";
        QVERIFY(roleOf(segmentation).value() == ModelRole::HeartLungs);
        QVERIFY(suits(test::manifestOf("a", outputs), ModelRole::Cardiomegaly));
    }
    void factsInOneLine() {
        const Manifest one = test::manifestOf("a", {test::outputOf("Cardiomegaly")});
        QCOMPARE(taskLine(one), std::string("classification, 1 output"));
        QCOMPARE(metricsLine(one), std::string("AUC 0.74 (0.70 to 0.78)"));
        QCOMPARE(explainsLine(one), std::string("class activation maps, Grad-CAM, gradients, DeepLift, relevance (LRP), guided backpropagation, occlusion"));
        Manifest two = test::manifestOf("a", test::diseaseOutputs({"Edema", "Mass"}), "heartspot-vector");
        two.outputs[1].auc = {0.8, 0.7, 0.9};
        QCOMPARE(metricsLine(two), std::string("mean AUC 0.77 of 2 outputs (0.74 to 0.80)"));
        two.architectureName = "mlp";
        two.architectureJson = R"({"name":"mlp"})";
        QCOMPARE(explainsLine(two), std::string("gradients, DeepLift, relevance (LRP), occlusion"));
        two.architectureName = "glimpse";
        two.architectureJson = R"({"name":"glimpse"})";
        QCOMPARE(explainsLine(two), std::string("the regions it looked at, gradients, occlusion"));
        two.outputs[0].auc.reset();
        two.outputs[1].auc.reset();
        QCOMPARE(metricsLine(two), std::string("not evaluated"));
        Manifest segmentation = one;
        segmentation.task = "segmentation";
        QCOMPARE(metricsLine(segmentation), std::string("not evaluated"));
        segmentation.metricsJson = R"({"sites":{"all":{"heart":{"dice":[0.941,0.936,0.947]}}}})";
        QCOMPARE(metricsLine(segmentation), std::string("heart Dice 0.94 (0.94 to 0.95)"));
    }
    void theUserChoosesPacks() {
        write(test::manifestOf("chexnet", test::diseaseOutputs({"Cardiomegaly", "Edema"})));
        const auto folders = [&](const ModelChoice& choice) {
            std::map<ModelRole, std::string> names;
            for (const RolePack& p : choosePacks(choice, installed())) names[p.role] = p.folder.filename().string();
            return names;
        };
        QCOMPARE(folders({}), (std::map<ModelRole, std::string>{{ModelRole::View, "view"}, {ModelRole::Diseases, "chest14"},
                                                                {ModelRole::Cardiomegaly, "cardiomegaly"}}));
        ModelChoice choice;
        choice.chosen = {{ModelRole::Diseases, "chexnet"}, {ModelRole::View, ""}};
        QCOMPARE(folders(choice)[ModelRole::Diseases], std::string("chexnet"));
        QVERIFY(!folders(choice).contains(ModelRole::View));
        choice.disabled = {"chexnet", "cardiomegaly"};
        QCOMPARE(folders(choice)[ModelRole::Diseases], std::string("chest14"));
        QVERIFY(!folders(choice).contains(ModelRole::Cardiomegaly));
        choice.chosen = {{ModelRole::Cardiomegaly, "view"}, {ModelRole::Diseases, "not there"}};
        QCOMPARE(folders(choice)[ModelRole::Diseases], std::string("chest14"));  // the default one instead
    }
};

QTEST_GUILESS_MAIN(TestJudgement)
#include "tst_judgement.moc"
