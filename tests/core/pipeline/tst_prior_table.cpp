// The table of priors: what each row says, who is asked and who is not, means, CSV and Markdown.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/pipeline/analysis.h"
#include "core/pipeline/heartspot_film.h"
#include "core/pipeline/prior_table.h"
#include "core/prior/heartspot.h"
#include "tests/core/pipeline/heartspot_engine.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

PriorSpec named(const std::string& name) { return priorByName(name).value(); }

// The table's judges on packs of the test.
struct Fixture {
    Fixture() {
        PhantomSpec spec;
        spec.width = spec.height = 512;
        phantom = makePhantom(spec);
        engine = std::make_shared<test::HeartSpotEngine>(&phantom);
        const fs::path models = fs::path(folder.path().toStdString());
        ok = test::writePack(models, test::heartSpotManifest("spot", named("mp+hline"), 160)) &&
             test::writePack(models, test::manifestOf("whole", {test::outputOf("Cardiomegaly", 2, -1)}, "centre-crop"));
        judges.engine = engine;
        judges.heartSpot = {readPack(models / "spot").value()};
        judges.wholeFilm = PredictingPack{readPack(models / "whole").value(), {}};
        judges.segmenter = {[this](const GrayFilm& film, const RunContext& c) { return engine->segment({}, film, {}, c); }, "00ff"};
    }
    PriorFilm film() { return preparePriorFilm(std::make_shared<Image>(phantom.image), "film.png", judges, {}).value(); }

    QTemporaryDir folder;
    Phantom phantom;
    std::shared_ptr<test::HeartSpotEngine> engine;
    PriorJudges judges;
    bool ok = false;
};

}  // namespace

