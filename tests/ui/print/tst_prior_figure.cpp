// Pictures of priors: what is painted where, colours of relevance, and the three kinds of files.
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include "ui/print/prior_figure.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

PriorPanel panelOf(const QString& title, int gray) {
    PriorPanel panel;
    panel.title = title;
    panel.lines = {QStringLiteral("keeps 3.1 %"), QStringLiteral("100 bytes sealed")};
    panel.picture = QImage(40, 40, QImage::Format_Grayscale8);
    panel.picture.fill(gray);
    return panel;
}

PriorFigure figureOf(int panels) {
    PriorFigure figure;
    for (int i = 0; i < panels; ++i) figure.panels.push_back(panelOf(QStringLiteral("prior %1").arg(i), 100 + i));
    return figure;
}

QImage painted(const PriorFigure& figure) {
    QImage image(figureSize(figure).toSize(), QImage::Format_RGB32);
    QPainter painter(&image);
    paintPriorFigure(painter, figure);
    return image;
}

int pixelsOf(const QImage& image, QRgb colour) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) count += image.pixel(x, y) == colour ? 1 : 0;
    return count;
}

}  // namespace

class TestPriorFigure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyPictureIsThereOnce() {
        const PriorFigure figure = figureOf(9);
        const QImage image = painted(figure);
        for (int i = 0; i < 9; ++i) QVERIFY(std::abs(pixelsOf(image, qRgb(100 + i, 100 + i, 100 + i)) - 160 * 160) < 700);
        QVERIFY(figureSize(figureOf(9)).height() > figureSize(figureOf(7)).height() + 160);  // two rows of seven
        QVERIFY(figureSize({}).isEmpty());
    }

    // Its last letters end before the margin.
    void theNoticeIsWholeBelowOnePicture() {
        const QImage image = painted(figureOf(1));
        int ink = 0;
        for (int y = image.height() - 40; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (qGray(image.pixel(x, y)) > 200) continue;
                ++ink;
                QVERIFY2(x < image.width() - 12, "the notice runs out of the figure");
            }
        }
        QVERIFY(ink > 100);
    }

    void relevanceIsColouredFromAThirdOn() {
        PriorPanel panel = panelOf(QStringLiteral("p"), 0);
        panel.relevance.assign(1600, 0.0F);
        panel.relevance[0] = 1;
        panel.relevance[1] = 0.4F;
        panel.relevance[2] = 0.3F;
        panel.relevance[3] = -1;
        const QImage plain = paintedPanel(panel, false), coloured = paintedPanel(panel, true);
        QCOMPARE(coloured.pixel(2, 0), plain.pixel(2, 0));
        QCOMPARE(coloured.pixel(3, 0), plain.pixel(3, 0));
        QVERIFY(qGray(coloured.pixel(0, 0)) > qGray(coloured.pixel(1, 0)) && qGray(coloured.pixel(1, 0)) > 40);
        std::fill(panel.relevance.begin(), panel.relevance.end(), -1.0F);  // nothing speaks for it: nothing is coloured
        QCOMPARE(paintedPanel(panel, true), plain);
    }

    void filesOfAllKinds() {
        QTemporaryDir folder;
        const auto path = [&](const char* name) { return std::filesystem::path(folder.filePath(name).toStdString()); };
        PriorFigure figure = figureOf(3);
        figure.panels[1].network = figure.panels[2].network = QStringLiteral("heartspot-cardiomegaly");
        for (const char* name : {"f.png", "f.svg", "f.pdf"}) QVERIFY(writePriorFigure(figure, path(name)).isOk());
        const QImage png(folder.filePath("f.png"));
        QCOMPARE(png.size(), (figureSize(figure) * 2).toSize());
        QVERIFY(pixelsOf(png, qRgb(101, 101, 101)) > 4 * 150 * 150);
        QFile svg(folder.filePath("f.svg")), pdf(folder.filePath("f.pdf"));
        QVERIFY(svg.open(QIODevice::ReadOnly) && pdf.open(QIODevice::ReadOnly));
        const QByteArray text = svg.readAll();
        QVERIFY(text.contains("prior 2") && text.count("<image") == 3 && text.contains("Re-identification risk not measured"));
        QCOMPARE(text.count("heartspot-cardiomegaly"), 1);  // who gave the numbers
        QVERIFY(text.contains("Not for diagnostic use"));
        QVERIFY(pdf.readAll().startsWith("%PDF"));
        QVERIFY(!writePriorFigure(figure, path("f.gif")).isOk() && !std::filesystem::exists(path("f.gif")));
        QVERIFY(!writePriorFigure({}, path("none.png")).isOk());
        QCOMPARE(writePriorFigure(figure, "/nowhere/f.png").error().code, ErrorCode::WriteFailed);
    }
};

QTEST_MAIN(TestPriorFigure)
#include "tst_prior_figure.moc"
