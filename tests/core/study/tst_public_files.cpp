// Every file of the shared folder of public DICOM files: what DCMTK's own tool decodes must open here, with the same pixels.
// DCMTK runs as a child process with bounded memory and time, because some of the files are hostile.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmimgle/dcmimage.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>
#include <sys/resource.h>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <fstream>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/study/study_scan.h"
#include "tests/support/test_data.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr int kToolLimitMs = 20'000;
constexpr std::array kRefused{"TC0285_buf_half", "TC0951_ect_0_frames_0pfg", "TC0973_px_1024sq_64b", "TC0985_px_wide_1x32768",  // cut off
                              "TC0309_bits_ba_three", "TC0327_mono2_spp3", "TC0339_mf_nf_million"};

fs::path folder() { return test::dataFolder() / "dicom"; }

std::vector<fs::path> dicomFiles() {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder())) {
        if (!entry.is_regular_file() || entry.file_size() == 0) continue;
        std::uint8_t start[132] = {};
        std::ifstream(entry.path(), std::ios::binary).read(reinterpret_cast<char*>(start), sizeof start);
        if (contentOf(start) == FileContent::Dicom) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool isHostile(const fs::path& file) { return fs::relative(file, folder()).string().find("fuzz") != std::string::npos; }

// 32-bit numbers in big endian: DCMTK turns the bytes of each 16-bit word only. See wideBigEndian().
bool isWideBigEndian(const fs::path& file) { return file.filename().string().rfind("rtdose_expb", 0) == 0; }

// DCMTK fills what is missing of a picture with black, takes one of three gray samples, and believes 3 bits and 999,999
// frames. A reader must not take half a film for a whole one.
bool isRefusedOnPurpose(const fs::path& file) {
    const std::string name = file.filename().string();
    return std::any_of(kRefused.begin(), kRefused.end(), [&name](const char* one) { return name.rfind(one, 0) == 0; });
}

bool dcmtkDecodes(const fs::path& file, const QString& tool, const QString& picture) {
    QProcess process;
    process.setChildProcessModifier([] {
        const rlimit memory{rlim_t{2} << 30, rlim_t{2} << 30};
        setrlimit(RLIMIT_AS, &memory);
    });
    process.start(tool, {"--quiet", "+op", QString::fromStdString(file.string()), picture});
    if (!process.waitForFinished(kToolLimitMs)) {
        process.kill();
        process.waitForFinished();
        return false;
    }
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

// The largest difference of 256 gray values in a window over the middle half of the film's values; -1: not comparable.
double differenceFromDcmtk(const fs::path& file, Image image) {
    DicomImage dcmtk(file.c_str());
    if (dcmtk.getStatus() != EIS_Normal || !dcmtk.isMonochrome() || image.encoding.wasColor) return -1;
    image.padding.reset();  // DCMTK shows padding as ordinary values
    dcmtk.hideAllOverlays();
    const ValueRange range = modalityRange(image);
    const VoiSetting voi{.center = (range.low + range.high) / 2, .width = std::max(2.0, (range.high - range.low) / 2), .function = VoiFunction::Linear, .table = nullptr};
    if (dcmtk.setWindow(voi.center, voi.width) == 0) return -1;
    const void* data = dcmtk.getOutputData(8);
    const cv::Mat ours = renderGray8(image, voi);
    if (data == nullptr || dcmtk.getWidth() != static_cast<unsigned long>(ours.cols) || dcmtk.getHeight() != static_cast<unsigned long>(ours.rows)) {
        return data == nullptr ? -1 : 256;
    }
    return cv::norm(ours, cv::Mat(ours.rows, ours.cols, CV_8UC1, const_cast<void*>(data)), cv::NORM_INF);
}

}  // namespace

class TestPublicFiles : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (!fs::is_directory(folder())) QSKIP("The shared data folder is absent; set CXR_DATA_DIR.");
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    }

    void whatDcmtkDecodesOpensHere() {
        const QString tool = QStandardPaths::findExecutable("dcmj2pnm");
        if (tool.isEmpty()) QSKIP("DCMTK's tool dcmj2pnm is not installed (package dcmtk).");
        QTemporaryDir temporary;
        int theirs = 0, both = 0, oursAlone = 0, compared = 0;
        QStringList refused, different;
        const auto files = dicomFiles();
        for (const fs::path& file : files) {
            const bool isDecoded = dcmtkDecodes(file, tool, temporary.filePath("picture.pnm"));
            const auto film = readImage(file);
            theirs += isDecoded;
            both += isDecoded && film.isOk();
            oursAlone += !isDecoded && film.isOk();
            if (isDecoded && !film.isOk() && !isRefusedOnPurpose(file)) refused << QString::fromStdString(film.error().message);
            if (!isDecoded || !film.isOk() || isHostile(file) || isWideBigEndian(file)) continue;
            const double difference = differenceFromDcmtk(file, *film.value());
            compared += difference >= 0;
            if (difference > 1) different << QString("%1: %2").arg(QString::fromStdString(file.filename().string())).arg(difference);
        }
        qInfo("%zu DICOM files: DCMTK decodes %d, of which %d open here; %d more open here alone; %d compared pixel by pixel", files.size(),
              theirs, both, oursAlone, compared);
        QCOMPARE(refused.join('\n'), QString());
        QCOMPARE(different.join('\n'), QString());
        QVERIFY(theirs - both <= static_cast<int>(kRefused.size()));
        QVERIFY(theirs >= 250 && compared >= 90);
    }

    // The same doses in both byte orders.
    void wideBigEndian() {
        const fs::path files = folder() / "pydicom" / "test_files";
        for (const auto& [little, big] : {std::pair{"rtdose.dcm", "rtdose_expb.dcm"}, {"rtdose_1frame.dcm", "rtdose_expb_1frame.dcm"}}) {
            const auto a = readImage(files / little), b = readImage(files / big);
            QVERIFY2(a.isOk() && b.isOk(), big);
            QVERIFY2(cv::norm(a.value()->samples, b.value()->samples, cv::NORM_INF) == 0, big);
        }
    }

    // The whole folder as a study list: everything is either in the tree or told, and nothing twice.
    void theFolderAsStudies() {
        const auto scan = scanStudies({folder()});
        QVERIFY(scan.isOk());
        std::size_t files = 0;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder())) files += entry.is_regular_file();
        std::size_t missing = 0;
        for (const UnusableFile& file : scan.value().unusable) {
            missing += file.file.empty();
            QVERIFY2(!file.reason.empty() && file.reason.find('\n') == std::string::npos, file.name.c_str());
        }
        const std::size_t told = scan.value().objects.size() + scan.value().unusable.size() - missing;
        qInfo("%zu files: %zu objects, %zu with a reason, %zu named by an index but absent", files, scan.value().objects.size(),
              scan.value().unusable.size() - missing, missing);
        QVERIFY(told <= files && files - told <= 20);  // indexes that could be read are neither
        const PatientTree tree = groupObjects(scan.value().objects);
        QVERIFY(tree.patients.size() >= 20);
    }
};

QTEST_GUILESS_MAIN(TestPublicFiles)
#include "tst_public_files.moc"
