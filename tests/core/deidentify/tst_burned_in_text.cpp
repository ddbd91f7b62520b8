// Writing is found and blackened, markers of the side stay; the HeartSpot picture as an object.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/deidentify/burned_in_text.h"
#include "core/deidentify/deidentify.h"
#include "core/deidentify/heartspot_object.h"
#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

namespace {

const Pseudonyms kPseudonyms(Pseudonyms::Key{3});

cv::Mat phantomFilm(int side) {
    PhantomSpec spec;
    spec.width = spec.height = side;
    const Phantom phantom = makePhantom(spec);
    return renderGray8(phantom.image, fullRangeVoi(phantom.image));
}

cv::Rect write(cv::Mat& film, const std::string& text, cv::Point at, double scale, int gray) {
    int base = 0;
    const int thickness = std::max(1, static_cast<int>(scale * 2));
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, &base);
    cv::putText(film, text, at, cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(gray), thickness, cv::LINE_AA);
    return {at.x, at.y - size.height, size.width, size.height};
}

bool isCovered(const cv::Rect& text, const std::vector<TextBox>& boxes) {
    cv::Mat rest(text.size(), CV_8U, cv::Scalar(1));
    for (const TextBox& box : boxes) {
        const cv::Rect common = box & text;
        if (!common.empty()) rest(common - text.tl()) = 0;
    }
    return cv::countNonZero(rest) < 0.05 * text.area();
}

// An 8-bit film as a DICOM file.
ByteVector filmFile(const cv::Mat& film, const std::string& photometric = "MONOCHROME2") {
    DicomBytes body;
    body.text(0x00080016, "UI", UID_ComputedRadiographyImageStorage).text(0x00080018, "UI", "1.3.999.7").text(0x00080060, "CS", "CR");
    body.text(0x00100020, "LO", "TOKEN").text(0x0020000D, "UI", "1.3.999.1").text(0x0020000E, "UI", "1.3.999.2");
    body.picture(film.rows, film.cols, 8, 8, false, photometric);
    body.data(0x7FE00010, "OB", std::span(film.ptr<std::uint8_t>(), film.total()));
    return body.bytes;
}

}  // namespace

