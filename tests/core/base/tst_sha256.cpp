// SHA-256 against the vectors of FIPS 180-4 and NIST's example of a million letters.
#include "core/base/sha256.h"
#include "core/base/sha256_plain.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace cxr;

namespace {
std::string hashOf(const std::string& text) { return sha256Hex(std::as_bytes(std::span(text.data(), text.size()))); }
}  // namespace

class TestSha256 : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void publishedVectors();
    void fileEqualsBytes();
    void plainEqualsLibrary();
    void absentFileIsNotFound();
};

void TestSha256::publishedVectors() {
    QCOMPARE(hashOf(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(hashOf("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(hashOf(std::string(1'000'000, 'a')),
             std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

void TestSha256::fileEqualsBytes() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("film").toStdString();
    const std::string content(200'001, 'x');  // more than one read block
    std::ofstream(file, std::ios::binary) << content;
    const auto hash = sha256OfFile(file);
    QVERIFY(hash.isOk());
    QCOMPARE(hash.value(), hashOf(content));
}

// Every length around one and two blocks, in one piece and in pieces.
void TestSha256::plainEqualsLibrary() {
    std::string text;
    for (int size = 0; size < 200; ++size) {
        PlainSha256 whole, pieces;
        whole.add(text.data(), text.size());
        pieces.add(text.data(), text.size() / 3);
        pieces.add(text.data() + text.size() / 3, text.size() - text.size() / 3);
        const auto digest = whole.finish();
        QCOMPARE(pieces.finish(), digest);
        const QByteArray hex = QByteArray(reinterpret_cast<const char*>(digest.data()), digest.size()).toHex();
        QCOMPARE(hex.toStdString(), hashOf(text));
        text += static_cast<char>(size * 37);
    }
}

void TestSha256::absentFileIsNotFound() {
    const auto hash = sha256OfFile("/nonexistent/film.dcm");
    QVERIFY(!hash.isOk());
    QCOMPARE(hash.error().code, ErrorCode::NotFound);
    QVERIFY2(hash.error().message.find("nonexistent") == std::string::npos, "messages name the file, not its folder");
}

QTEST_GUILESS_MAIN(TestSha256)
#include "tst_sha256.moc"
