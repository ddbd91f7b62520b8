// The front door: recognition by content, folders, hashes, cancelling, errors that name the file and nothing private.
#include "core/io/image_reader.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "core/base/sha256.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;
namespace fs = std::filesystem;

namespace {

ByteVector tinyFilm() {
    DicomBytes film;
    film.text(0x00080060, "CS", "DX")
        .text(0x00100010, "PN", "Secret^Name")
        .picture(2, 2)
        .words(0x7FE00010, std::vector<std::uint16_t>{1, 2, 3, 4});
    return dicomFile(film.bytes, kExplicitLittle);
}

ByteVector tinyPng() {
    ByteVector png;
    cv::imencode(".png", cv::Mat(3, 3, CV_8UC1, cv::Scalar(9)), png);
    return png;
}

void write(const fs::path& file, const ByteVector& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

class TestImageReader : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void contentDecidesNotTheName();
    void fileAndMemoryAgree();
    void tiffPreambleIsStillDicom();
    void errorsNameTheFileOnly();
    void absentEmptyAndOddFiles();
    void fileLimit();
    void cancelled();
    void reportsProgress();
    void listsFilmsOfAFolder();
    void linksOutOfTheFolderAreNotFollowed();
    void manyThreadsAtOnce();
};

void TestImageReader::contentDecidesNotTheName() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "film.png";
    write(file, tinyFilm());
    QCOMPARE(readImage(file).value()->encoding.format, std::string("DICOM"));
    write(file, tinyPng());
    QCOMPARE(readImage(file).value()->encoding.format, std::string("PNG"));
    QCOMPARE(readImage(file).value()->sourceName, std::string("film.png"));
}

void TestImageReader::fileAndMemoryAgree() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "film.dcm";
    write(file, tinyFilm());
    const auto fromFile = readImage(file),
               fromMemory = readImage(std::span<const std::uint8_t>(tinyFilm()), "film.dcm");
    QCOMPARE(cv::norm(fromFile.value()->samples, fromMemory.value()->samples, cv::NORM_INF), 0.0);
    QCOMPARE(fromFile.value()->sourceSha256, fromMemory.value()->sourceSha256);
    QCOMPARE(fromFile.value()->sourceSha256, sha256OfFile(file).value());
    QCOMPARE(fromFile.value()->defaultVoiOrigin, std::string("percentiles 0.5-99.5 of the film"));
}

// The preamble is free for other formats; PS3.10 7.1 names TIFF as an example.
void TestImageReader::tiffPreambleIsStillDicom() {
    ByteVector film = tinyFilm();
    const ByteVector tiff{'I', 'I', 42, 0, 8, 0, 0, 0};
    std::copy(tiff.begin(), tiff.end(), film.begin());
    QCOMPARE(readImage(std::span<const std::uint8_t>(film), "film").value()->encoding.format, std::string("DICOM"));
}

void TestImageReader::errorsNameTheFileOnly() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "cut.dcm";
    ByteVector film = tinyFilm();
    film.resize(film.size() - 3);
    write(file, film);
    const auto result = readImage(file);
    QVERIFY(!result.isOk());
    const std::string& message = result.error().message;
    QVERIFY(message.rfind("cannot open cut.dcm: ", 0) == 0);
    QVERIFY(message.find("Secret") == std::string::npos);
    QVERIFY(message.find(folder.path().toStdString()) == std::string::npos);
}

void TestImageReader::absentEmptyAndOddFiles() {
    const QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    QCOMPARE(readImage(root / "absent.dcm").error().code, ErrorCode::NotFound);
    QCOMPARE(readImage(root).error().code, ErrorCode::Unsupported);
    QCOMPARE(readImage("/dev/zero").error().code, ErrorCode::Unsupported);
    write(root / "empty.dcm", {});
    QCOMPARE(readImage(root / "empty.dcm").error().code, ErrorCode::Corrupt);
    write(root / "notes.txt", {'h', 'e', 'l', 'l', 'o'});
    QCOMPARE(readImage(root / "notes.txt").error().code, ErrorCode::Unsupported);
}

void TestImageReader::fileLimit() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "film.dcm";
    write(file, tinyFilm());
    const auto size = static_cast<std::int64_t>(tinyFilm().size());
    QVERIFY(readImage(file, ReadLimits{.maxFileBytes = size}).isOk());
    QCOMPARE(readImage(file, ReadLimits{.maxFileBytes = size - 1}).error().code, ErrorCode::TooLarge);
}

void TestImageReader::cancelled() {
    std::stop_source source;
    source.request_stop();
    const RunContext context{source.get_token(), {}};
    const ByteVector film = tinyFilm(), png = tinyPng();
    QCOMPARE(readImage(std::span<const std::uint8_t>(film), "film", {}, context).error().code, ErrorCode::Cancelled);
    QCOMPARE(readImage(std::span<const std::uint8_t>(png), "film", {}, context).error().code, ErrorCode::Cancelled);
}

void TestImageReader::reportsProgress() {
    std::vector<double> seen;
    const RunContext context{{}, [&](double fraction) { seen.push_back(fraction); }};
    const ByteVector film = tinyFilm();
    QVERIFY(readImage(std::span<const std::uint8_t>(film), "film", {}, context).isOk());
    QVERIFY(std::is_sorted(seen.begin(), seen.end()));
    QCOMPARE(seen.back(), 1.0);
}

void TestImageReader::listsFilmsOfAFolder() {
    const QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    fs::create_directories(root / "b" / "deep");
    write(root / "b" / "deep" / "film", tinyFilm());
    write(root / "c.jpg", tinyPng());
    write(root / "a.txt", {'h', 'e', 'l', 'l', 'o', ' ', 'y', 'o', 'u'});
    write(root / "empty", {});
    QCOMPARE(listFilms(root), (std::vector<fs::path>{root / "b" / "deep" / "film", root / "c.jpg"}));
    QCOMPARE(listFilms(root / "c.jpg"), (std::vector<fs::path>{root / "c.jpg"}));
    QVERIFY(listFilms(root / "a.txt").empty());
    QVERIFY(listFilms(root / "absent").empty());
}

void TestImageReader::linksOutOfTheFolderAreNotFollowed() {
    const QTemporaryDir outside, folder;
    const fs::path root = folder.path().toStdString(), other = outside.path().toStdString();
    write(other / "private.dcm", tinyFilm());
    write(root / "film.dcm", tinyFilm());
    fs::create_symlink(other / "private.dcm", root / "link.dcm");
    fs::create_directory_symlink(other, root / "folder");
    fs::create_directory_symlink(root, root / "loop");
    fs::create_symlink("film.dcm", root / "same.dcm");
    fs::create_symlink("gone.dcm", root / "broken.dcm");
    QCOMPARE(listFilms(root), (std::vector<fs::path>{root / "film.dcm", root / "same.dcm"}));
}

void TestImageReader::manyThreadsAtOnce() {
    const ByteVector film = tinyFilm();
    std::atomic<int> opened{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 20; ++k)
                    opened += readImage(std::span<const std::uint8_t>(film), "film").isOk() ? 1 : 0;
            });
        }
    }
    QCOMPARE(opened.load(), 160);
}

QTEST_GUILESS_MAIN(TestImageReader)
#include "tst_image_reader.moc"
