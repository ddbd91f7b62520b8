// Corner texts and orientation letters: only what the header says, "unknown" otherwise.
#include "ui/viewport/film_annotations.h"

#include <QTest>

#include "ui/print/edge_letters.h"
#include "ui/viewport/view_geometry.h"

namespace cxr::ui {

namespace {
Image film() {
    Image image;
    image.samples = cv::Mat(64, 64, CV_16UC1, cv::Scalar(0));
    return image;
}
QTransform turned(FilmOrientation orientation) {
    ViewGeometry view;
    view.filmSize = {64, 64};
    view.widgetSize = {64, 64};
    view.orientation = orientation;
    return view.filmToWidget();
}
}  // namespace

class TestFilmAnnotations : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void bannerOfASilentHeader() {
        Image image = film();
        image.sourceName = "a.png";
        const CornerTexts texts = cornerTexts(image, {}, false, 1);
        QVERIFY(texts.topLeft.isEmpty());
        QVERIFY(texts.topRight.contains(QStringLiteral("view unknown")));
        QVERIFY(texts.topRight.contains(QStringLiteral("orientation unknown")));
        QVERIFY(texts.bottomLeft.contains(QStringLiteral("no pixel spacing: lengths in px")));
    }
    void bannerOfAFullHeader() {
        Image image = film();
        image.patient = {"Müller, Änne", "42", "1949-03-08", "F", "063Y"};
        image.study.modality = "DX";
        image.study.studyDate = "2012-05-01";
        image.view = ViewPosition::PA;
        image.rowDirection = "L";
        image.columnDirection = "F";
        image.spacing = {0.2, 0.175, SpacingSource::ImagerPixelSpacing};
        image.encoding.isLossy = true;
        image.encoding.transferSyntax = "JPEG Baseline";
        image.encoding.lossyRatio = 10;
        const CornerTexts texts = cornerTexts(image, {2048, 4096, VoiFunction::Sigmoid, nullptr}, true, 0.5);
        QCOMPARE(texts.topLeft, QStringList({QStringLiteral("Müller, Änne"), QStringLiteral("ID 42"),
                                             QStringLiteral("born 1949-03-08 · F · 63 y")}));
        QVERIFY(texts.topRight.contains(QStringLiteral("DX · PA")));
        QVERIFY(!texts.topRight.contains(QStringLiteral("orientation unknown")));
        QCOMPARE(texts.bottomLeft.at(0), QStringLiteral("LOSSY JPEG Baseline · 10:1"));
        QVERIFY(texts.bottomLeft.at(1).startsWith(QStringLiteral("0.2 × 0.175 mm/px (")));
        QCOMPARE(texts.bottomLeft.at(2), QStringLiteral("zoom 50 %"));
        QCOMPARE(texts.bottomLeft.at(3), QStringLiteral("C 2048  W 4096 · sigmoid · inverted"));
    }
    void ages() {
        QCOMPARE(ageText("007M"), QStringLiteral("7 months"));
        QCOMPARE(ageText("about 40"), QStringLiteral("about 40"));
        QCOMPARE(ageText(""), QString());
    }
    void lettersFollowTurnsAndMirroring() {
        Image image = film();
        image.rowDirection = "L";
        image.columnDirection = "F";
        QCOMPARE(edgeLetters(image, turned({})), (EdgeLetters{"R", "H", "L", "F"}));
        QCOMPARE(edgeLetters(image, turned({0, true, false})), (EdgeLetters{"L", "H", "R", "F"}));
        QCOMPARE(edgeLetters(image, turned({1, false, false})), (EdgeLetters{"F", "R", "H", "L"}));
        QCOMPARE(edgeLetters(image, turned({2, false, false})), (EdgeLetters{"L", "F", "R", "H"}));
        QCOMPARE(edgeLetters(image, turned({0, false, true})), (EdgeLetters{"R", "F", "L", "H"}));
    }
    void nothingIsGuessed() {
        QCOMPARE(edgeLetters(film(), turned({})), EdgeLetters{});
        QCOMPARE(oppositeDirection(QStringLiteral("AR")), QStringLiteral("PL"));
        QCOMPARE(oppositeDirection(QStringLiteral("X")), QString());
    }
};

}  // namespace cxr::ui

QTEST_GUILESS_MAIN(cxr::ui::TestFilmAnnotations)
#include "tst_film_annotations.moc"
