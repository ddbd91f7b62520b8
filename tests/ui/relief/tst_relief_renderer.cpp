// Landscapes drawn without a display: hills where the maps have them, heights as high as their poles, pictures with their words.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <set>

#include "tests/ui/relief/relief_scene.h"
#include "ui/relief/relief_frames.h"
#include "ui/relief/relief_renderer.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

namespace {

constexpr QSize kSize(480, 400);
const ReliefCamera kAbove{0, 90, 1, 0, 0, 1};

// The yellow of the upper half of cividis.
int yellowIn(const QImage& picture, const QRect& area) {
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x) {
            const QColor at = picture.pixelColor(x, y);
            count += at.red() - at.blue() > 40 ? 1 : 0;
        }
    return count;
}

int topmostYellow(const QImage& picture) {
    for (int y = 0; y < picture.height(); ++y)
        if (yellowIn(picture, QRect(0, y, picture.width(), 1)) > 2) return y;
    return picture.height();
}

std::size_t coloursIn(const QImage& picture) {
    std::set<QRgb> colours;
    for (int y = 0; y < picture.height(); y += 3)
        for (int x = 0; x < picture.width(); x += 3) colours.insert(picture.pixel(x, y));
    return colours.size();
}

}  // namespace

class TestReliefRenderer : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<ReliefRenderer> m_renderer;

  private Q_SLOTS:
    void init() {
        auto made = ReliefRenderer::create();
        if (!made) QSKIP(qPrintable(QString::fromStdString(made.error().message)));
        m_renderer = std::move(made).value();
    }
    void cleanup() { m_renderer.reset(); }

    void theHillIsWhereTheMapHasIt() {
        auto film = std::make_shared<ReliefFilm>(*reliefPhantom());
        film->chest.reset();  // its outlines are yellow, too
        const LandscapePtr made = landscape(film, shownHill(0.25, 0.5));
        const QRect left(0, 0, kSize.width() / 2, kSize.height()), right(kSize.width() / 2, 0, kSize.width() / 2, kSize.height());
        for (const bool isMoving : {false, true}) {
            const QImage picture = m_renderer->render(0, made, kSize, kAbove, isMoving);
            QCOMPARE(picture.size(), kSize);
            QVERIFY(yellowIn(picture, left) > 500);
            QVERIFY(yellowIn(picture, left) > 20 * std::max(1, yellowIn(picture, right)));
            ReliefCamera behind = kAbove;
            behind.azimuthDeg = 180;
            const QImage turned = m_renderer->render(0, made, kSize, behind, isMoving);
            QVERIFY(yellowIn(turned, right) > 20 * std::max(1, yellowIn(turned, left)));
        }
    }
    void aPixelIsWhatPickingSaysItIs() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.4, 0.6));
        const ReliefCamera camera{};
        const QImage picture = m_renderer->render(0, made, kSize, camera, false);
        const QPointF peak = *viewPointOf(*made, camera, kSize, {102, 154});
        QVERIFY(yellowIn(picture, QRect(peak.toPoint() - QPoint(4, 4), QSize(9, 9))) > 60);
        const QPointF corner = *viewPointOf(*made, camera, kSize, {250, 20});  // far from the hill
        QCOMPARE(yellowIn(picture, QRect(corner.toPoint() - QPoint(4, 4), QSize(9, 9))), 0);
        int beside = 0;  // where nothing can be picked there is ground
        for (int x = 4; x < kSize.width(); x += 8) {
            const QPoint at(x, 3);
            if (filmPointAt(*made, camera, kSize, at)) continue;
            ++beside;
            QVERIFY(picture.pixelColor(at).lightness() < 30);
        }
        QVERIFY(beside > 5);
    }
    void heightGrowsWithValueScaleAndSlider() {
        const ReliefFilmPtr film = reliefPhantom();
        const ReliefCamera low{0, 15, 1, 0, 0, 1};
        ShownHeatmap shown = shownHill(0.5, 0.9);
        const int full = topmostYellow(m_renderer->render(0, landscape(film, shown), kSize, low, false));
        ReliefCamera high = low;
        high.height = 2;
        const int doubled = topmostYellow(m_renderer->render(0, landscape(film, shown), kSize, high, false));
        QVERIFY2(doubled < full - 15, qPrintable(QString("%1 %2").arg(doubled).arg(full)));
        const QPointF peak = *viewPointOf(*landscape(film, shown), high, kSize, {128, 230});
        QVERIFY(std::abs(doubled - peak.y()) < 12);
    }
    void placesDoNotDisturbEachOther() {
        const ReliefFilmPtr film = reliefPhantom();
        const LandscapePtr left = landscape(film, shownHill(0.25, 0.5)), right = landscape(film, shownHill(0.75, 0.5));
        const QImage first = m_renderer->render(0, left, kSize, kAbove, false);
        const QImage other = m_renderer->render(3, right, kSize, kAbove, false);
        QVERIFY(first != other);
        QCOMPARE(m_renderer->render(0, left, kSize, kAbove, false), first);
        QCOMPARE(m_renderer->render(0, right, kSize, kAbove, false), other);  // the same place, another landscape
        QVERIFY(m_renderer->render(0, right, QSize(200, 300), kAbove, false).size() == QSize(200, 300));
    }
    void linesAreDrawn() {
        const ReliefFilmPtr film = reliefPhantom();
        auto bare = std::make_shared<Landscape>(*landscape(film, shownHill(0.5, 0.5)));
        const LandscapePtr with = std::make_shared<const Landscape>(*bare);
        bare->lines.clear();
        const QImage lined = m_renderer->render(0, with, kSize, {}, false), plain = m_renderer->render(1, bare, kSize, {}, false);
        int different = 0;
        for (int y = 0; y < lined.height(); ++y)
            for (int x = 0; x < lined.width(); ++x) different += lined.pixel(x, y) != plain.pixel(x, y) ? 1 : 0;
        QVERIFY2(different > 400, qPrintable(QString::number(different)));
    }
    void twoContextsLiveBesideEachOther() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.5, 0.5));
        auto second = ReliefRenderer::create();
        QVERIFY(second);
        const QImage one = m_renderer->render(0, made, kSize, {}, false);
        QCOMPARE(second.value()->render(0, made, kSize, {}, false), one);
        m_renderer.reset();
        QCOMPARE(second.value()->render(0, made, kSize, {}, false), one);
    }
    void aSheetHasLegendsModelsAndNotice() {
        const ReliefFilmPtr film = reliefPhantom();
        Heatmap empty = hill(16, 0.5, 0.5, {0, 0}, kReliefSide, false);
        empty.supportLogit = 0.001;
        ReliefSheet sheet{{landscape(film, shownHill(0.5, 0.5)), landscape(film, shownMap(empty)), landscape(film, std::nullopt)}, 2, {420, 320}, {}, PointPx{128, 128}};
        const auto made = reliefPicture(*m_renderer, sheet);
        QVERIFY(made);
        const QImage picture = made.value();
        QCOMPARE(picture.width(), 840);
        QVERIFY(picture.height() > 640 && picture.height() < 700);
        QVERIFY(coloursIn(picture.copy(0, 0, 420, 320)) > 300);
        QVERIFY(yellowIn(picture, QRect(420, 0, 420, 320)) < 2000);                 // a sentence, no hill
        QVERIFY(coloursIn(picture.copy(420, 320, 420, 320)) < 10);                  // no picture
        QVERIFY(coloursIn(picture.copy(0, 642, 840, picture.height() - 642)) > 8);  // models and notice
        const ReportPicture words = reportPictureOf(sheet, picture);
        QCOMPARE(QString::fromStdString(words.title), QString("Relief of 2 heatmaps"));
        const QString caption = QString::fromStdString(words.caption);
        QVERIFY2(caption.contains("Picture 1: Cardiomegaly 47 %, Class activation map, by 14 diseases 1.0.0, heights 0 to"), qPrintable(caption));
        QVERIFY(caption.contains("too little to change") && caption.contains("Picture 3: the bare film."));
        QVERIFY(QImage::fromData(reinterpret_cast<const uchar*>(words.png.data()), static_cast<int>(words.png.size())) == picture);
        QVERIFY(!reliefPicture(*m_renderer, {}));
    }
    void valuesAreNamedWithUnitAndAnatomy() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.5, 0.5));
        const QString text = valueText(*made, {128, 128});
        QVERIFY2(text.contains(" logits, "), qPrintable(text));
        QVERIFY(text.toDouble() == 0 && text.section(' ', 0, 0).toDouble() > 0.9);
        QCOMPARE(valueText(*landscape(reliefPhantom(), std::nullopt), {1, 1}), QString("outside heart and lungs"));
    }
    void onlyTheNewestWishIsDrawn() {
        const LandscapePtr made = landscape(reliefPhantom(), shownHill(0.5, 0.5));
        ReliefFrames frames;
        std::vector<double> azimuths;
        connect(&frames, &ReliefFrames::drawn, this, [&](const std::vector<QImage>& drawn, const ReliefFrames::Wish& wish, double) {
            QCOMPARE(drawn.size(), std::size_t(2));
            QVERIFY(drawn[0].isNull() && !drawn[1].isNull());
            azimuths.push_back(wish.camera.azimuthDeg);
        });
        for (int i = 0; i < 20; ++i) {
            ReliefFrames::Wish wish{{nullptr, made}, {QSize(100, 80), QSize(100, 80)}, {}, true};
            wish.camera.azimuthDeg = i;
            frames.want(wish);
        }
        QTRY_VERIFY(!azimuths.empty() && azimuths.back() == 19.0);
        QVERIFY(azimuths.size() <= 3);
        JobHandle job;
        QImage picture;
        job = frames.makePicture(&frames, {{made}, 1, {300, 200}, {}, {}}, [&](Result<QImage> result) {
            if (result) picture = result.value();
        });
        QTRY_VERIFY(!picture.isNull());
        QCOMPARE(picture.width(), 300);
    }
};

QTEST_MAIN(TestReliefRenderer)
#include "tst_relief_renderer.moc"
