// Logs of training runs as pictures: both kinds of runs, values that a log leaves empty, logs that are none.
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/pipeline/training_curves.h"

using namespace cxr;

namespace {

const char* const kClassifier =
    "epoch,stage,size,training_loss,monitor_loss,monitor_auc,learning_rate,seconds\n"
    "1,1,128,0.40,0.38,,0.001,9.5\n"
    "2,1,128,0.31,,0.55,0.001,9.4\n"
    "3,2,256,0.25,0.29,0.71,0.0005,20.1\n";
const char* const kSegmentation =
    "epoch,stage,size,training_loss,monitor_loss,dice_heart,dice_left_lung,dice_right_lung,learning_rate,seconds\n"
    "1,1,128,0.9,0.8,0.7,0.8,0.8,0.001,9\n"
    "2,1,128,0.5,0.6,0.9,0.9,0.9,0.001,9\n";

int inked(const cv::Mat& plot, const cv::Vec3b& bgr) {
    cv::Mat mask;
    cv::inRange(plot, bgr, bgr, mask);
    return cv::countNonZero(mask);
}

}  // namespace

class TestTrainingCurves : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void classification() {
        QVERIFY(drawTrainingCurves(kClassifier, folder() / "c").isOk());
        const cv::Mat loss = cv::imread((folder() / "c/loss.png").string()), auc = cv::imread((folder() / "c/auc.png").string());
        QCOMPARE(loss.cols, 900);
        QVERIFY(!std::filesystem::exists(folder() / "c/dice.png"));
        QVERIFY(inked(loss, {178, 114, 0}) > 300 && inked(loss, {0, 94, 213}) > 300);  // training, monitor
        QVERIFY(inked(auc, {0, 94, 213}) > 300);
    }
    void segmentation() {
        QVERIFY(drawTrainingCurves(kSegmentation, folder() / "s").isOk());
        QVERIFY(std::filesystem::exists(folder() / "s/loss.png") && std::filesystem::exists(folder() / "s/dice.png"));
        QVERIFY(!std::filesystem::exists(folder() / "s/auc.png"));
    }
    void whatIsNoLogIsRefused() {
        for (const char* csv : {"", "epoch,stage\n1,1\n", "epoch,training_loss,monitor_loss,monitor_auc\n", "epoch,training_loss,monitor_loss,monitor_auc\n1,x,2,3\n",
                                "epoch,training_loss,monitor_loss,monitor_auc\n1,2\n"}) {
            const auto drawn = drawTrainingCurves(csv, folder() / "none");
            QVERIFY(!drawn.isOk() && drawn.error().code == ErrorCode::Corrupt);
        }
    }

  private:
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTrainingCurves)
#include "tst_training_curves.moc"
