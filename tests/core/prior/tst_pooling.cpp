// Quantile pooling: solved cases, invariants, and agreement with the definition on random pictures of every depth.
#include <QTest>
#include <limits>
#include <opencv2/core.hpp>

#include "core/prior/lane_kernels.h"
#include "core/prior/pooling.h"
#include "core/prior/selection_network.h"
#include "tests/core/prior/naive_pooling.h"

using namespace cxr;

namespace {

cv::Mat randomPicture(cv::RNG& random, cv::Size size, int depth) {
    cv::Mat picture(size, depth);
    if (depth == CV_8U) random.fill(picture, cv::RNG::UNIFORM, 0, random.uniform(0, 2) != 0 ? 256 : 3);
    if (depth == CV_16U) random.fill(picture, cv::RNG::UNIFORM, 0, 65536);
    if (depth == CV_32F) random.fill(picture, cv::RNG::NORMAL, 0, 100);
    return picture;
}

bool equal(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() && cv::countNonZero(a != b) == 0;
}

QString describe(const PoolSpec& spec, const cv::Mat& picture) {
    return QString("k %1 s %2 q %3 %4, %5 x %6, depth %7")
        .arg(spec.kernel).arg(spec.stride).arg(spec.quantile)
        .arg(spec.padding == PoolPadding::Valid ? "valid" : "same").arg(picture.cols).arg(picture.rows).arg(picture.depth());
}

}  // namespace

