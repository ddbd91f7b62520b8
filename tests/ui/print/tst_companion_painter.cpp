// What companions paint, against independent computations: shutters and filled segments pixel by pixel, places of drawings
// in all eight orientations.
#include <QColorSpace>
#include <QColorTransform>
#include <QPainter>
#include <QTest>
#include <cmath>

#include "core/image/mask_borders.h"
#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"
#include "core/measure/chest.h"
#include "tests/support/segmentation_of.h"
#include "ui/print/companion_painter.h"
#include "ui/print/findings_painter.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr QSize kFilm(83, 61);

QImage painted(const PresentationState& state) {
    QImage picture(kFilm, QImage::Format_RGB32);
    picture.fill(Qt::white);
    QPainter painter(&picture);
    paintShutter(painter, {}, kFilm, state);
    return picture;
}

// Compares with `isSeen` at each pixel; `slack`: pixels whose centre is this near to the edge may differ.
template <typename Seen>
QString wrongPixels(const QImage& picture, const QColor& gray, const Seen& isSeen) {
    int wrong = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const QRgb expected = isSeen(x, y) ? QColor(Qt::white).rgb() : gray.rgb();
            wrong += picture.pixel(x, y) != expected ? 1 : 0;
        }
    }
    return wrong == 0 ? QString() : QString("%1 pixels differ").arg(wrong);
}

// Centre of the pixels that are redder than anything else.
QPointF redCentre(const QImage& picture) {
    double x = 0, y = 0, sum = 0;
    for (int row = 0; row < picture.height(); ++row) {
        for (int column = 0; column < picture.width(); ++column) {
            const QColor colour = picture.pixelColor(column, row);
            const double weight = std::max(0, colour.red() - std::max(colour.green(), colour.blue()) - 60);
            x += weight * (column + 0.5), y += weight * (row + 0.5), sum += weight;
        }
    }
    return sum > 0 ? QPointF(x / sum, y / sum) : QPointF(-1, -1);
}

PresentationState withDrawing(const Drawing& drawing) {
    PresentationState state;
    state.layers.push_back({"RED", {}, 1, Rgb{255, 0, 0}});
    state.annotations.push_back({{}, "RED", {drawing}, {}});
    return state;
}

}  // namespace

