// Archives in memory: what is written is read again, equal entries give equal bytes, and nothing says when or where.
#include <QTest>

#include "core/model/zip_archive.h"
#include "core/model/zip_writer.h"

using namespace cxr;

namespace {

std::span<const std::byte> viewOf(const std::string& bytes) { return std::as_bytes(std::span(bytes.data(), bytes.size())); }

std::string entryOf(const std::string& archive, const std::string& name) {
    const auto bytes = ZipArchive::open(viewOf(archive)).value().read(name).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

class TestZipWriter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void whatIsWrittenIsRead() {
        const std::string text(5000, 'q');
        std::string binary;
        for (int i = 0; i < 4000; ++i) binary += static_cast<char>(i * 7919 >> 3);
        const std::string archive = zipBytes({{"a.json", text, true}, {"b", binary, false}, {"empty", "", false}}).value();
        QCOMPARE(entryOf(archive, "a.json"), text);
        QCOMPARE(entryOf(archive, "b"), binary);
        QCOMPARE(entryOf(archive, "empty"), std::string());
        QVERIFY(archive.size() < binary.size() + 600);   // deflated one, stored the other
        QVERIFY(archive.find(binary) != std::string::npos);
    }
    void equalEntriesGiveEqualBytes() {
        const std::vector<ZipItem> items{{"a", "one", true}, {"b", "two", false}};
        const std::string first = zipBytes(items).value();
        QCOMPARE(zipBytes(items).value(), first);
        // Local header: time 0, date 1980-01-01, whenever it is written.
        QCOMPARE(first.substr(10, 4), std::string("\x00\x00\x21\x00", 4));
    }
    void aNameTwiceIsRefused() { QVERIFY(!zipBytes({{"a", "1", false}, {"a", "2", false}}).isOk()); }
};

QTEST_GUILESS_MAIN(TestZipWriter)
#include "tst_zip_writer.moc"