class TestPooling : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void medianOnPaper() {
        // 0 1 2 / 3 4 5 / 6 7 8: the median of all is 4, the 0.9 quantile lies at position 7.2.
        cv::Mat picture(3, 3, CV_8UC1);
        for (int i = 0; i < 9; ++i) picture.at<std::uint8_t>(i / 3, i % 3) = static_cast<std::uint8_t>(i);
        const auto median = quantilePool(picture, {3, 1, 0.5, PoolPadding::Valid});
        QVERIFY(median.isOk());
        QCOMPARE(median.value().size(), cv::Size(1, 1));
        QCOMPARE(median.value().at<float>(0, 0), 4.0F);
        QCOMPARE(quantilePool(picture, {3, 1, 0.9, PoolPadding::Valid}).value().at<float>(0, 0), 7.2F);
        // Even count: the mean of the two in the middle; 0 1 / 3 4 -> 2.
        QCOMPARE(quantilePool(picture, {2, 1, 0.5, PoolPadding::Valid}).value().at<float>(0, 0), 2.0F);
    }

    void reflectionDoesNotRepeatTheEdge() {
        // One row 1 2 9 of three equal rows, k 3 s 1 maximum: mirrored 2 | 1 2 9 | 2.
        cv::Mat picture = (cv::Mat_<std::uint8_t>(3, 3) << 1, 2, 9, 1, 2, 9, 1, 2, 9);
        const cv::Mat largest = quantilePool(picture, {3, 1, 1.0, PoolPadding::SameReflect}).value();
        QCOMPARE(largest.at<float>(1, 0), 2.0F);
        QCOMPARE(largest.at<float>(1, 1), 9.0F);
        QCOMPARE(largest.at<float>(1, 2), 9.0F);
        QCOMPARE(quantilePool(picture, {3, 1, 0.0, PoolPadding::SameReflect}).value().at<float>(1, 2), 2.0F);
    }

    void sizes() {
        QCOMPARE(pooledSide(320, PoolSpec{}), 160);
        QCOMPARE(pooledSide(320, (PoolSpec{24, 1, 0.9, PoolPadding::Valid})), 297);
        QCOMPARE(pooledSide(321, PoolSpec{}), 161);
        QCOMPARE(pooledSide(11, PoolSpec{}), 0);
    }

    void agreesWithTheDefinition_data() {
        QTest::addColumn<int>("depth");
        QTest::newRow("8 bit") << CV_8U;
        QTest::newRow("16 bit") << CV_16U;
        QTest::newRow("float") << CV_32F;
    }
    void agreesWithTheDefinition() {
        QFETCH(int, depth);
        cv::RNG random(static_cast<std::uint64_t>(depth) + 7);
        for (int i = 0; i < 60; ++i) {
            PoolSpec spec;
            spec.kernel = random.uniform(1, i % 8 == 0 ? kNetworkKernel + 12 : 17);
            spec.stride = random.uniform(1, spec.kernel + 1);
            spec.quantile = i % 3 == 0 ? 0.5 : random.uniform(0, 101) / 100.0;
            spec.padding = i % 2 == 0 ? PoolPadding::Valid : PoolPadding::SameReflect;
            const cv::Size size(spec.kernel + random.uniform(0, 50), spec.kernel + random.uniform(0, 50));
            const cv::Mat picture = randomPicture(random, size, depth);
            const auto pooled = quantilePool(picture, spec);
            QVERIFY2(pooled.isOk(), qPrintable(describe(spec, picture)));
            QVERIFY2(equal(pooled.value(), test::naivePool(picture, spec)), qPrintable(describe(spec, picture)));
        }
    }

    void widePicturesUseSeveralBlocksAndTiles() {
        cv::RNG random(3);
        for (const int depth : {CV_16U, CV_32F}) {
            const cv::Mat picture = randomPicture(random, {1201, 97}, depth);
            for (const PoolSpec& spec : {PoolSpec{12, 2, 0.5, PoolPadding::SameReflect}, PoolSpec{7, 1, 0.9, PoolPadding::Valid}}) {
                QVERIFY2(equal(quantilePool(picture, spec).value(), test::naivePool(picture, spec)),
                         qPrintable(describe(spec, picture)));
            }
        }
    }

    void everyInstructionSetGivesTheSame() {
        const auto network = selectionNetwork(6, 2, 17, 18, 500);
        const int lanes = kSlotLanes + kLaneAlignment;
        cv::RNG random(11);
        cv::Mat inputs(network->inputRows * network->phases, lanes, CV_16S);
        random.fill(inputs, cv::RNG::UNIFORM, -32768, 32768);
        std::vector<cv::Mat> results;
        for (const std::string& kernel : laneKernelNames()) {
            cv::Mat memory(network->slotCount, lanes, CV_16S, cv::Scalar(0));
            inputs.copyTo(memory.rowRange(0, inputs.rows));
            std::vector<std::int16_t*> slots;
            for (int i = 0; i < memory.rows; ++i) slots.push_back(memory.ptr<std::int16_t>(i));
            runNetworkWith(kernel, *network, slots.data());
            cv::Mat outputs;
            for (const int slot : network->lowerSlot) outputs.push_back(memory(cv::Rect(0, slot, kBlockLanes - network->halo, 1)));
            for (const int slot : network->upperSlot) outputs.push_back(memory(cv::Rect(0, slot, kBlockLanes - network->halo, 1)));
            results.push_back(outputs);
        }
        QVERIFY(!results.empty());
        for (const cv::Mat& result : results) QVERIFY(equal(result, results.back()));
    }

    void constantStaysConstant() {
        for (const int depth : {CV_8U, CV_16U, CV_32F}) {
            const cv::Mat picture(40, 50, CV_MAKETYPE(depth, 1), cv::Scalar(77));
            const cv::Mat pooled = quantilePool(picture, PoolSpec{}).value();
            QCOMPARE(cv::countNonZero(pooled != 77.0F), 0);
        }
    }

    void orderIsKept() {
        // A larger quantile is nowhere smaller, and every result lies between minimum and maximum of its window.
        cv::RNG random(5);
        const cv::Mat picture = randomPicture(random, {70, 60}, CV_32F);
        cv::Mat last = quantilePool(picture, {9, 3, 0.0, PoolPadding::SameReflect}).value();
        for (const double quantile : {0.1, 0.5, 0.73, 0.9, 1.0}) {
            const cv::Mat next = quantilePool(picture, {9, 3, quantile, PoolPadding::SameReflect}).value();
            QCOMPARE(cv::countNonZero(next < last), 0);
            last = next;
        }
    }

    void extremesOf16BitsAndNegativeZero() {
        const cv::Mat picture = (cv::Mat_<std::uint16_t>(2, 2) << 0, 65535, 32768, 32767);
        QCOMPARE(quantilePool(picture, {2, 2, 0.0, PoolPadding::Valid}).value().at<float>(0, 0), 0.0F);
        QCOMPARE(quantilePool(picture, {2, 2, 1.0, PoolPadding::Valid}).value().at<float>(0, 0), 65535.0F);
        QCOMPARE(quantilePool(picture, {2, 2, 0.5, PoolPadding::Valid}).value().at<float>(0, 0), 32767.5F);
        const cv::Mat signs = (cv::Mat_<float>(2, 2) << -0.0F, -3.0F, 1e-30F, 0.0F);
        QCOMPARE(quantilePool(signs, {2, 2, 1.0, PoolPadding::Valid}).value().at<float>(0, 0), 1e-30F);
        QCOMPARE(quantilePool(signs, {2, 2, 0.0, PoolPadding::Valid}).value().at<float>(0, 0), -3.0F);
    }

    void refusals() {
        const cv::Mat small(11, 40, CV_16UC1, cv::Scalar(1));
        const auto refused = quantilePool(small, PoolSpec{});
        QVERIFY(!refused.isOk());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.find("smaller than the pooling kernel") != std::string::npos);
        cv::Mat numbers(20, 20, CV_32FC1, cv::Scalar(1));
        numbers.at<float>(3, 3) = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(quantilePool(numbers, PoolSpec{}).error().code, ErrorCode::InvalidArgument);
        numbers.at<float>(3, 3) = std::numeric_limits<float>::infinity();
        QCOMPARE(quantilePool(numbers, PoolSpec{}).error().code, ErrorCode::InvalidArgument);
        const cv::Mat film(20, 20, CV_8UC1, cv::Scalar(1));
        QVERIFY(!quantilePool(film, {12, 13, 0.5, PoolPadding::Valid}).isOk());
        QVERIFY(!quantilePool(film, {0, 1, 0.5, PoolPadding::Valid}).isOk());
        QVERIFY(!quantilePool(film, {3, 1, 1.5, PoolPadding::Valid}).isOk());
        QVERIFY(!quantilePool(film, {3, 1, std::numeric_limits<double>::quiet_NaN(), PoolPadding::Valid}).isOk());
        QVERIFY(!quantilePool(cv::Mat(20, 20, CV_8UC3, cv::Scalar(1)), PoolSpec{}).isOk());
        QVERIFY(!quantilePool(cv::Mat(), PoolSpec{}).isOk());
    }

    void stops() {
        std::stop_source source;
        source.request_stop();
        const cv::Mat film(100, 100, CV_8UC1, cv::Scalar(1));
        for (const int kernel : {12, kNetworkKernel + 1}) {
            const auto stopped = quantilePool(film, {kernel, 1, 0.5, PoolPadding::Valid}, {source.get_token(), {}});
            QVERIFY(!stopped.isOk());
            QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        }
    }
};

QTEST_GUILESS_MAIN(TestPooling)
#include "tst_pooling.moc"
