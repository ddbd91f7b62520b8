// Files are written whole or not at all, and leave nothing behind when they fail.
#include "core/base/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace cxr;
namespace fs = std::filesystem;

namespace {
std::string contentOf(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}
long filesIn(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }
}  // namespace

class TestAtomicFile : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void writesAndReplaces();
    void failureKeepsTheOldFile();
    void writerSeesTheExtension();
    void absentFolderIsAnError();
    void readRefusesLargeAndAbsentFiles();
};

void TestAtomicFile::writesAndReplaces() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "report.json";
    QVERIFY(writeFileAtomically(file, std::string_view("first")).isOk());
    QVERIFY(writeFileAtomically(file, std::string_view("second")).isOk());
    QCOMPARE(contentOf(file), std::string("second"));
    QCOMPARE(filesIn(file.parent_path()), 1L);
    const auto read = readWholeFile(file);
    QVERIFY(read.isOk());
    QCOMPARE(read.value(), std::string("second"));
}

void TestAtomicFile::failureKeepsTheOldFile() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "report.json";
    QVERIFY(writeFileAtomically(file, std::string_view("old")).isOk());
    const auto failed = writeFileAtomically(file, [](const fs::path& temporary) -> Result<Done> {
        std::ofstream(temporary) << "half";
        return Error{ErrorCode::WriteFailed, "disk full"};
    });
    QVERIFY(!failed.isOk());
    QCOMPARE(failed.error().code, ErrorCode::WriteFailed);
    QCOMPARE(contentOf(file), std::string("old"));
    QCOMPARE(filesIn(file.parent_path()), 1L);
}

void TestAtomicFile::writerSeesTheExtension() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "film.png";
    fs::path seen;
    QVERIFY(writeFileAtomically(file, [&](const fs::path& temporary) -> Result<Done> {
                seen = temporary;
                std::ofstream(temporary) << "x";
                return Done{};
            }).isOk());
    QCOMPARE(seen.extension().string(), std::string(".png"));
    QVERIFY(seen != file);
    QVERIFY(!fs::exists(seen));
}

void TestAtomicFile::absentFolderIsAnError() {
    const auto written = writeFileAtomically("/nonexistent/folder/report.json", std::string_view("x"));
    QVERIFY(!written.isOk());
    QCOMPARE(written.error().code, ErrorCode::WriteFailed);
}

void TestAtomicFile::readRefusesLargeAndAbsentFiles() {
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "large";
    QVERIFY(writeFileAtomically(file, std::string_view("0123456789")).isOk());
    QCOMPARE(readWholeFile(file, 9).error().code, ErrorCode::TooLarge);
    QVERIFY(readWholeFile(file, 10).isOk());
    QCOMPARE(readWholeFile(file.parent_path() / "absent").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_atomic_file.moc"
