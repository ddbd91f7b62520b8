// HeartSpot against what its authors' own program computes. Takes every file in CXR_REFERENCE_DIR/heartspot:
//   masks.json             rows of {file, prior, size, seed, nlines, rows, kept, sha256_rowmajor_u8}: bit for bit
//   <stem>_input.png with  <stem>_{median,quantileNN}_kK_sS_{same,valid}.npy: pooling of input / 255 to 1e-6
//   rline_seedN_randn.npy  the Gaussians behind the random lines: bit for bit
#include <QDir>
#include <QRegularExpression>
#include <QTest>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <span>

#include "build_paths.h"
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/prior/heartspot.h"
#include "core/prior/npy.h"
#include "core/prior/numpy_random.h"
#include "core/prior/pooling.h"

using namespace cxr;

namespace {

QString referenceFolder() {
    const QString folder = qEnvironmentVariable("CXR_REFERENCE_DIR", CXR_SOURCE_DIR "/../shared/reference");
    return folder + "/heartspot";
}

// {"prior": "rhline_heart", "size": 320, "seed": 1, "nlines": 200} as a spec.
PriorSpec specOf(const nlohmann::json& row) {
    std::string name = row.at("prior");
    const auto at = name.find('_');
    if (at != std::string::npos) name[at] = '+';
    PriorSpec spec = priorByName(name).value();
    spec.size = row.at("size");
    if (spec.rline) {
        spec.rline->seed = row.at("seed");
        spec.rline->count = row.at("nlines");
    }
    return spec;
}

struct PoolFile {
    QString stem;
    PoolSpec spec;
};

std::optional<PoolFile> poolFile(const QString& name) {
    static const QRegularExpression form("^(.+)_(median|quantile(\\d+))_k(\\d+)_s(\\d+)_(same|valid)\\.npy$");
    const QRegularExpressionMatch match = form.match(name);
    if (!match.hasMatch()) return std::nullopt;
    PoolSpec spec;
    if (match.captured(2) != "median") spec.quantile = ("0." + match.captured(3)).toDouble();
    spec.kernel = match.captured(4).toInt();
    spec.stride = match.captured(5).toInt();
    spec.padding = match.captured(6) == "same" ? PoolPadding::SameReflect : PoolPadding::Valid;
    return PoolFile{match.captured(1), spec};
}

double largestDifference(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() ? cv::norm(a, b, cv::NORM_INF) : 1e9;
}

}  // namespace

class TestHeartSpotReference : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (!QFile::exists(referenceFolder() + "/masks.json")) {
            QSKIP("there are no HeartSpot references here; set CXR_REFERENCE_DIR to the folder that has heartspot/masks.json");
        }
    }

    void masks_data() {
        QTest::addColumn<QByteArray>("row");
        const auto text = readWholeFile((referenceFolder() + "/masks.json").toStdString());
        for (const auto& row : nlohmann::json::parse(text.isOk() ? text.value() : "[]")) {
            QTest::newRow(row.at("file").get<std::string>().c_str()) << QByteArray::fromStdString(row.dump());
        }
    }
    void masks() {
        QFETCH(QByteArray, row);
        const nlohmann::json expected = nlohmann::json::parse(row.toStdString());
        const cv::Mat region = cv::imread((referenceFolder() + "/population_heart_roi.jpg").toStdString(), cv::IMREAD_GRAYSCALE);
        const auto mask = priorMask(specOf(expected), region);
        QVERIFY2(mask.isOk(), mask.isOk() ? "" : mask.error().message.c_str());
        QCOMPARE(cv::countNonZero(mask.value()), expected.at("kept").get<int>());
        const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(mask.value().data), mask.value().total());
        QCOMPARE(sha256Hex(bytes), expected.at("sha256_rowmajor_u8").get<std::string>());
    }

    void pooling_data() {
        QTest::addColumn<QString>("file");
        for (const QString& name : QDir(referenceFolder()).entryList({"*.npy"}, QDir::Files, QDir::Name)) {
            if (poolFile(name)) QTest::newRow(qPrintable(name)) << name;
        }
    }
    void pooling() {
        QFETCH(QString, file);
        const PoolFile what = *poolFile(file);
        const cv::Mat expected = readNpy((referenceFolder() + "/" + file).toStdString()).value().toMat().value();
        const cv::Mat input =
            cv::imread((referenceFolder() + "/" + what.stem + "_input.png").toStdString(), cv::IMREAD_UNCHANGED);
        QVERIFY2(input.type() == CV_8UC1 || input.type() == CV_16UC1, "the input picture must be gray");
        const double largest = input.depth() == CV_8U ? 255 : 65535;
        cv::Mat fractions;
        input.convertTo(fractions, CV_32F, 1 / largest);
        QVERIFY(largestDifference(quantilePool(fractions, what.spec).value(), expected) <= 1e-6);
        QVERIFY(largestDifference(quantilePool(input, what.spec).value() / largest, expected) <= 1e-6);
    }

    void randomNumbers_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<unsigned int>("seed");
        static const QRegularExpression form("^rline_seed(\\d+)_randn\\.npy$");
        for (const QString& name : QDir(referenceFolder()).entryList({"rline_seed*_randn.npy"}, QDir::Files, QDir::Name)) {
            QTest::newRow(qPrintable(name)) << name << form.match(name).captured(1).toUInt();
        }
    }
    void randomNumbers() {
        QFETCH(QString, file);
        QFETCH(unsigned int, seed);
        NumpyRandom random(seed);
        for (const double expected : readNpy((referenceFolder() + "/" + file).toStdString()).value().toDoubles()) {
            QCOMPARE(random.nextGaussian() - expected, 0.0);
        }
    }

    void keptPixelsOfTheTable() {
        const cv::Mat region = cv::imread((referenceFolder() + "/population_heart_roi.jpg").toStdString(), cv::IMREAD_GRAYSCALE);
        const std::pair<const char*, int> table[] = {{"hline", 6400},          {"rline", 28246},    {"heart", 48577},
                                                     {"rhline+heart", 17520},  {"mp+hline", 3200},  {"mp+rhline+heart", 7209}};
        for (const auto& [name, kept] : table) {
            QCOMPARE(cv::countNonZero(priorMask(priorByName(name).value(), region).value()), kept);
        }
    }
};

QTEST_GUILESS_MAIN(TestHeartSpotReference)
#include "tst_heartspot_reference.moc"
