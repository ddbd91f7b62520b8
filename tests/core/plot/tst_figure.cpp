// Figures: curves lie where their values are, panels where their numbers say, and nothing is left when it cannot be written.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "core/plot/figure.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

// Margins of a panel and the header above all panels, as figure.cpp has them.
constexpr int kHeader = 64, kLeft = 66, kRight = 22, kTop = 40, kBottom = 58, kSide = 400;

Figure figureOf(int panels, int columns) {
    Figure figure;
    figure.title = "Title with # and 95 %";
    figure.columns = columns;
    figure.panelWidthPx = figure.panelHeightPx = kSide;
    figure.panels.resize(static_cast<std::size_t>(panels));
    return figure;
}

// Colour of the pixel that shows (x, y) of panel (column, row); ranges 0..1.
cv::Vec3b colourAt(const cv::Mat& picture, int column, int row, double x, double y) {
    const double px = column * kSide + kLeft + x * (kSide - kLeft - kRight);
    const double py = kHeader + row * kSide + kTop + (1 - y) * (kSide - kTop - kBottom);
    return picture.at<cv::Vec3b>(static_cast<int>(std::lround(py)), static_cast<int>(std::lround(px)));
}

bool isNear(const cv::Vec3b& bgr, const PlotColour& colour, int tolerance = 12) {
    return std::abs(bgr[0] - colour.blue) < tolerance && std::abs(bgr[1] - colour.green) < tolerance &&
           std::abs(bgr[2] - colour.red) < tolerance;
}

}  // namespace

class TestFigure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void pointsLinesAndBandsLieAtTheirValues() {
        Figure figure = figureOf(3, 2);
        figure.panels[0].points = {{{0.25}, {0.75}, {0.1}, {0.9}, kPlotOrange, 9, true}};
        figure.panels[1].lines = {{{0, 1}, {0.33, 0.33}, kPlotBlue, 5}};
        figure.panels[2].bands = {{{0, 1}, {0.4, 0.4}, {0.6, 0.6}, kPlotGreen, 1}};
        QVERIFY(writeFigure(file("f.png"), figure).isOk());
        const cv::Mat picture = cv::imread(file("f.png"));
        QCOMPARE(picture.cols, 2 * kSide);
        QCOMPARE(picture.rows, kHeader + 2 * kSide);
        QVERIFY(isNear(colourAt(picture, 0, 0, 0.25, 0.75), kPlotOrange));
        QVERIFY(isNear(colourAt(picture, 0, 0, 0.25, 0.15), kPlotOrange, 120));  // the whisker, one pixel and a half
        QVERIFY(!isNear(colourAt(picture, 0, 0, 0.75, 0.25), kPlotOrange));
        QVERIFY(isNear(colourAt(picture, 1, 0, 0.5, 0.33), kPlotBlue));
        QVERIFY(isNear(colourAt(picture, 0, 1, 0.5, 0.5), kPlotGreen));
        QVERIFY(isNear(colourAt(picture, 0, 1, 0.5, 0.7), {255, 255, 255}));
        QVERIFY(isNear(colourAt(picture, 1, 1, 0.5, 0.5), {255, 255, 255}));  // no fourth panel
    }
    void nothingToDrawAndNowhereToWrite() {
        QVERIFY(!writeFigure(file("none.png"), figureOf(0, 1)).isOk());
        QVERIFY(!writeFigure(file("no/folder/f.png"), figureOf(1, 1)).isOk());
        QVERIFY(!fs::exists(file("none.png")));
    }
    void emptyCurvesAreNoProblem() {
        Figure figure = figureOf(1, 1);
        figure.panels[0].lines.emplace_back();
        figure.panels[0].points.emplace_back();
        figure.panels[0].xRange = {0, 1e-3};
        figure.panels[0].yRange = {-250, 1000};
        QVERIFY(writeFigure(file("f.png"), figure).isOk());
    }

  private:
    [[nodiscard]] std::string file(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestFigure)
#include "tst_figure.moc"
