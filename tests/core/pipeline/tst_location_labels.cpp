// Location labels of phantoms: boxes in known zones, both sides, findings without boxes, films without lungs, cancel.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "build_paths.h"
#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/pipeline/location_labels.h"
#include "tests/support/segmentation_of.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr int kSide = 512;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

Vocabulary shipped() { return findVocabulary({fs::path(CXR_SOURCE_DIR) / "models"}).value(); }

}  // namespace

class TestLocationLabels : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        PhantomSpec spec;
        spec.width = spec.height = kSide;
        m_phantom = makePhantom(spec);
        m_film = fs::path(m_folder.path().toStdString()) / "film.png";
        QVERIFY(cv::imwrite(m_film.string(), renderGray8(m_phantom.image, fullRangeVoi(m_phantom.image))));
    }

    void boxesBecomeLabels() {
        const FilmTable table = tableOf({boxIn(m_phantom.leftLung, 0.05, 0.2, "Mass"), boxIn(m_phantom.rightLung, 0.75, 0.2, "Pneumonia"),
                                         boxIn(m_phantom.leftLung, 0.75, 0.2, "Pneumonia")});
        const LocationLabels labels = derive(table);
        QCOMPARE(positives(labels), QString("Mass_left_upper Pneumonia_left_lower Pneumonia_right_lower Pneumonia_bilateral"));
        QCOMPARE(labelOf(labels, "Mass_right_upper"), 0.0F);       // the finding's boxes are elsewhere
        QCOMPARE(labelOf(labels, "Nodule_left_upper"), 0.0F);      // the film has no nodule
        QVERIFY(std::isnan(labelOf(labels, "Effusion_left_lower")));  // it has an effusion, but nobody drew it
        QVERIFY(std::isnan(labelOf(labels, "Atelectasis_bilateral")));  // nobody knows
        QCOMPARE(labels.inside, 3);
        QCOMPARE(labels.boxes, 3);
    }

    void onlyWhatZonesTell() {
        const LocationLabels labels = derive(tableOf({boxIn(m_phantom.leftLung, 0.05, 0.2, "Pneumothorax")}));
        QVERIFY(labels.table.classIndex("Pneumothorax_left_apex") < 0);
        QVERIFY(labels.table.classIndex("Hemidiaphragm_Elevated_left") < 0);
        QCOMPARE(labelOf(labels, "Pneumothorax_left_upper"), 1.0F);
    }

    void otherFindingsAndPlacesAreCounted() {
        LesionBox corner{"Mass", 0, 0, 20, 20};
        const LocationLabels labels = derive(tableOf({boxIn(m_phantom.heart, 0.2, 0.5, "Cardiomegaly"), corner}));
        QCOMPARE(labels.otherFindings.at("Cardiomegaly"), 1);
        QCOMPARE(labels.nowhere, 1);
        QVERIFY(std::isnan(labelOf(labels, "Mass_left_upper")));  // there is one, and nobody knows where
        QCOMPARE(labels.boxes, 2);
    }

    void withoutLungsNothingIsPlaced() {
        const FilmSegmenter blind{[this](const GrayFilm&, const RunContext&) -> Result<Segmentation> {
            const cv::Mat none = cv::Mat::zeros(kSide, kSide, CV_8UC1);
            return test::segmentationOf({m_phantom.heart, none, m_phantom.rightLung});
        }, "00"};
        const auto labels = locationLabels(tableOf({boxIn(m_phantom.rightLung, 0.05, 0.2, "Mass")}), shipped(), blind, {});
        QVERIFY(labels.isOk());
        QCOMPARE(labels.value().withoutLungs, 1);
        QVERIFY(std::isnan(labelOf(labels.value(), "Mass_right_upper")));
        QCOMPARE(labelOf(labels.value(), "Nodule_right_upper"), 0.0F);
    }

    void filmsWithoutBoxesAreNotRead() {
        FilmTable table = tableOf({boxIn(m_phantom.leftLung, 0.05, 0.2, "Mass")});
        FilmRecord plain = table.films[0];
        plain.path = "not there.png";
        plain.boxes.clear();
        plain.labels = {0, 0, 0, 0, 0, 0, 0, 0};
        table.films.push_back(plain);
        plain.labels.assign(8, kUnknown);
        table.films.push_back(plain);
        const LocationLabels labels = derive(table);
        QCOMPARE(labels.table.films.size(), std::size_t{2});  // of the third nothing is known
        QCOMPARE(labels.films, 1);
        for (const float label : labels.table.films[1].labels) QCOMPARE(label, 0.0F);
    }

    void failures() {
        const auto none = locationLabels(tableOf({}), shipped(), segmenter(), {});
        QVERIFY(!none.isOk() && none.error().code == ErrorCode::InvalidArgument);
        FilmTable lost = tableOf({boxIn(m_phantom.leftLung, 0.05, 0.2, "Mass")});
        lost.films[0].path = m_film.parent_path() / "lost.png";
        const auto unread = locationLabels(lost, shipped(), segmenter(), {});
        QVERIFY(!unread.isOk() && unread.error().message.find("lost.png") != std::string::npos);
        std::stop_source source;
        source.request_stop();
        const auto stopped = locationLabels(tableOf({boxIn(m_phantom.leftLung, 0.05, 0.2, "Mass")}), shipped(), segmenter(),
                                            RunContext{source.get_token(), {}});
        QVERIFY(!stopped.isOk() && stopped.error().code == ErrorCode::Cancelled);
    }

  private:
    // On the 1024 grid: the middle 60 % of an organ's width, from a share of its height, so high.
    [[nodiscard]] static LesionBox boxIn(const cv::Mat& organ, double from, double height, const char* name) {
        const cv::Rect bounds = cv::boundingRect(organ);
        const double scale = 1024.0 / kSide;
        return {name, (bounds.x + 0.2 * bounds.width) * scale, (bounds.y + from * bounds.height) * scale, 0.6 * bounds.width * scale,
                height * bounds.height * scale};
    }
    // One film with these boxes; it has an effusion and no nodule; of atelectasis nothing is known.
    [[nodiscard]] FilmTable tableOf(std::vector<LesionBox> boxes) const {
        FilmTable table;
        table.classes = {"Atelectasis", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Cardiomegaly"};
        FilmRecord& film = table.films.emplace_back();
        film.path = m_film;
        film.name = "film";
        film.labels = {kUnknown, 1, 0, 1, 0, 1, 1, 1};
        film.boxes = std::move(boxes);
        return table;
    }
    [[nodiscard]] FilmSegmenter segmenter() const {
        return {[this](const GrayFilm&, const RunContext&) -> Result<Segmentation> { return test::segmentationOf(m_phantom); }, "00"};
    }
    [[nodiscard]] LocationLabels derive(const FilmTable& table) const {
        auto labels = locationLabels(table, shipped(), segmenter(), {});
        return labels.isOk() ? std::move(labels).value() : LocationLabels{};
    }
    static float labelOf(const LocationLabels& labels, const std::string& name, std::size_t film = 0) {
        const int index = labels.table.classIndex(name);
        return index < 0 || film >= labels.table.films.size() ? -1 : labels.table.films[film].labels[static_cast<std::size_t>(index)];
    }
    static QString positives(const LocationLabels& labels) {
        QStringList names;
        for (std::size_t c = 0; c < labels.table.classes.size() && !labels.table.films.empty(); ++c) {
            if (labels.table.films[0].labels[c] == 1) names << QString::fromStdString(labels.table.classes[c]);
        }
        return names.join(' ');
    }
    QTemporaryDir m_folder;
    Phantom m_phantom;
    fs::path m_film;
};

QTEST_GUILESS_MAIN(TestLocationLabels)
#include "tst_location_labels.moc"