class TestBurnedInText : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void writingIsFound_data() {
        QTest::addColumn<double>("scale");
        QTest::addColumn<int>("gray");
        QTest::newRow("small, white") << 0.5 << 255;
        QTest::newRow("middle, white") << 1.0 << 255;
        QTest::newRow("large, white") << 2.0 << 255;
        QTest::newRow("middle, black") << 1.0 << 0;
    }
    void writingIsFound() {
        QFETCH(double, scale);
        QFETCH(int, gray);
        cv::Mat film = phantomFilm(1024);
        if (gray == 0) cv::rectangle(film, {0, 0}, {1024, 160}, cv::Scalar(180), cv::FILLED);
        const cv::Rect name = write(film, "LOVELACE ADA", {30, 100}, scale, gray);
        const auto found = findBurnedInText(film);
        QVERIFY(found.isOk());
        QVERIFY(isCovered(name, found.value()));
        cv::Mat turned;
        cv::rotate(film, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
        const auto inTurned = findBurnedInText(turned);
        QVERIFY(isCovered({name.y, 1024 - name.br().x, name.height, name.width}, inTurned.value()));
    }

    void markersOfTheSideStay() {
        cv::Mat film = phantomFilm(1024);
        const auto before = findBurnedInText(film);
        write(film, "L", {900, 150}, 2.0, 255);
        write(film, "R", {80, 150}, 2.0, 255);
        QCOMPARE(findBurnedInText(film).value(), before.value());
    }

    // The side stays readable, initials and numbers beside it do not.
    void initialsBesideMarkersGo_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("marker");
        QTest::addColumn<QString>("after");
        QTest::addColumn<double>("scale");
        for (const double scale : {0.7, 1.6}) {
            QTest::addRow("L AB %g", scale) << "" << "L" << "AB" << scale;
            QTest::addRow("R 12 %g", scale) << "" << "R" << "12" << scale;
            QTest::addRow("KM L %g", scale) << "KM" << "L" << "" << scale;
        }
    }
    void initialsBesideMarkersGo() {
        QFETCH(QString, before);
        QFETCH(QString, marker);
        QFETCH(QString, after);
        QFETCH(double, scale);
        cv::Mat film = phantomFilm(512);
        cv::Point at(40, 120);
        const int blank = static_cast<int>(20 * scale);
        cv::Rect side, rest;
        for (const QString& part : {before, marker, after}) {
            if (part.isEmpty()) continue;
            const cv::Rect drawn = write(film, part.toStdString(), at, scale, 255);
            (part == marker ? side : rest) = drawn;
            at.x = drawn.br().x + blank;
        }
        const auto found = findBurnedInText(film);
        QVERIFY(found.isOk());
        QVERIFY2(isCovered(rest, found.value()), "the rest is there");
        const cv::Rect heart(side.x + side.width / 4, side.y, side.width / 2, side.height);  // its strokes, not the air around
        for (const TextBox& box : found.value()) QVERIFY2((box & heart).area() < 0.1 * heart.area(), "the marker is gone");
    }

    // Two letters are no line, but beside a marker, or below it, they are somebody's.
    void smallInitialsAtALargeMarkerGo() {
        for (const bool isBelow : {false, true}) {
            cv::Mat film = phantomFilm(512);
            const cv::Rect side = write(film, "R", {40, 120}, 1.6, 255);
            const cv::Point place = isBelow ? cv::Point(side.x, side.br().y + 24) : cv::Point(side.br().x + 16, 120);
            const cv::Rect initials = write(film, "KM", place, 0.5, 255);
            const auto found = findBurnedInText(film);
            QVERIFY(found.isOk());
            QVERIFY2(isCovered(initials, found.value()), isBelow ? "below" : "beside");
            const cv::Rect heart(side.x + side.width / 4, side.y, side.width / 2, side.height);
            for (const TextBox& box : found.value()) QVERIFY((box & heart).area() < 0.1 * heart.area());
        }
    }

    // Markers are laid by hand: tilted, or in a ring or a box of their own. The initials beside them still go.
    void tiltedAndFramedMarkersStay_data() {
        QTest::addColumn<QString>("marker");
        QTest::addColumn<int>("tilt");
        QTest::addColumn<int>("frame");  // 0 none, 1 ring, 2 box
        QTest::addColumn<QString>("initials");
        for (const char* marker : {"L", "R"}) {
            for (const int tilt : {-20, -10, 10, 20}) QTest::addRow("%s tilted by %d", marker, tilt) << marker << tilt << 0 << "AB";
            for (const int frame : {1, 2}) {
                QTest::addRow("%s in a %s", marker, frame == 1 ? "ring" : "box") << marker << 0 << frame << "KM";
                QTest::addRow("%s in a %s, alone", marker, frame == 1 ? "ring" : "box") << marker << 0 << frame << "";
            }
        }
    }
    void tiltedAndFramedMarkersStay() {
        QFETCH(QString, marker);
        QFETCH(int, tilt);
        QFETCH(int, frame);
        QFETCH(QString, initials);
        cv::Mat film = phantomFilm(512);
        cv::Mat sign = cv::Mat::zeros(film.size(), CV_8U), rest = sign.clone();
        const cv::Rect letter = write(sign, marker.toStdString(), {60, 140}, 1.6, 255);
        const cv::Point centre = (letter.tl() + letter.br()) / 2;
        if (frame == 1) cv::circle(sign, centre, letter.height, cv::Scalar(255), 3, cv::LINE_AA);
        if (frame == 2) cv::rectangle(sign, centre - cv::Point(letter.height, letter.height), centre + cv::Point(letter.height, letter.height), cv::Scalar(255), 3);
        if (!initials.isEmpty()) write(rest, initials.toStdString(), {cv::boundingRect(sign).br().x + 14, 140}, 1.2, 255);
        const cv::Mat turn = cv::getRotationMatrix2D(centre, tilt, 1);
        for (cv::Mat* ink : {&sign, &rest}) cv::warpAffine(ink->clone(), *ink, turn, ink->size());
        film = cv::max(film, cv::max(sign, rest));
        const auto found = findBurnedInText(film);
        QVERIFY(found.isOk());
        cv::Mat left = cv::Mat::ones(film.size(), CV_8U);
        for (const TextBox& box : found.value()) left(box) = 0;
        const auto share = [&left](const cv::Mat& ink) {
            const cv::Mat strong = ink > 127;
            return static_cast<double>(cv::countNonZero(strong & (left > 0))) / std::max(1, cv::countNonZero(strong));
        };
        QVERIFY2(share(sign) >= 0.9, qPrintable(QString("of the marker stays %1").arg(share(sign))));
        QVERIFY2(share(rest) <= 0.05, qPrintable(QString("of the initials stays %1").arg(share(rest))));
    }

    void otherLettersAreNoMarkers() {
        cv::Mat film = phantomFilm(512);
        for (const auto& [letter, word] : {std::pair("J", "KM"), std::pair("R", "MILLER")}) {  // no marker, or the initial of a name
            const cv::Rect first = write(film, letter, {60, 120}, 1.0, 255);
            const cv::Rect rest = write(film, word, {first.br().x + 20, 120}, 1.0, 255);
            const auto found = findBurnedInText(film);
            QVERIFY2(isCovered(first, found.value()) && isCovered(rest, found.value()), word);
        }
    }

    void cancelIsHeard() {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(findBurnedInText(phantomFilm(512), {stop.get_token(), {}}).error().code, ErrorCode::Cancelled);
    }

    void boxesBecomeBlack_data() {
        QTest::addColumn<QString>("photometric");
        QTest::addColumn<int>("black");
        QTest::newRow("bright is large") << "MONOCHROME2" << 0;
        QTest::newRow("bright is small") << "MONOCHROME1" << 255;
    }
    void boxesBecomeBlack() {
        QFETCH(QString, photometric);
        QFETCH(int, black);
        const cv::Mat film = phantomFilm(256);
        const TextBox box(10, 20, 30, 8), outside(250, 250, 50, 50);
        const ByteVector file = filmFile(film, photometric.toStdString());
        const auto result = deidentifyObject(file, {{}, std::vector<TextBox>{box, outside}, true}, kPseudonyms);
        QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str());
        QVERIFY(!result.value().isPictureUntouched);
        const std::string& bytes = result.value().bytes;
        const auto image = readImage(Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), "film");
        QVERIFY(image.isOk());
        cv::Mat wanted, got;
        film.convertTo(wanted, CV_16U);
        wanted(box) = cv::Scalar(black);
        wanted(outside & cv::Rect(0, 0, 256, 256)) = cv::Scalar(black);
        cv::compare(wanted, image.value()->samples, got, cv::CMP_NE);
        QCOMPARE(cv::countNonZero(got), 0);
    }

    void heartSpotPicturesBecomeObjects() {
        const ByteVector file = filmFile(phantomFilm(256));
        const auto film = deidentifyObject(file, {}, kPseudonyms);
        QVERIFY(film.isOk());
        const HeartSpotPicture picture{phantomFilm(64), "hline", "abc", "keeps 6.3 % of the pixels; re-identification risk not measured"};
        const auto object = heartSpotObject(film.value(), picture, kPseudonyms);
        QVERIFY2(object.isOk(), object.isOk() ? "" : object.error().message.c_str());
        const std::string& bytes = object.value().bytes;
        const auto image = readImage(Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), "spot");
        QVERIFY(image.isOk());
        QCOMPARE(image.value()->width(), 64);
        QCOMPARE(image.value()->patient.id, film.value().patientCode);
        QCOMPARE(image.value()->study.sopClassUid, std::string(UID_SecondaryCaptureImageStorage));
        QCOMPARE(image.value()->study.studyInstanceUid, kPseudonyms.uid("1.3.999.1"));
        QVERIFY(image.value()->study.seriesInstanceUid != kPseudonyms.uid("1.3.999.2"));
        QVERIFY(bytes.find("keeps 6.3 % of the pixels") != std::string::npos);
        QVERIFY(bytes.find("1.3.999") == std::string::npos && bytes.find("TOKEN") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestBurnedInText)
#include "tst_burned_in_text.moc"
