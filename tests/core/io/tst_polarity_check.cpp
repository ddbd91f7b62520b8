// A drawn chest, right way round, exchanged, and in the cases where no doubt may be raised.
#include "core/io/polarity_check.h"

#include <QTest>
#include <opencv2/imgproc.hpp>

using namespace cxr;

namespace {

// Air 100, body 2500, lungs 800, spine 3000 of 4095.
Image chest(bool isExchanged) {
    Image image;
    image.samples = cv::Mat(400, 400, CV_16UC1, cv::Scalar(100));
    cv::rectangle(image.samples, {40, 60, 320, 340}, cv::Scalar(2500), cv::FILLED);
    cv::ellipse(image.samples, {115, 180}, {55, 110}, 0, 0, 360, cv::Scalar(800), cv::FILLED);
    cv::ellipse(image.samples, {285, 180}, {55, 110}, 0, 0, 360, cv::Scalar(800), cv::FILLED);
    cv::rectangle(image.samples, {180, 0, 40, 400}, cv::Scalar(3000), cv::FILLED);
    if (isExchanged) image.samples = 4095 - image.samples;
    image.study.modality = "DX";
    return image;
}

}  // namespace

class TestPolarityCheck : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void doubtsOnlyExchangedFilms();
    void photometricInterpretationCounts();
    void descendingRescaleCounts();
    void otherPicturesAreNotDoubted();
    void evenFilmIsNotDoubted();
};

void TestPolarityCheck::doubtsOnlyExchangedFilms() {
    QVERIFY(!looksInverted(chest(false)));
    QVERIFY(looksInverted(chest(true)));
}

void TestPolarityCheck::photometricInterpretationCounts() {
    Image film = chest(true);
    film.isInverse = true;  // MONOCHROME1: stored exchanged and shown right
    QVERIFY(!looksInverted(film));
    film = chest(false);
    film.isInverse = true;
    QVERIFY(looksInverted(film));
}

void TestPolarityCheck::descendingRescaleCounts() {
    Image film = chest(true);
    film.modality.slope = -1;
    QVERIFY(!looksInverted(film));
}

void TestPolarityCheck::otherPicturesAreNotDoubted() {
    Image lateral = chest(true), hand = chest(true), scan = chest(true), thumbnail = chest(true);
    lateral.view = ViewPosition::Lateral;
    hand.study.bodyPart = "HAND";
    scan.study.modality = "CT";
    cv::resize(thumbnail.samples, thumbnail.samples, {64, 64});
    for (const Image& image : {lateral, hand, scan, thumbnail}) QVERIFY(!looksInverted(image));
}

void TestPolarityCheck::evenFilmIsNotDoubted() {
    Image film = chest(true);
    film.samples.setTo(1000);
    QVERIFY(!looksInverted(film));
}

QTEST_GUILESS_MAIN(TestPolarityCheck)
#include "tst_polarity_check.moc"
