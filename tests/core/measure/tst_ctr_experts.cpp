// Which definition of the inner chest width agrees with experts: the ratio from the films' own masks against the ratio
// that experts read (Wingspan, 512 px). Prints bias, mean absolute error and 95 % limits of agreement of both.
#include <QDir>
#include <QFile>
#include <QTest>
#include <QTextStream>
#include <opencv2/imgcodecs.hpp>

#include "build_paths.h"
#include "core/measure/bootstrap.h"
#include "core/measure/cardiothoracic.h"
#include "core/measure/organ_masks.h"

using namespace cxr;

namespace {

QString dataFolder() {
    const QByteArray set = qgetenv("CXR_DATA_DIR");
    return set.isEmpty() ? QStringLiteral(CXR_SOURCE_DIR "/../shared/data") : QString::fromLocal8Bit(set);
}

Polygon outlineFrom(const QString& file) {
    const cv::Mat mask = cv::imread(file.toStdString(), cv::IMREAD_GRAYSCALE);
    return mask.empty() ? Polygon{} : outlineOf(largestPart(mask > 0), {0, 0}, 1, 400);
}

QString line(const char* name, const LimitsOfAgreement& a) {
    return QStringLiteral("%1: n %2, bias %3 [%4, %5], MAE %6 [%7, %8], limits of agreement %9 to %10")
        .arg(QLatin1String(name))
        .arg(a.count)
        .arg(a.bias.value, 0, 'f', 4)
        .arg(a.bias.low, 0, 'f', 4)
        .arg(a.bias.high, 0, 'f', 4)
        .arg(a.meanAbsoluteError.value, 0, 'f', 4)
        .arg(a.meanAbsoluteError.low, 0, 'f', 4)
        .arg(a.meanAbsoluteError.high, 0, 'f', 4)
        .arg(a.lowerLimit.value, 0, 'f', 4)
        .arg(a.upperLimit.value, 0, 'f', 4);
}

}  // namespace

class TestCtrExperts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void wholeExtentAgreesWithExperts() {
        const QDir folder(dataFolder() + "/heart/wingspan");
        QFile csv(dataFolder() + "/heart/wingspan_ctr.csv");
        if (!csv.open(QIODevice::ReadOnly)) QSKIP("no Wingspan films here: set CXR_DATA_DIR");
        QTextStream text(&csv);
        text.readLine();
        std::vector<double> experts, widestRow, wholeExtent;
        while (!text.atEnd()) {
            const QStringList fields = text.readLine().split(',');
            bool isNumber = false;
            const double expert = fields.size() == 2 ? fields[1].toDouble(&isNumber) : 0;
            if (!isNumber) continue;
            const auto path = [&](const char* organ) {
                return folder.filePath(QLatin1String(organ) + '/' + fields[0]);
            };
            const auto heart = heartLineOf(outlineFrom(path("heart")));
            const Polygon left = outlineFrom(path("left_lung")), right = outlineFrom(path("right_lung"));
            const auto row = chestLineOf(left, right, ChestWidth::WidestRow), extent = chestLineOf(left, right);
            if (!heart || !row || !extent) continue;
            experts.push_back(expert);
            widestRow.push_back(ratioOf(*heart, *row));
            wholeExtent.push_back(ratioOf(*heart, *extent));
        }
        QVERIFY(experts.size() > 150);
        const LimitsOfAgreement a = agreementOf(widestRow, experts), b = agreementOf(wholeExtent, experts);
        qInfo().noquote() << line("widest row  ", a);
        qInfo().noquote() << line("whole extent", b);
        QVERIFY2(b.meanAbsoluteError.value < 0.005, "the definition is no longer the experts'");
        QVERIFY2(b.meanAbsoluteError.value <= a.meanAbsoluteError.value, "the other definition is nearer: use it");
    }
};

QTEST_GUILESS_MAIN(TestCtrExperts)
#include "tst_ctr_experts.moc"
