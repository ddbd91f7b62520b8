// The phantom film: its geometry is what it says, its gray values are a chest film's, it is deterministic and marked.
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"

using namespace cxr;

namespace {

PhantomSpec small(double ratio = 0.46) {
    PhantomSpec spec;
    spec.width = spec.height = 256;
    spec.cardiothoracicRatio = ratio;
    return spec;
}

struct Columns {
    int first = 1 << 30, last = -1;
};

Columns columnsOf(const cv::Mat& mask) {
    std::vector<cv::Point> points;
    cv::findNonZero(mask, points);
    Columns columns;
    for (const auto& p : points) columns = {std::min(columns.first, p.x), std::max(columns.last, p.x)};
    return columns;
}

double meanGray(const Phantom& phantom, const cv::Mat& mask) {
    return cv::mean(renderGray(phantom.image, fullRangeVoi(phantom.image)), mask)[0];
}

}  // namespace

class TestPhantom : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void ratioOfLinesIsTheSpecified() {
        for (const double ratio : {0.30, 0.46, 0.50, 0.55, 0.62, 0.80}) {
            const Phantom phantom = makePhantom(small(ratio));
            QVERIFY(std::abs(phantom.heartLine.length() / phantom.chestLine.length() - ratio) < 1e-9);
        }
    }
    void masksEndWhereTheLinesEnd() {
        for (const double ratio : {0.35, 0.46, 0.60, 0.75}) {
            const Phantom phantom = makePhantom(small(ratio));
            const Columns heart = columnsOf(phantom.heart);
            QVERIFY(std::abs(heart.first - phantom.heartLine.from.x) <= 1);
            QVERIFY(std::abs(heart.last + 1 - phantom.heartLine.to.x) <= 1);
            QVERIFY(std::abs(columnsOf(phantom.rightLung).first - phantom.chestLine.from.x) <= 1);
            QVERIFY(std::abs(columnsOf(phantom.leftLung).last + 1 - phantom.chestLine.to.x) <= 1);
        }
    }
    void masksDoNotOverlapAndLieOnTheirSides() {
        const Phantom phantom = makePhantom(small());
        QCOMPARE(cv::countNonZero(phantom.heart & (phantom.leftLung | phantom.rightLung)), 0);
        QCOMPARE(cv::countNonZero(phantom.leftLung & phantom.rightLung), 0);
        QVERIFY(columnsOf(phantom.leftLung).first > columnsOf(phantom.rightLung).last);
        const cv::Moments heart = cv::moments(phantom.heart, true);
        QVERIFY(heart.m10 / heart.m00 > 132);  // to the patient's left of the middle
    }
    void lungsAreDarkHeartAndShouldersBright() {
        const Phantom phantom = makePhantom(small());
        const double heart = meanGray(phantom, phantom.heart),
                     lungs = meanGray(phantom, phantom.leftLung | phantom.rightLung);
        QVERIFY2(heart > lungs + 0.2, qPrintable(QString("%1 %2").arg(heart).arg(lungs)));
    }
    void mono1StoresInvertedAndShowsTheSame() {
        PhantomSpec spec = small();
        const Phantom plain = makePhantom(spec);
        spec.mono1 = true;
        const Phantom inverted = makePhantom(spec);
        QVERIFY(inverted.image.isInverse);
        QCOMPARE(cv::norm(plain.image.samples + inverted.image.samples, cv::Mat(256, 256, CV_16UC1, cv::Scalar(4095)),
                          cv::NORM_INF),
                 0.0);
        const cv::Mat a = renderGray8(plain.image, fullRangeVoi(plain.image)),
                      b = renderGray8(inverted.image, fullRangeVoi(inverted.image));
        QVERIFY(cv::norm(a, b, cv::NORM_INF) <= 1);
    }
    void deterministicAndSeeded() {
        PhantomSpec spec = small();
        const Phantom a = makePhantom(spec), b = makePhantom(spec);
        QCOMPARE(a.image.sourceSha256, b.image.sourceSha256);
        spec.seed = 2;
        const Phantom c = makePhantom(spec);
        QVERIFY(a.image.sourceSha256 != c.image.sourceSha256);
        QCOMPARE(cv::norm(a.heart, c.heart, cv::NORM_INF), 0.0);
    }
    void noiseHasTheSpecifiedSpread() {
        PhantomSpec spec = small();
        spec.noise = 0;
        cv::Mat clean = makePhantom(spec).image.samples, noisy, difference;
        spec.noise = 0.01;
        makePhantom(spec).image.samples.convertTo(noisy, CV_64F, 1 / 4095.0);
        clean.convertTo(clean, CV_64F, 1 / 4095.0);
        cv::Scalar mean, deviation;
        cv::meanStdDev(noisy - clean, mean, deviation);
        QVERIFY(std::abs(mean[0]) < 2e-4);
        QVERIFY(std::abs(deviation[0] - 0.01) < 5e-4);
    }
    void isMarkedSynthetic() {
        const Phantom phantom = makePhantom(small());
        QVERIFY(QString::fromStdString(phantom.image.patient.name).contains("Synthetic"));
        QCOMPARE(phantom.image.notes.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(phantom.image.notes[0]).contains("Synthetic phantom"));
        PhantomSpec spec = small();
        spec.burnInLabel = false;
        cv::Mat changed = makePhantom(spec).image.samples != phantom.image.samples;
        QVERIFY(cv::countNonZero(changed) > 300);                          // the letters
        QCOMPARE(cv::countNonZero(changed(cv::Rect(0, 0, 256, 200))), 0);  // and nothing else
    }
    void otherShapesAndDepths() {
        PhantomSpec spec = small();
        spec.width = 300;
        spec.height = 200;
        spec.bitsStored = 16;
        spec.pixelSpacingMm = 0;
        const Phantom wide = makePhantom(spec);
        QCOMPARE(wide.image.width(), 300);
        QCOMPARE(wide.heart.size(), cv::Size(300, 200));
        QVERIFY(!wide.image.spacing.isKnown());
        double low = 0, high = 0;
        cv::minMaxLoc(wide.image.samples, &low, &high);
        QVERIFY(high > 60000);
        spec.width = spec.height = 64;
        spec.bitsStored = 8;
        const Phantom tiny = makePhantom(spec);
        cv::minMaxLoc(tiny.image.samples, &low, &high);
        QVERIFY(high <= 255);
        QVERIFY(cv::countNonZero(tiny.heart) > 100);
    }
};

QTEST_GUILESS_MAIN(TestPhantom)
#include "tst_phantom.moc"
