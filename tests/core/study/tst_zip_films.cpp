// Hostile archives: names that lead outside, bombs, lies, too many entries, broken and nested ones.
#include <QTemporaryDir>
#include <QTest>

#include "core/model/zip_writer.h"
#include "core/study/zip_films.h"
#include "tests/support/study_files.h"

using namespace cxr;
using namespace cxr::test;
namespace fs = std::filesystem;

namespace {

std::string film(std::size_t trailing = 0) {
    const ByteVector bytes = bytesOf({});
    return std::string(bytes.begin(), bytes.end()) + std::string(trailing, '\0');
}

}  // namespace

class TestZipFilms : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void namesThatLeadOutsideAreRefused() {
        const auto unpacked = unpack({{"../evil", film()}, {"/etc/evil", film()}, {"a/../../evil", film()}, {"C:\\evil", film()},
                                      {"..\\evil", film()}, {"fine/IM1", film()}, {"odd..name", film()}});
        QVERIFY2(unpacked.isOk(), unpacked.isOk() ? "" : unpacked.error().message.c_str());
        int refused = 0;
        for (const ZipMember& member : unpacked.value().members) {
            if (member.file.empty()) {
                QVERIFY(member.reason.find("refused") != std::string::npos);
                ++refused;
                continue;
            }
            const fs::path relative = member.file.lexically_relative(unpacked.value().folder->path());
            QVERIFY(!relative.empty() && *relative.begin() != "..");
        }
        QCOMPARE(refused, 5);
        QCOMPARE(unpacked.value().members.size(), std::size_t{7});
    }

    void aBombIsRefusedByItsClaim() {
        const std::string bomb = film(std::size_t{200} << 20);  // deflates a thousandfold
        const auto unpacked = unpack({{"IM1", bomb, true}});
        QVERIFY(!unpacked.isOk());
        QCOMPARE(unpacked.error().code, ErrorCode::TooLarge);
        QVERIFY(unpacked.error().message.find("far more than its size") != std::string::npos);
    }

    void aLargeMemberIsLeftOut() {
        ZipFilmLimits limits;
        limits.maxEntryBytes = 4 << 10;
        const auto unpacked = unpack({{"IM1", film()}}, limits);
        QVERIFY(unpacked.isOk() && unpacked.value().members.front().file.empty());
    }

    void tooManyEntriesAreRefused() {
        ZipFilmLimits limits;
        limits.archive.maxEntries = 2;
        const auto unpacked = unpack({{"a", film()}, {"b", film()}, {"c", film()}}, limits);
        QVERIFY(!unpacked.isOk() && unpacked.error().message.find("more than 2 entries") != std::string::npos);
    }

    void aMemberWithAWrongChecksumIsToldTheOthersOpen() {
        std::string zip = zipBytes({{"bad", film()}, {"good", film()}}).value();
        zip[zip.find("DICM") + 300] ^= 1;
        const auto unpacked = unpackBytes(zip);
        QVERIFY(unpacked.isOk());
        QVERIFY(unpacked.value().members[0].file.empty() && unpacked.value().members[0].reason.find("checksum") != std::string::npos);
        QVERIFY(!unpacked.value().members[1].file.empty());
    }

    void oneArchiveInTheArchiveIsOpened() {
        const std::string inner = zipBytes({{"disc/IM1", film()}, {"README", "text"}, {"../evil", film()}}).value();
        const auto unpacked = unpack({{"IM0", film()}, {"inner.zip", inner}});
        QVERIFY2(unpacked.isOk(), unpacked.isOk() ? "" : unpacked.error().message.c_str());
        std::map<std::string, ZipMember> members;
        for (const ZipMember& member : unpacked.value().members) members[member.name] = member;
        QCOMPARE(members.size(), std::size_t{4});
        QVERIFY(!members["IM0"].file.empty() && !members["inner.zip/disc/IM1"].file.empty());
        QCOMPARE(members["inner.zip/disc/IM1"].file.filename().string(), std::string("IM1"));
        QVERIFY(members["inner.zip/README"].isForeign);
        QVERIFY(members["inner.zip/../evil"].file.empty());
    }

    void deeperArchivesSayWhyNot() {
        const std::string innermost = zipBytes({{"IM1", film()}}).value();
        const auto unpacked = unpack({{"a.zip", zipBytes({{"b.zip", innermost}, {"IM2", film()}}).value()}});
        QVERIFY(unpacked.isOk());
        QCOMPARE(unpacked.value().members.size(), std::size_t{2});
        QCOMPARE(unpacked.value().members[1].name, std::string("a.zip/b.zip"));
        QVERIFY(unpacked.value().members[1].file.empty());
        QVERIFY(unpacked.value().members[1].reason.find("only one level is opened") != std::string::npos);
        QVERIFY(!unpacked.value().members[0].file.empty());
    }

    // Outer and inner archives live on one allowance of entries and bytes; a broken inner one leaves the rest open.
    void innerArchivesShareTheLimits() {
        const std::string inner = zipBytes({{"a", film()}, {"b", film()}}).value();
        ZipFilmLimits limits;
        limits.archive.maxEntries = 5;
        const auto three = unpack({{"1.zip", inner}, {"2.zip", inner}, {"IM", film()}}, limits);
        QVERIFY2(three.isOk(), three.isOk() ? "" : three.error().message.c_str());
        QCOMPARE(three.value().members.size(), std::size_t{4});  // a and b of the first, the second refused, IM
        QVERIFY(three.value().members[2].name == "IM" ? true : three.value().members[2].reason.find("entries") != std::string::npos);
        limits = {};
        limits.archive.maxTotalBytes = 3 * film().size() + 2 * inner.size();
        const auto bytes = unpack({{"1.zip", inner}, {"2.zip", inner}}, limits);
        QVERIFY(bytes.isOk());
        QVERIFY(!bytes.value().members[0].file.empty() && bytes.value().members.back().file.empty());
        const auto broken = unpack({{"bad.zip", inner.substr(0, inner.size() / 2)}, {"good", film()}});
        QVERIFY(broken.isOk() && broken.value().members[0].reason.find("cannot be opened") != std::string::npos);
        QVERIFY(!broken.value().members[1].file.empty());
        const std::string bomb = zipBytes({{"IM1", film(std::size_t{200} << 20), true}}).value();
        const auto hidden = unpack({{"bomb.zip", bomb}});
        QVERIFY(hidden.isOk() && hidden.value().members[0].file.empty());
        QVERIFY(hidden.value().members[0].reason.find("far more than its size") != std::string::npos);
    }

    void brokenArchivesSayWhy() {
        std::string zip = zipBytes({{"IM1", film()}}).value();
        QVERIFY(!unpackBytes(zip.substr(0, zip.size() / 2)).isOk());
        const std::size_t directory = zip.rfind("PK\1\2");
        zip[directory + 24] = '\x7F';  // the central directory claims another size than the entry
        const auto lies = unpackBytes(zip);
        QVERIFY(!lies.isOk() && lies.error().code == ErrorCode::Corrupt);
    }

    void unpackingStopsWhenAsked() {
        std::stop_source stop;
        stop.request_stop();
        const fs::path file = write(zipBytes({{"IM1", film()}}).value());
        const auto unpacked = unpackFilms(file, {}, {stop.get_token(), {}});
        QVERIFY(!unpacked.isOk() && unpacked.error().code == ErrorCode::Cancelled);
    }

    // What a killed program left is removed by the next one; a folder in use is not.
    void leftOversAreRemoved() {
        const auto used = TemporaryFolder::make();
        QVERIFY(used.isOk());
        const fs::path left = fs::temp_directory_path() / "precordia-films-left00";
        fs::create_directories(left);
        writeBytes(left / "1" / "film", bytesOf({}));
        const auto next = TemporaryFolder::make();
        QVERIFY(next.isOk() && !fs::exists(left));
        QVERIFY(fs::exists(used.value()->path()));
    }

  private:
    fs::path write(const std::string& zip) {
        const fs::path file = fs::path(m_temporary.path().toStdString()) / "disc.zip";
        return writeBytes(file, {reinterpret_cast<const std::uint8_t*>(zip.data()), zip.size()});
    }
    Result<ZipFilms> unpackBytes(const std::string& zip, const ZipFilmLimits& limits = {}) { return unpackFilms(write(zip), limits, {}); }
    Result<ZipFilms> unpack(const std::vector<ZipItem>& items, const ZipFilmLimits& limits = {}) {
        return unpackBytes(zipBytes(items).value(), limits);
    }
    QTemporaryDir m_temporary;
};

QTEST_GUILESS_MAIN(TestZipFilms)
#include "tst_zip_films.moc"
