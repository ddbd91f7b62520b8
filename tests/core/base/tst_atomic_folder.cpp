// Folders are written whole or not at all, never over another, and leave nothing behind when they fail.
#include "core/base/atomic_folder.h"

#include <QTemporaryDir>
#include <QTest>

#include "core/base/atomic_file.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

fs::path pathOf(const QTemporaryDir& folder) { return folder.path().toStdString(); }
long entriesIn(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

Result<Done> writeTwo(const fs::path& folder) {
    if (auto first = writeFileAtomically(folder / "a.txt", std::string_view("first")); !first.isOk()) return first;
    return writeFileAtomically(folder / "b.txt", std::string_view("second"));
}

}  // namespace

class TestAtomicFolder : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void writesWithItsParents() {
        const QTemporaryDir place;
        const fs::path folder = pathOf(place) / "packs" / "mine";
        QVERIFY(writeFolderAtomically(folder.string() + "/", writeTwo).isOk());
        QCOMPARE(entriesIn(folder), 2L);
        QCOMPARE(entriesIn(folder.parent_path()), 1L);
        QCOMPARE(readWholeFile(folder / "b.txt").value(), std::string("second"));
        const auto others = fs::perms::group_read | fs::perms::others_read;  // as the umask says, not private
        QCOMPARE(fs::status(folder).permissions() & others, fs::status(pathOf(place) / "packs").permissions() & others);
    }

    void failureLeavesNothing() {
        const QTemporaryDir place;
        const auto failed = writeFolderAtomically(pathOf(place) / "pack", [](const fs::path& folder) -> Result<Done> {
            if (auto two = writeTwo(folder); !two.isOk()) return two;
            return Error{ErrorCode::Cancelled, "stopped"};
        });
        QVERIFY(!failed.isOk());
        QCOMPARE(failed.error().code, ErrorCode::Cancelled);
        QCOMPARE(entriesIn(pathOf(place)), 0L);
    }

    void anExceptionLeavesNothing() {
        const QTemporaryDir place;
        const auto throwing = [](const fs::path& folder) -> Result<Done> {
            [[maybe_unused]] const auto two = writeTwo(folder);
            throw std::bad_alloc();
        };
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, static_cast<void>(writeFolderAtomically(pathOf(place) / "pack", throwing)));
        QCOMPARE(entriesIn(pathOf(place)), 0L);
    }

    void anotherFolderIsNotTouched_data() {
        QTest::addColumn<bool>("isEmpty");
        QTest::newRow("empty") << true;
        QTest::newRow("with a file") << false;
    }
    void anotherFolderIsNotTouched() {
        QFETCH(bool, isEmpty);
        const QTemporaryDir place;
        const fs::path folder = pathOf(place) / "pack";
        QVERIFY(fs::create_directory(folder));
        if (!isEmpty) QVERIFY(writeFileAtomically(folder / "mine.txt", std::string_view("mine")).isOk());
        const auto refused = writeFolderAtomically(folder, writeTwo);
        QVERIFY(!refused.isOk());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(entriesIn(folder), isEmpty ? 0L : 1L);
        QCOMPARE(entriesIn(pathOf(place)), 1L);
    }

    // Somebody else makes the folder while ours is being filled.
    void aRaceIsLost() {
        const QTemporaryDir place;
        const fs::path folder = pathOf(place) / "pack";
        const auto refused = writeFolderAtomically(folder, [&](const fs::path& temporary) -> Result<Done> {
            fs::create_directory(folder);
            return writeTwo(temporary);
        });
        QVERIFY(!refused.isOk());
        QCOMPARE(entriesIn(folder), 0L);
        QCOMPARE(entriesIn(pathOf(place)), 1L);
    }

    void impossiblePlaces() {
        const QTemporaryDir place;
        QVERIFY(writeFileAtomically(pathOf(place) / "file", std::string_view("x")).isOk());
        const auto refused = writeFolderAtomically(pathOf(place) / "file" / "pack", writeTwo);
        QVERIFY(!refused.isOk());
        QCOMPARE(refused.error().code, ErrorCode::WriteFailed);
        QVERIFY(!writeFolderAtomically("/", writeTwo).isOk());
        QVERIFY(!writeFolderAtomically("", writeTwo).isOk());
    }
};

QTEST_GUILESS_MAIN(TestAtomicFolder)
#include "tst_atomic_folder.moc"
