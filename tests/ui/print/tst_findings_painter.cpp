// What is painted over a film and what leaves the program as a picture.
#include "ui/print/findings_painter.h"

#include <QBuffer>
#include <QPainter>
#include <QTest>
#include <algorithm>

#include "tests/ui/viewport/chest_sample.h"
#include "ui/print/halo_text.h"
#include "ui/print/outline_stroker.h"

namespace cxr::ui {

namespace {

const ModelStamp kModel{"heart-lungs", "Heart and lungs", "1.0", std::string(64, 'a'), "CPU"};

QImage painted(const ChestMeasurement& chest, const QTransform& transform = {}, bool legend = false) {
    QImage canvas(1024, 1024, QImage::Format_RGB32);
    canvas.fill(QColor(60, 60, 60));
    QPainter painter(&canvas);
    paintFindings(painter, transform, chest, {}, {.lineWidthPx = 3, .fontPx = 14, .handles = false, .legend = legend});
    return canvas;
}

int near(const QImage& picture, const QColor& colour, const QRect& area) {
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            const QColor at = picture.pixelColor(x, y);
            const int away = std::abs(at.red() - colour.red()) + std::abs(at.green() - colour.green()) + std::abs(at.blue() - colour.blue());
            if (away < 24) ++count;
        }
    }
    return count;
}

}  // namespace

class TestFindingsPainter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void outlinesAndLinesAreWhereTheyWereMeasured() {
        const QImage picture = painted(test::chestSample());
        QVERIFY(near(picture, organColour(Organ::Heart), QRect(519, 787, 3, 5)) > 0);      // bottom of the heart
        QVERIFY(near(picture, organColour(Organ::LeftLung), QRect(760, 198, 3, 4)) > 0);   // top of a lung
        QVERIFY(near(picture, heartLineColour(), QRect(400, 639, 5, 3)) > 0);
        QVERIFY(near(picture, chestLineColour(), QRect(200, 499, 5, 3)) > 0);
        QVERIFY(near(picture, heartLineColour(), QRect(300, 639, 10, 3)) == 0);            // beyond its end
    }
    void aTransformIsFollowed() {
        const QImage picture = painted(test::chestSample(), QTransform::fromScale(0.5, 0.5));
        QVERIFY(near(picture, organColour(Organ::Heart), QRect(259, 392, 3, 5)) > 0);
    }
    void anUncertainMaskIsDashed() {
        ChestMeasurement chest = test::chestSample();
        const QRect all(0, 0, 1024, 1024);
        const int whole = near(painted(chest), organColour(Organ::LeftLung), all);
        chest.isUncertain = true;
        chest.verdict = Verdict::NotMeasured;
        const int dashed = near(painted(chest), organColour(Organ::LeftLung), all);
        QVERIFY(dashed > whole / 3 && dashed < whole * 3 / 4);
        QVERIFY(legendSize(chest, {}, {}).height() > 0);
    }
    void nothingMeasuredPaintsNothing() {
        ChestMeasurement none;
        const QImage empty = painted(none);
        QCOMPARE(near(empty, QColor(60, 60, 60), QRect(0, 0, 1024, 1024)), 1024 * 1024);
    }
    void theLegendStandsInTheCorner() {
        const QImage with = painted(test::chestSample(), {}, true);
        QVERIFY(near(with, organColour(Organ::Heart), QRect(760, 860, 250, 150)) > 5);
    }
    void theStrokerCoversWhatItShould() {
        QImage canvas(100, 100, QImage::Format_RGB32);
        canvas.fill(Qt::black);
        QPainter painter(&canvas);
        const QPolygonF square({{20, 20}, {80, 20}, {80, 80}, {20, 80}});
        strokeOutline(painter, square, {.colour = Qt::white, .widthPx = 4, .casing = Qt::red, .casingPx = 2});
        painter.end();
        QCOMPARE(canvas.pixelColor(50, 20), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(50, 18), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(50, 16), QColor(Qt::red));
        QCOMPARE(canvas.pixelColor(50, 15), QColor(Qt::black));
        QCOMPARE(canvas.pixelColor(80, 50), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(50, 50), QColor(Qt::black));
    }
    void theStrokerClipsToThePicture() {
        QImage canvas(50, 50, QImage::Format_RGB32);
        canvas.fill(Qt::black);
        QPainter painter(&canvas);
        strokeOutline(painter, QPolygonF({{-1e5, 25}, {1e5, 25}, {1e5, 1e5}, {-1e5, 1e5}}), {.colour = Qt::white});
        strokeOutline(painter, QPolygonF({{900, 900}, {990, 900}, {990, 990}}), {.colour = Qt::white});
        painter.end();
        QCOMPARE(canvas.pixelColor(0, 25), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(49, 25), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(25, 40), QColor(Qt::black));
    }
    void haloTextIsReadableOnWhite() {
        QImage canvas(200, 40, QImage::Format_RGB32);
        canvas.fill(Qt::white);
        QPainter painter(&canvas);
        const QRectF where = drawHaloText(painter, {190, 5}, Qt::AlignRight | Qt::AlignTop, QStringLiteral("132 mm"), {.fontPx = 14});
        painter.end();
        QVERIFY(where.right() <= 190.5 && where.width() > 20);
        QVERIFY(near(canvas, QColor(40, 40, 40), canvas.rect()) > 30);
    }
    void theAnnotatedPictureSaysWhoAndWhatFor() {
        const ImagePtr film = test::phantomFilm();
        const QImage picture = annotatedPicture(*film, film->defaultVoi, false, test::chestSample(), kModel, 800);
        QCOMPARE(picture.width(), 800);
        QVERIFY(picture.height() > 800 + 60);
        const QRect strip(400, 800, 400, picture.height() - 800);
        QVERIFY(near(picture, noticeColour(), strip) > 60);
        QVERIFY(near(picture, organColour(Organ::Heart), QRect(0, 0, 800, 800)) > 100);
        const QImage inverted = annotatedPicture(*film, film->defaultVoi, true, {}, kModel, 800);
        QVERIFY(std::abs(qGray(picture.pixel(200, 780)) + qGray(inverted.pixel(200, 780)) - 255) <= 2);
        QVERIFY(near(inverted, noticeColour(), QRect(400, 800, 400, inverted.height() - 800)) > 60);
    }
    void modelTextIsShort() {
        QCOMPARE(modelText(kModel), QStringLiteral("Heart and lungs 1.0 · weights aaaaaaaaaaaa"));
        QCOMPARE(modelText({}), QString());
        QCOMPARE(noticeText({}), QStringLiteral("Not for diagnostic use"));
    }
    void pngRoundTrip() {
        QImage picture(3, 2, QImage::Format_RGB32);
        picture.fill(QColor(10, 200, 30));
        const std::vector<std::byte> png = toPng(picture);
        const QImage back = QImage::fromData(reinterpret_cast<const uchar*>(png.data()), static_cast<int>(png.size()));
        QCOMPARE(back.pixelColor(2, 1), QColor(10, 200, 30));
        QVERIFY(toPng(QImage()).empty());
    }
};

}  // namespace cxr::ui

QTEST_MAIN(cxr::ui::TestFindingsPainter)
#include "tst_findings_painter.moc"
