// Reading site folders, scoring against masks, the tables and the heart region.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/image/phantom.h"
#include "core/pipeline/evaluate_heart.h"
#include "core/pipeline/heart_dataset.h"
#include "core/pipeline/heart_region.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr int kSide = 256;

Phantom phantomOf(double ratio) {
    PhantomSpec spec;
    spec.width = spec.height = kSide;
    spec.cardiothoracicRatio = ratio;
    return makePhantom(spec);
}

void writeSite(const fs::path& site, int films) {
    for (const char* part : {"image", "heart", "left_lung", "right_lung"}) fs::create_directories(site / part);
    for (int i = 0; i < films; ++i) {
        const Phantom phantom = phantomOf(0.44 + 0.03 * i);
        const std::string name = "film" + std::to_string(i) + ".png";
        QVERIFY(cv::imwrite(site / "image" / name, phantom.image.samples));
        QVERIFY(cv::imwrite(site / "heart" / name, phantom.heart));
        QVERIFY(cv::imwrite(site / "left_lung" / name, phantom.leftLung));
        QVERIFY(cv::imwrite(site / "right_lung" / name, phantom.rightLung));
    }
}

// A network that knows the truth, its heart shifted to the right by `shift` pixels.
Segmentation truthOf(const LabelledFilm& film, int shift) {
    Segmentation segmentation;
    for (std::size_t organ = 0; organ < kOrganCount; ++organ) {
        Plane& plane = segmentation.probability[organ];
        plane = {film.film.width, film.film.height, std::vector<float>(film.film.values.size(), 0.01F)};
        const int moved = organ == 0 ? shift : 0;
        for (int y = 0; y < plane.height; ++y) {
            for (int x = moved; x < plane.width; ++x) {
                const auto to = static_cast<std::size_t>(y * plane.width + x);
                if (film.masks[organ][to - static_cast<std::size_t>(moved)] != 0) plane.values[to] = 0.99F;
            }
        }
    }
    return segmentation;
}

SegmentFilm networkWithShift(int shift) {
    return [shift](const LabelledFilm& film, const RunContext&) -> Result<Segmentation> { return truthOf(film, shift); };
}

}  // namespace