class TestPriorTable : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void thePapersPriors() {
        const std::vector<PriorSpec> specs = paperPriors();
        QCOMPARE(specs.size(), std::size_t{14});
        QVERIFY(std::count_if(specs.begin(), specs.end(), [](const PriorSpec& s) { return s.pool.has_value(); }) == 7);
    }

    void onlyTheTrainedPriorIsAsked() {
        Fixture f;
        QVERIFY(f.ok);
        const PriorFilm film = f.film();
        QVERIFY(film.probability.has_value() && film.segmentation.has_value());
        f.engine->asked.clear();
        const PriorRow other = priorResult(film, named("hline"), {}, f.judges, {}).value().row;
        QVERIFY(!other.probability && !other.change && !other.heartShare);
        QVERIFY2(other.reason.find("another prior (mp+hline)") != std::string::npos, other.reason.c_str());
        QVERIFY(f.engine->asked.empty());
        const PriorResult own = priorResult(film, named("mp+hline"), {}, f.judges, {}).value();
        QCOMPARE(f.engine->asked, std::vector<std::string>{"spot"});
        QVERIFY(own.row.probability && own.row.reason.empty());
        QCOMPARE(*own.row.change, *own.row.probability - *film.probability);
        QCOMPARE(own.row.pack, std::string("spot"));
    }

    void aNetworkThatFailsIsToldOf() {
        Fixture f;
        const PriorFilm film = f.film();
        f.engine->failure = "the weights are damaged";
        const PriorRow row = priorResult(film, named("mp+hline"), {}, f.judges, {}).value().row;
        QVERIFY(!row.probability && !row.heartShare && row.bundleBytes > 0);
        QCOMPARE(row.reason, std::string("model pack spot: the weights are damaged"));
    }

    void sizesAndPixels() {
        Fixture f;
        const PriorRow row = priorResult(f.film(), named("mp+hline"), {}, f.judges, {}).value().row;
        QCOMPARE(row.keptPixels, 3200);
        QCOMPARE(row.cropPixels, 102400);
        QCOMPARE(row.bytes.raw, std::size_t{6400});  // 12 bits are kept in 16
        QVERIFY(row.bytes.floatLzma > row.bytes.lzma && row.bundleBytes > 0 && row.bytes.jpeg > row.bundleBytes);
        QVERIFY(row.seconds > 0);
        const HeartSpotBundle bundle = sealHeartSpot(f.film().gray, named("mp+hline"), {}, f.film().white).value().bundle;
        QCOMPARE(row.bundleBytes, bundleBytes(bundle).value().size());
    }

    // The engine explains by the sample - 0.25: the share can be counted by hand.
    void shareInTheHeart() {
        Fixture f;
        const PriorFilm film = f.film();
        const PriorResult result = priorResult(film, named("mp+hline"), {}, f.judges, {}).value();
        const Plane& heart = film.segmentation->probability[static_cast<std::size_t>(Organ::Heart)];
        double inside = 0, all = 0;
        int hearts = 0;
        std::size_t next = 0;
        for (int y = 0; y < 160; ++y) {
            for (int x = 0; x < 160; ++x) {
                if (result.bundle.mask.at<std::uint8_t>(y, x) == 0) continue;
                // Pooling of 12 px with "same" padding: cell x covers the crop round 2 x + 1, shifted by the odd padding of 5.
                const double filmX = (2 * x + 1.0 + 0.0) * 512 / 320, filmY = (2 * y + 1.0) * 512 / 320;
                const int column = static_cast<int>(filmX / 2), row = static_cast<int>(filmY / 2);  // 256 cells
                const bool isHeart = heart.values[static_cast<std::size_t>(row * heart.width + column)] >= 0.5;
                const double relevance = std::max(0.0, static_cast<double>(result.bundle.samples[next++]) / result.bundle.white - 0.25);
                all += relevance;
                inside += isHeart ? relevance : 0;
                hearts += isHeart ? 1 : 0;
            }
        }
        QVERIFY(hearts > 100);
        // The heart is the smoothed outline, as in the explanations: its border differs from the cells' by less than one of them.
        QVERIFY2(std::abs(*result.row.heartShare - inside / all) < 0.01, qPrintable(QString::number(*result.row.heartShare - inside / all)));
        QVERIFY2(std::abs(*result.row.heartArea - hearts / 3200.0) < 0.01, qPrintable(QString::number(*result.row.heartArea - hearts / 3200.0)));
    }

    void withoutNetworks() {
        Fixture f;
        const PriorJudges none = priorJudges(nullptr).value();
        QVERIFY(!none.notes.empty());
        const PriorFilm film = preparePriorFilm(std::make_shared<Image>(f.phantom.image), "film", none, {}).value();
        const PriorRow row = priorResult(film, named("mp+hline"), {}, none, {}).value().row;
        QVERIFY(!row.probability && row.keptPixels == 3200);
        QCOMPARE(row.reason, std::string("no network was asked"));
        QVERIFY(!priorJudges(f.engine, {fs::path(f.folder.path().toStdString()) / "whole"}).isOk());  // judges whole films
        QVERIFY(!priorJudges(f.engine, {"/nowhere"}).isOk());
    }

    void aPriorThatKeepsNothingSaysSo() {
        Fixture f;
        const auto failed = priorResult(f.film(), named("heart"), cv::Mat(64, 64, CV_8UC1, cv::Scalar(0)), f.judges, {});
        QVERIFY(!failed.isOk() && failed.error().message.find("nothing would be kept") != std::string::npos);
    }

    void cancelStops() {
        Fixture f;
        const PriorFilm film = f.film();
        std::stop_source stop;
        stop.request_stop();
        RunContext context;
        context.stop = stop.get_token();
        QCOMPARE(priorResult(film, named("hline"), {}, f.judges, context).error().code, ErrorCode::Cancelled);
    }

    void meansAndTables() {
        PriorRow a;
        a.film = "a, \"quoted\".png";
        a.spec = named("hline");
        a.keptPixels = 6400;
        a.cropPixels = 102400;
        a.bytes = {100, 90, 80, 70, 60, 50};
        a.bundleBytes = 40;
        a.probability = 0.2;
        a.reason = "";
        a.heartShare = 0.5;
        PriorRow b = a;
        b.film = "b.png";
        b.bytes.raw = 201;
        b.probability = 0.4;
        b.change = -0.1;
        b.heartShare.reset();
        PriorRow c = a;
        c.spec = named("rline");
        c.probability.reset();
        c.reason = "no network";
        const std::vector<PriorMean> means = meansOf({a, c, b});
        QCOMPARE(means.size(), std::size_t{2});
        QCOMPARE(means[0].films, 2);
        QCOMPARE(means[0].row.bytes.raw, std::size_t{151});
        QVERIFY(std::abs(*means[0].row.probability - 0.3) < 1e-12);
        QCOMPARE(*means[0].row.change, -0.1);      // of the film that has one
        QCOMPARE(*means[0].row.heartShare, 0.5);
        QVERIFY(!means[1].row.probability);
        const QString csv = QString::fromStdString(priorCsv({a, b, c}));
        const QStringList lines = csv.split("\r\n", Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith("\"a, \"\"quoted\"\".png\",hline,"));
        QVERIFY(lines[1].contains(",6400,102400,6.250,100,90,80,70,60,40,50,0.200000,"));
        QVERIFY(lines[3].contains(",no network,"));
        const QString text = QString::fromStdString(priorMarkdown({a, b, c}, {"A note."}));
        QVERIFY(text.contains("means over 2 films") && text.contains("| hline | 6.3 |") && text.contains("-0.100") && text.contains("A note."));
        PriorSpec own = priorByName("rhline+heart").value();
        QCOMPARE(labelOf(own), std::string("rhline+heart"));
        own.rline->count = 50;
        own.hline->step = 5;
        own.size = 256;
        QCOMPARE(labelOf(own), std::string("rhline+heart, rows 100 to 300 every 5, 50 lines, side 256"));
        for (const PriorSpec& spec : paperPriors()) QVERIFY(differencesOf(spec).empty());
        PriorRow other = a;
        other.spec.hline->firstRow = 20;  // beside the paper's own, in the table too
        QVERIFY(QString::fromStdString(priorMarkdown({a, other})).contains("| hline, rows 20 to 300 every 10 |"));
        QVERIFY(text.contains("re-identification risk not measured") && !text.contains("anonym", Qt::CaseInsensitive));
    }
};

QTEST_GUILESS_MAIN(TestPriorTable)
#include "tst_prior_table.moc"