class TestCompanionPainter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void rectangle() {
        PresentationState state;
        state.shutter.rectangle = Shutter::Rectangle{10, 7, 60, 50};
        state.shutter.gray = 0.2;
        QCOMPARE(wrongPixels(painted(state), QColor(51, 51, 51), [](int x, int y) { return x >= 10 && x < 60 && y >= 7 && y < 50; }), QString());
    }

    void circle() {
        PresentationState state;
        state.shutter.circleCentre = PointPx{40.5, 30.5};
        state.shutter.circleRadius = 22.3;  // no pixel centre lies at it
        int wrong = 0;
        const QImage picture = painted(state);
        for (int y = 0; y < kFilm.height(); ++y) {
            for (int x = 0; x < kFilm.width(); ++x) {
                const double away = std::hypot(x - 40, y - 30);
                if (std::abs(away - 22.3) < 0.15) continue;  // Qt draws circles as curves
                wrong += (picture.pixelColor(x, y) == Qt::white) != (away < 22.3) ? 1 : 0;
            }
        }
        QCOMPARE(wrong, 0);
    }

    void polygonAndAllTogether() {
        PresentationState state;
        const Polygon triangle{{5.5, 3.5}, {75.5, 20.5}, {30.5, 55.5}};
        state.shutter.polygon = triangle;
        state.shutter.rectangle = Shutter::Rectangle{0, 0, 50, 61};
        const cv::Mat inside = fillPolygon(triangle, cv::Size(kFilm.width(), kFilm.height()));
        const QImage picture = painted(state);
        int wrong = 0;
        for (int y = 0; y < kFilm.height(); ++y) {
            for (int x = 0; x < kFilm.width(); ++x)
                wrong += (picture.pixelColor(x, y) == Qt::white) != (inside.at<std::uint8_t>(y, x) != 0 && x < 50) ? 1 : 0;
        }
        QVERIFY2(wrong <= 2, qPrintable(QString::number(wrong)));  // centres that lie on a side
    }

    void bitmap() {
        PresentationState state;
        OverlayPlane plane{0x6000, 11, 21, cv::Mat::zeros(5, 8, CV_8UC1), {}};
        plane.mask.at<std::uint8_t>(2, 3) = 255;
        state.overlays.push_back(plane);
        state.shutter.overlayGroup = 0x6000;
        QCOMPARE(wrongPixels(painted(state), Qt::black, [](int x, int y) { return x != 23 || y != 12; }), QString());
    }

    void filledSegmentsCoverTheirPixels() {
        cv::Mat mask = cv::Mat::zeros(kFilm.height(), kFilm.width(), CV_8UC1);
        mask(cv::Rect(10, 10, 30, 20)) = 255;
        mask(cv::Rect(20, 15, 5, 5)) = 0;
        SegmentedFilm film;
        FilmSegment segment;
        segment.colour = {255, 0, 0};
        segment.borders = *maskBorders(mask, 10'000);
        film.segments.push_back(segment);
        QImage picture(kFilm * 8, QImage::Format_RGB32);
        picture.fill(Qt::black);
        QPainter painter(&picture);
        paintSegments(painter, QTransform::fromScale(8, 8), film, {.lineWidthPx = 1, .fontPx = 10});
        painter.end();
        int wrong = 0;
        for (int y = 0; y < kFilm.height(); ++y) {
            for (int x = 0; x < kFilm.width(); ++x)
                wrong += (picture.pixelColor(8 * x + 4, 8 * y + 4).red() > 0) != (mask.at<std::uint8_t>(y, x) != 0) ? 1 : 0;
        }
        QCOMPARE(wrong, 0);
    }

    // PIXEL places go with the film; DISPLAY places are shares of what a reader sees in the state's own turn.
    void placesInAllOrientations() {
        for (int turns = 0; turns < 4; ++turns) {
            for (const bool isMirrored : {false, true}) {
                PresentationState state = withDrawing({DrawingType::Point, true, false, {{0.25, 0.125}}});
                state.quarterTurns = turns;
                state.isMirrored = isMirrored;
                state.areas.push_back({{}, 0, 0, 200, 100, SizeMode::ScaleToFit, 1, 0, 0});
                // what the window does: turn clockwise about the middle, then mirror
                const QSize seen = turns % 2 == 0 ? QSize(200, 100) : QSize(100, 200);
                QTransform toDevice;
                toDevice.translate(seen.width() / 2.0, seen.height() / 2.0);
                toDevice.scale(isMirrored ? -1 : 1, 1);
                toDevice.rotate(90 * turns);
                toDevice.translate(-100, -50);
                QImage picture(seen, QImage::Format_RGB32);
                picture.fill(Qt::black);
                QPainter painter(&picture);
                paintDrawings(painter, toDevice, QSize(200, 100), state, "1.2", {.lineWidthPx = 2, .fontPx = 10});
                painter.end();
                const QPointF apart = redCentre(picture) - QPointF(seen.width() * 0.25, seen.height() * 0.125);
                QVERIFY2(std::hypot(apart.x(), apart.y()) < 0.8, qPrintable(QString("%1 turns, mirrored %2").arg(turns).arg(isMirrored)));
            }
        }
    }

    void shapesLieWhereTheyAre() {
        const auto centre = [](const Drawing& drawing) {
            QImage picture(200, 100, QImage::Format_RGB32);
            picture.fill(Qt::black);
            QPainter painter(&picture);
            paintDrawings(painter, {}, QSize(200, 100), withDrawing(drawing), "1.2", {.lineWidthPx = 2, .fontPx = 10});
            painter.end();
            return redCentre(picture);
        };
        const auto isAt = [](QPointF found, double x, double y) { return std::hypot(found.x() - x, found.y() - y) < 0.6; };
        QVERIFY(isAt(centre({DrawingType::Circle, false, false, {{60, 40}, {60, 60}}}), 60, 40));
        QVERIFY(isAt(centre({DrawingType::Circle, false, true, {{60, 40}, {60, 60}}}), 60, 40));
        QVERIFY(isAt(centre({DrawingType::Ellipse, false, false, {{20, 50}, {120, 50}, {70, 30}, {70, 70}}}), 70, 50));
        QVERIFY(isAt(centre({DrawingType::Polyline, false, false, {{20, 20}, {100, 20}}}), 60, 20));
        QVERIFY(isAt(centre({DrawingType::Interpolated, false, false, {{20, 20}, {60, 20}, {100, 20}}}), 60, 20));
    }

    // A text in the way of what is there goes elsewhere, with a line back to its anchor; its own colour is used.
    void textsCoverNothing() {
        PresentationState state;
        DrawnText text;
        text.text = "WORDS";
        text.anchor = DrawnText::Anchor{{40, 170}, false, false};
        text.colour = Rgb{255, 0, 0};
        state.annotations.push_back({{}, "", {}, {text}});
        const QRectF banner(0, 140, 200, 60);
        const auto painted = [&](const std::vector<QRectF>& taken) {
            QImage picture(200, 200, QImage::Format_RGB32);
            picture.fill(Qt::black);
            QPainter painter(&picture);
            paintDrawnTexts(painter, {}, QSize(200, 200), state, "1.2", {.lineWidthPx = 2, .fontPx = 12}, QRectF(0, 0, 200, 200), taken);
            painter.end();
            return picture;
        };
        const QPointF there = redCentre(painted({})), moved = redCentre(painted({banner}));
        QVERIFY(there.y() > 170 && there.x() > 40);
        QVERIFY2(moved.y() < 150 && moved.y() > 100, qPrintable(QString::number(moved.y())));
        const QImage picture = painted({banner});
        const QColor line = picture.pixelColor(44, 150);  // from the text to (40, 170)
        int red = 0;
        for (int x = 30; x < 60; ++x) red += picture.pixelColor(x, 155).red() > 150 ? 1 : 0;
        QVERIFY2(red >= 1 && red <= 4, qPrintable(QString("%1 %2").arg(red).arg(line.name())));
    }

    void palettesThroughTheirProfile() {
        PseudoColour colours;
        for (int i = 0; i < 256; ++i) colours.colours[static_cast<std::size_t>(i)] = {static_cast<std::uint8_t>(i), 0, 200};
        QCOMPARE(paletteOf(colours).at(100), qRgb(100, 0, 200));
        const QByteArray wide = QColorSpace(QColorSpace::AdobeRgb).iccProfile();
        colours.profile.assign(wide.begin(), wide.end());
        const QRgb expected = QColorSpace(QColorSpace::AdobeRgb).transformationToColorSpace(QColorSpace::SRgb).map(qRgb(100, 0, 200));
        QCOMPARE(paletteOf(colours).at(100), expected);
        QVERIFY(expected != qRgb(100, 0, 200));
        colours.profile = {1, 2, 3};  // nothing that Qt reads
        QCOMPARE(paletteOf(colours).at(100), qRgb(100, 0, 200));
    }

    // An exported picture shows what this program wrote earlier or what it finds now; what others wrote lies beside that, and
    // their texts cover no label of it.
    void exportedPictureHasFindingsOnce() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        const Phantom phantom = makePhantom(spec);
        const auto film = std::make_shared<const Image>(phantom.image);
        const ChestMeasurement chest = measureChest(cxr::test::segmentationOf(phantom), *film);
        const auto filmOf = [&](bool isOwn, const ChestMeasurement& findings) {
            auto state = std::make_shared<PresentationState>();
            state->facts.isOwn = isOwn;
            const FilmCompanions companions{state, nullptr};
            return annotatedPicture(*film, film->defaultVoi, false, findings, {}, 256, nullptr, &companions).copy(0, 0, 256, 256);
        };
        QCOMPARE(filmOf(true, chest), filmOf(true, {}));
        QVERIFY(filmOf(false, chest) != filmOf(false, {}));
        QImage picture(256, 256, QImage::Format_RGB32);
        picture.fill(Qt::black);
        QPainter painter(&picture);
        const auto labels = paintFindings(painter, {}, chest, {}, {.lineWidthPx = 1, .fontPx = 12, .handles = false, .legend = false});
        painter.end();
        QCOMPARE(labels.size(), std::size_t{2});
        QVERIFY(!labels[0].isEmpty() && !labels[1].isEmpty() && !labels[0].intersects(labels[1]));
    }

    void exportedPictureHasTheColours() {
        PhantomSpec spec;
        spec.width = spec.height = 128;
        const auto film = std::make_shared<const Image>(makePhantom(spec).image);
        auto state = std::make_shared<PresentationState>();
        auto colours = std::make_shared<PseudoColour>();
        for (int i = 0; i < 256; ++i) colours->colours[static_cast<std::size_t>(i)] = {0, static_cast<std::uint8_t>(i), 0};
        state->colours = colours;
        const FilmCompanions companions{state, nullptr};
        const PresentedFilm presented = presentedFilm(state, film);
        const QImage picture = annotatedPicture(*film, presented.voi, false, {}, {}, 128, nullptr, &companions);
        const int gray = presentedTable8(presented, presented.voi, false)[film->samples.at<std::uint16_t>(60, 60)];
        QCOMPARE(picture.pixelColor(60, 60), QColor(0, gray, 0));
    }

    void partsForOtherFilmsAreLeftOut() {
        PresentationState state = withDrawing({DrawingType::Point, false, false, {{50, 50}}});
        state.annotations.front().films = {"1.2.3"};
        QImage picture(100, 100, QImage::Format_RGB32);
        picture.fill(Qt::black);
        QPainter painter(&picture);
        paintDrawings(painter, {}, QSize(100, 100), state, "1.2", {});
        painter.end();
        QCOMPARE(redCentre(picture), QPointF(-1, -1));
    }

    void exportedPictureHasThem() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        const auto film = std::make_shared<const Image>(makePhantom(spec).image);
        auto state = std::make_shared<PresentationState>(withDrawing({DrawingType::Polyline, false, false, {{20, 128.5}, {236, 128.5}}}));
        state->shutter.rectangle = Shutter::Rectangle{0, 0, 256, 200};
        state->isInverse = true;
        state->facts.label = "LABEL";
        FilmCompanions companions{state, nullptr};
        const PresentedFilm presented = presentedFilm(state, film);
        const QImage picture = annotatedPicture(*film, presented.voi, false, {}, {}, 256, nullptr, &companions);
        const QImage bare = annotatedPicture(*film, presented.voi, false, {}, {}, 256);
        QVERIFY(picture.height() > bare.height());  // the state is named below
        QCOMPARE(picture.pixelColor(128, 230), QColor(Qt::black));
        QVERIFY(picture.pixelColor(60, 128).red() > 180 && picture.pixelColor(60, 128).green() < 60);
        const auto table = presentedTable8(presented, presented.voi, false);
        const int gray = table[film->samples.at<std::uint16_t>(60, 60)];
        QCOMPARE(picture.pixelColor(60, 60), QColor(gray, gray, gray));
    }
};

QTEST_MAIN(TestCompanionPainter)
#include "tst_companion_painter.moc"