class TestEvaluateHeart : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_root = m_folder.path().toStdString();
        writeSite(m_root / "alpha", 3);
        writeSite(m_root / "beta", 2);
    }

    void readsParentsAndSites() {
        const auto all = readHeartDataset(m_root, {}, {});
        QVERIFY(all.isOk());
        QCOMPARE(all.value().size(), std::size_t(5));
        QCOMPARE(all.value().back().site, std::string("beta"));
        QCOMPARE(readHeartDataset(m_root, {"beta"}, {}).value().size(), std::size_t(2));
        const auto one = readHeartDataset(m_root / "alpha", {}, {});
        QCOMPARE(one.value().size(), std::size_t(3));
        QCOMPARE(one.value()[0].masks[0].size(), std::size_t(kSide * kSide));
        const auto [low, high] = std::minmax_element(one.value()[0].film.values.begin(), one.value()[0].film.values.end());
        QVERIFY(*low >= 0 && *high <= 1 && *high - *low > 0.01F);
    }

    void unusableFoldersAreRefused() {
        QCOMPARE(readHeartDataset(m_root / "nowhere", {}, {}).error().code, ErrorCode::NotFound);
        const fs::path site = m_root / "broken-parent/broken";
        writeSite(site, 1);
        QVERIFY(cv::imwrite(site / "heart/film0.png", cv::Mat(5, 5, CV_8UC1, cv::Scalar(1))));
        QCOMPARE(readHeartDataset(site, {}, {}).error().code, ErrorCode::Corrupt);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(readHeartDataset(m_root, {}, {stop.get_token(), {}}).error().code, ErrorCode::Cancelled);
    }

    void perfectMasksScoreNearlyOne() {
        const auto films = readHeartDataset(m_root, {"alpha"}, {}).value();
        const auto scores = scoreFilms(films, networkWithShift(0), {}, {});
        QVERIFY(scores.isOk());
        for (const HeartFilmScore& score : scores.value()) {
            for (const MaskAgreement& agreement : score.organ) {
                QVERIFY2(agreement.dice > 0.975, qPrintable(QString::number(agreement.dice)));
            }
            QVERIFY(std::abs(score.ratio - score.maskRatio) < 0.02);
        }
    }

    void aShiftedHeartScoresLessAndRatioStays() {
        const auto films = readHeartDataset(m_root, {"alpha"}, {}).value();
        const auto straight = scoreFilms(films, networkWithShift(0), {}, {}), moved = scoreFilms(films, networkWithShift(8), {}, {});
        for (std::size_t i = 0; i < films.size(); ++i) {
            const auto& a = straight.value()[i];
            const auto& b = moved.value()[i];
            QVERIFY(b.organ[0].dice < a.organ[0].dice - 0.05);
            QVERIFY(b.organ[0].hausdorff95 > 5 && b.organ[0].hausdorff95 < 11);
            QCOMPARE(b.organ[1].dice, a.organ[1].dice);
            QVERIFY(std::abs(a.ratio - b.ratio) < 0.01);
        }
    }

    void tablesHoldSitesMillimetresAndExperts() {
        const auto films = readHeartDataset(m_root, {}, {}).value();
        HeartEvaluationInput input;
        input.mmPerPxOfSite["alpha"] = 2;
        input.expertRatios["film1"] = 0.5;
        const auto scores = scoreFilms(films, networkWithShift(4), input, {}).value();
        const auto json = nlohmann::json::parse(evaluationJson(scores));
        QCOMPARE(json["films"].size(), std::size_t(5));
        const auto& alpha = json["summary"]["alpha"]["heart"];
        QVERIFY(std::abs(alpha["hausdorff95_mm"][0].get<double>() - 2 * alpha["hausdorff95_px"][0].get<double>()) < 1e-3);
        QVERIFY(!json["summary"]["beta"]["heart"].contains("hausdorff95_mm"));
        QCOMPARE(json["summary"]["all"]["ctr_against_experts"]["films"].get<int>(), 2);
        const std::string markdown = evaluationMarkdown(scores);
        QVERIFY(markdown.find("| alpha | Heart | 3 |") != std::string::npos);
        QVERIFY(markdown.find("film1") == std::string::npos);
        QCOMPARE(evaluationMarkdown(scores), evaluationMarkdown(scores));
    }

    void networkErrorsAreHandedOn() {
        const auto films = readHeartDataset(m_root, {"beta"}, {}).value();
        const SegmentFilm broken = [](const LabelledFilm&, const RunContext&) -> Result<Segmentation> {
            return Error{ErrorCode::OutOfMemory, "no memory"};
        };
        QCOMPARE(scoreFilms(films, broken, {}, {}).error().code, ErrorCode::OutOfMemory);
        QCOMPARE(averageHeartRegion(films, broken, 32, 0.1, {}).error().code, ErrorCode::OutOfMemory);
    }

    void regionIsBrightWhereHeartsAre() {
        const auto films = readHeartDataset(m_root, {"beta"}, {}).value();
        const auto region = averageHeartRegion(films, networkWithShift(0), 160, 0.1, {});
        QVERIFY(region.isOk());
        const cv::Mat& gray = region.value().gray;
        QCOMPARE(gray.size(), cv::Size(160, 160));
        QVERIFY(gray.at<std::uint8_t>(2, 2) < 100);
        double sum = 0;
        for (const auto value : films[0].masks[0]) sum += value;
        const double share = sum / (kSide * kSide);
        QVERIFY(region.value().keptShare > 0.8 * share && region.value().keptShare < 2.5 * share);
    }

  private:
    QTemporaryDir m_folder;
    fs::path m_root;
};

QTEST_GUILESS_MAIN(TestEvaluateHeart)
#include "tst_evaluate_heart.moc"
