// What core/dicom_out wrote is read back equal: presentation state, segmentation, report, map, document.
#include <QTest>

#include "core/dicom_in/encapsulated_pdf.h"
#include "core/dicom_in/film_finder.h"
#include "core/dicom_in/parametric_map.h"
#include "core/dicom_in/presentation_state.h"
#include "core/dicom_in/segmented_film.h"
#include "core/dicom_in/structured_report.h"
#include "core/image/mask_borders.h"
#include "core/image/polygon.h"
#include "core/localize/map_geometry.h"
#include "tests/core/dicom_in/written_objects.h"

using namespace cxr;
using namespace cxr::test;

namespace {

// The pixels inside of all borders, even-odd.
cv::Mat filled(const std::vector<Polygon>& borders, cv::Size size) {
    cv::Mat all = cv::Mat::zeros(size, CV_8UC1);
    for (const Polygon& border : borders) cv::bitwise_xor(all, fillPolygon(border, size), all);
    return all;
}

bool isNear(const Rgb& colour, int red, int green, int blue) {
    return std::abs(colour[0] - red) <= 1 && std::abs(colour[1] - green) <= 1 && std::abs(colour[2] - blue) <= 1;
}

}  // namespace

class TestReadResults : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyObjectNamesItsFilm_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, ObjectKind kind) { QTest::newRow(name) << name << static_cast<int>(kind); };
        row("gsps.dcm", ObjectKind::PresentationState);
        row("seg.dcm", ObjectKind::Segmentation);
        row("sr.dcm", ObjectKind::StructuredReport);
        row("pdf.dcm", ObjectKind::EncapsulatedPdf);
        row("pmap.dcm", ObjectKind::ParametricMap);
        row("film.dcm", ObjectKind::Film);
    }
    void everyObjectNamesItsFilm() {
        QFETCH(QString, name);
        QFETCH(int, kind);
        const auto file = m_objects.file(qPrintable(name));
        QCOMPARE(static_cast<int>(kindOfFile(file)), kind);
        const auto facts = readObjectFacts(file);
        QVERIFY2(facts.isOk(), facts.isOk() ? "" : facts.error().message.c_str());
        QCOMPARE(static_cast<int>(facts.value().kind), kind);
        if (kind == static_cast<int>(ObjectKind::Film)) return;
        QVERIFY(facts.value().isAbout(m_objects.filmUid()));
        QVERIFY(!facts.value().isAbout("1.2.3"));
        QCOMPARE(facts.value().creator, std::string("Precordia"));
        QCOMPARE(facts.value().date.size(), std::size_t{10});
    }

    void presentationState() {
        const auto read = readPresentationState(m_objects.file("gsps.dcm"));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const PresentationState& state = read.value();
        const FilmResults& results = m_objects.sample().results;
        QVERIFY(state.facts.notes.empty());
        const VoiSetting* voi = state.voiFor(m_objects.filmUid());
        QVERIFY(voi != nullptr);
        QVERIFY(std::abs(voi->center - results.voi.center) < 1e-3 && std::abs(voi->width - results.voi.width) < 1e-3);
        QCOMPARE(voi->function, results.voi.function);
        QCOMPARE(state.isInverse, m_objects.image().isInverse);
        QCOMPARE(state.quarterTurns, 0);
        QVERIFY(!state.isMirrored && state.shutter.isEmpty());
        const DisplayedArea* area = state.areaFor(m_objects.filmUid());
        QVERIFY(area != nullptr);
        QCOMPARE(area->right - area->left, static_cast<double>(m_objects.image().width()));
        QCOMPARE(area->bottom - area->top, static_cast<double>(m_objects.image().height()));
        QCOMPARE(state.layers.size(), std::size_t{4});
        QVERIFY(isNear(*state.layers[0].colour, 255, 167, 38));
        QVERIFY(isNear(*state.layers[2].colour, 204, 121, 167));
        // The first drawing is the first outline, closed.
        const std::vector<PointPx>& outline = results.chest.outlines[0].points;
        const std::vector<PointPx>& drawn = state.annotations.front().drawings.front().points;
        QCOMPARE(drawn.size(), outline.size() + 1);
        for (std::size_t i = 0; i < outline.size(); ++i)
            QVERIFY(std::abs(drawn[i].x - outline[i].x) < 1e-3 && std::abs(drawn[i].y - outline[i].y) < 1e-3);
        std::size_t corners = 0, boxes = 0;
        for (const Annotation& annotation : state.annotations) {
            QVERIFY(annotation.isFor(m_objects.filmUid()) && !annotation.isFor("1.2.3"));
            for (const DrawnText& text : annotation.texts) corners += text.box && text.box->isDisplay ? 1 : 0;
            boxes += annotation.layer == "BOXES" ? 1 : 0;
        }
        QVERIFY(corners >= 1);
        QCOMPARE(boxes, std::size_t{1});
    }

    void segmentation() {
        const Image& film = m_objects.image();
        const auto read = readSegmentation(m_objects.file("seg.dcm"), m_objects.filmUid(), film.height(), film.width());
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const std::vector<FilmSegment>& segments = read.value().segments;
        QCOMPARE(segments.size(), std::size_t{3});
        QCOMPARE(segments[0].label, std::string("Heart"));
        QCOMPARE(segments[1].meaning, std::string("Lung, Left"));
        QVERIFY(segments[2].algorithm.rfind("AUTOMATIC, Heart and lungs", 0) == 0);
        QVERIFY(isNear(segments[0].colour, 255, 167, 38));
        const Organ organs[] = {Organ::Heart, Organ::LeftLung, Organ::RightLung};
        for (std::size_t i = 0; i < 3; ++i) {
            const Outline& outline = m_objects.sample().results.chest.outlines[static_cast<std::size_t>(organs[i])];
            const cv::Mat expected = fillPolygon(outline.points, film.samples.size());
            QCOMPARE(cv::countNonZero(filled(segments[i].borders, film.samples.size()) != expected), 0);
            QCOMPARE(segments[i].pixels, std::int64_t{cv::countNonZero(expected)});
        }
    }

    void otherGeometryIsRefused() {
        const auto seg = readSegmentation(m_objects.file("seg.dcm"), m_objects.filmUid(), 10, 10);
        QVERIFY(!seg.isOk() && seg.error().code == ErrorCode::Unsupported);
        QVERIFY(seg.error().message.find("397 x 503") != std::string::npos);
        QVERIFY(!readParametricMap(m_objects.file("pmap.dcm"), 10, 10).isOk());
    }

    void framesOfOtherFilmsAreLeftOut() {
        const auto other = readSegmentation(m_objects.file("seg.dcm"), "1.2.3.4");
        QVERIFY(other.isOk());
        QVERIFY(other.value().segments.empty());
    }

    void report() {
        const auto read = readStructuredReport(m_objects.file("sr.dcm"));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const StructuredReport& report = read.value();
        QCOMPARE(report.title, std::string("Imaging Measurement Report"));
        QCOMPARE(report.state, std::string("COMPLETE, UNVERIFIED"));
        const auto has = [&](const std::string& name, const std::string& value) {
            return std::any_of(report.lines.begin(), report.lines.end(),
                               [&](const ReportLine& line) { return line.name == name && line.value == value; });
        };
        char ratio[16];
        std::snprintf(ratio, sizeof ratio, "%.3g", std::round(m_objects.sample().results.chest.ratio * 1000) / 1000);
        QVERIFY(has("Cardiothoracic ratio", ratio));
        QVERIFY(has("Comment", "A note of the film."));
        QVERIFY(has("Comment", "Lengths follow from: Pixel Spacing"));
        const auto image = std::find_if(report.lines.begin(), report.lines.end(),
                                        [&](const ReportLine& line) { return line.value == "object " + m_objects.filmUid(); });
        QVERIFY(image != report.lines.end());
        const std::string text = reportText(report);
        QVERIFY(text.find("      Cardiothoracic ratio: ") != std::string::npos);  // three levels deep
    }

    void document() {
        const auto read = readEncapsulatedPdf(m_objects.file("pdf.dcm"));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const auto& wanted = m_objects.sample().results.pdf;
        QVERIFY(read.value().bytes.size() >= wanted.size());
        QVERIFY(std::equal(wanted.begin(), wanted.end(), read.value().bytes.begin(),
                           [](std::byte a, std::uint8_t b) { return std::to_integer<std::uint8_t>(a) == b; }));
    }

    void parametricMap() {
        const Image& film = m_objects.image();
        const auto read = readParametricMap(m_objects.file("pmap.dcm"), film.height(), film.width());
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const FilmMap& map = read.value();
        const Heatmap& written = *m_objects.sample().results.maps.front();
        QCOMPARE(map.map->plane.width, film.width());
        int seen = 0;
        for (int y = 0; y < film.height(); ++y) {
            for (int x = 0; x < film.width(); ++x) {
                const std::size_t at = static_cast<std::size_t>(y) * film.width() + x;
                const auto value = valueAt(written, {x + 0.5, y + 0.5});
                QCOMPARE(map.map->seen[at] != 0, value.has_value());
                if (value) QVERIFY(std::abs(map.map->plane.values[at] - *value) < 1e-5);
                seen += map.map->seen[at];
            }
        }
        QCOMPARE(seen, 200 * 100);
        QCOMPARE(map.quantity, std::string("Contribution to the network's answer"));
        QCOMPARE(map.low, -0.25);
        QCOMPARE(map.high, 2.0);
    }

    void anotherKindIsRefused() {
        QVERIFY(!readPresentationState(m_objects.file("seg.dcm")).isOk());
        QVERIFY(!readSegmentation(m_objects.file("sr.dcm")).isOk());
        QVERIFY(!readStructuredReport(m_objects.file("pdf.dcm")).isOk());
        QVERIFY(!readEncapsulatedPdf(m_objects.file("pmap.dcm")).isOk());
        QVERIFY(!readParametricMap(m_objects.file("film.dcm")).isOk());
        QVERIFY(!readObjectFacts(m_objects.file("not-there.dcm")).isOk());
    }

    void theFilmIsFoundBesideItsObjects() {
        const std::vector<std::string> uids{m_objects.filmUid()};
        QCOMPARE(findFilm(uids, {}, m_objects.folder()), m_objects.file("film.dcm"));
        QCOMPARE(findFilm(uids, {m_objects.file("film.dcm")}, "/nonexistent"), m_objects.file("film.dcm"));
        QVERIFY(findFilm({"1.2.3.4.5"}, {}, m_objects.folder()).empty());
        QVERIFY(!holdsInstance(m_objects.file("seg.dcm"), uids));  // it names the film, but is none
        QVERIFY(!holdsInstance(m_objects.file("film.dcm"), {m_objects.filmUid().substr(0, m_objects.filmUid().size() - 1)}));
    }

    // A case on paper: a ring, and two pixels that touch at a corner.
    void bordersGiveTheirPixelsBack() {
        cv::Mat mask = cv::Mat::zeros(7, 9, CV_8UC1);
        mask(cv::Rect(1, 1, 4, 4)) = 255;
        mask(cv::Rect(2, 2, 2, 2)) = 0;
        mask.at<std::uint8_t>(5, 6) = 255;
        mask.at<std::uint8_t>(6, 7) = 255;
        const auto borders = maskBorders(mask, 1000);
        QVERIFY(borders.has_value());
        QCOMPARE(borders->size(), std::size_t{4});  // ring, hole, two pixels
        QCOMPARE(cv::countNonZero(filled(*borders, mask.size()) != mask), 0);
        for (const Polygon& border : *borders) QCOMPARE(border.size(), std::size_t{4});
        QVERIFY(!maskBorders(mask, 10).has_value());
        cv::Mat noise(40, 53, CV_8UC1);
        cv::randu(noise, 0, 2);
        QCOMPARE(cv::countNonZero(filled(*maskBorders(noise, 100'000), noise.size()) != noise * 255), 0);
    }

  private:
    WrittenObjects m_objects;
};

QTEST_GUILESS_MAIN(TestReadResults)
#include "tst_read_results.moc"
