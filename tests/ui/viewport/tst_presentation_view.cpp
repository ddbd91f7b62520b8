// A presentation state in the film view: gray values and all eight turns pixel by pixel, displayed areas, and back again.
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "core/image/pixel_chain.h"
#include "ui/viewport/film_view.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kWidth = 60, kHeight = 40;

ImagePtr noiseFilm() {
    auto image = std::make_shared<Image>();
    image->samples.create(kHeight, kWidth, CV_16UC1);
    std::mt19937 random(7);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) image->samples.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(random() % 4096);
    }
    image->encoding.bitsStored = 12;
    image->study.sopInstanceUid = "1.2.3";
    image->defaultVoi = {2048, 4096, VoiFunction::Linear, nullptr};
    return image;
}

std::shared_ptr<PresentationState> magnified(int turns, bool isMirrored) {
    auto state = std::make_shared<PresentationState>();
    state->windows.push_back({{}, {1500, 1200, VoiFunction::Linear, nullptr}});
    state->isInverse = true;
    state->quarterTurns = turns;
    state->isMirrored = isMirrored;
    state->areas.push_back({{}, 0, 0, kWidth, kHeight, SizeMode::Magnify, 1, 0, 0});
    return state;
}

// Film pixel that a reader sees at (x, y) of the turned picture: the way back, by counting.
QPoint filmPixelAt(int x, int y, int turns, bool isMirrored) {
    const int width = turns % 2 == 0 ? kWidth : kHeight;
    if (isMirrored) x = width - 1 - x;
    switch (turns) {
        case 1:
            return {y, kHeight - 1 - x};
        case 2:
            return {kWidth - 1 - x, kHeight - 1 - y};
        case 3:
            return {kWidth - 1 - y, x};
        default:
            return {x, y};
    }
}

}  // namespace

class TestPresentationView : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        m_view = std::make_unique<FilmView>();
        m_view->setBannerVisible(false);
        m_view->resize(400, 300);
        m_view->setImage(noiseFilm());
        m_view->grab();  // takes its size
    }

    void everyTurnPixelByPixel_data() {
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("isMirrored");
        for (int turns = 0; turns < 4; ++turns) {
            for (const bool isMirrored : {false, true})
                QTest::addRow("%d degrees%s", 90 * turns, isMirrored ? ", mirrored" : "") << turns << isMirrored;
        }
    }
    void everyTurnPixelByPixel() {
        QFETCH(int, turns);
        QFETCH(bool, isMirrored);
        m_view->setPresentation(magnified(turns, isMirrored));
        const QImage seen = m_view->grab().toImage();
        const int width = turns % 2 == 0 ? kWidth : kHeight, height = turns % 2 == 0 ? kHeight : kWidth;
        const int left = (400 - width) / 2, top = (300 - height) / 2;
        int wrong = 0;
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const QPoint at = filmPixelAt(x, y, turns, isMirrored);
                const int sample = m_view->image()->samples.at<std::uint16_t>(at.y(), at.x());
                // PS3.3 C.11.2.1.2.1, then INVERSE
                const double gray = std::clamp((sample - 1499.5) / 1199 + 0.5, 0.0, 1.0);
                const int expected = static_cast<int>(std::lround((1 - gray) * 255));
                wrong += std::abs(qRed(seen.pixel(left + x, top + y)) - expected) > 0 ? 1 : 0;
            }
        }
        QCOMPARE(wrong, 0);
    }

    void offIsAsBefore() {
        m_view->setVoi({1000, 500, VoiFunction::Linear, nullptr});
        m_view->setInverted(true);
        m_view->setOrientation({1, true, false});
        m_view->setZoom(3);
        m_view->setCentre({20, 10});
        const QImage before = m_view->grab().toImage();
        m_view->setPresentation(magnified(2, false));
        QVERIFY(m_view->grab().toImage() != before);
        QVERIFY(!m_view->isInverted());
        m_view->setPresentation(magnified(3, true));  // another one: what was before stays what was before
        m_view->setPresentation(nullptr);
        QCOMPARE(m_view->zoom(), 3.0);
        QVERIFY(m_view->isInverted());
        QCOMPARE(m_view->grab().toImage(), before);
    }

    void areasAreFitted() {
        auto state = magnified(1, false);
        state->areas = {{{}, 10, 5, 30, 35, SizeMode::ScaleToFit, 1, 0, 0}};  // 20 x 30, lying as 30 x 20
        m_view->setPresentation(state);
        QCOMPARE(m_view->zoom(), std::min(400.0 / 30, 300.0 / 20));
        QCOMPARE(m_view->centre(), (PointPx{20, 20}));
        const PointPx middle = m_view->toFilm({200, 150});
        QVERIFY(std::hypot(middle.x - 20, middle.y - 20) < 1e-9);
    }

    void anotherFilmForgetsIt() {
        m_view->setPresentation(magnified(1, true));
        m_view->setImage(noiseFilm());
        QVERIFY(m_view->presentation() == nullptr);
        QCOMPARE(m_view->orientation(), FilmOrientation{});
    }

    void spacingIsReplaced() {
        const ImagePtr before = m_view->image();
        auto calibrated = std::make_shared<Image>(*m_view->image());  // shares the samples
        calibrated->spacing = {0.2, 0.2, SpacingSource::UserCalibration, 100};
        m_view->setSpacingOf(calibrated);
        QCOMPARE(m_view->image()->spacing.columnMm, 0.2);
        QCOMPARE(m_view->image()->samples.data, before->samples.data);
    }

    void calibrationToolAsksOnce() {
        QSignalSpy drawn(m_view.get(), &FilmView::calibrationDrawn);
        m_view->setTool(FilmTool::Calibrate);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {150, 120});
        QTest::mouseMove(m_view.get(), {180, 130});
        QTest::mouseMove(m_view.get(), {250, 180});
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {250, 180});
        QCOMPARE(drawn.count(), 1);
        const LinePx line = drawn.front().front().value<LinePx>();
        QCOMPARE(line.from, m_view->toFilm({150, 120}));
        QCOMPARE(line.to, m_view->toFilm({250, 180}));
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {150, 120});  // a click draws nothing
        QCOMPARE(drawn.count(), 1);
        QVERIFY(m_view->rulers().empty());
    }

  private:
    std::unique_ptr<FilmView> m_view;
};

QTEST_MAIN(TestPresentationView)
#include "tst_presentation_view.moc"
