#include <QTemporaryDir>
#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

#include "core/model/safetensors.h"

using namespace cxr;

namespace {

std::vector<std::byte> fileBytes(const std::string& header, std::size_t dataBytes, std::int64_t claimed = -1) {
    const auto length = static_cast<std::uint64_t>(claimed < 0 ? static_cast<std::int64_t>(header.size()) : claimed);
    std::vector<std::byte> bytes(8 + header.size() + dataBytes);
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

std::vector<std::byte> bytesOf(const std::vector<float>& values) {
    std::vector<std::byte> bytes(values.size() * 4);
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

}  // namespace

class TestSafetensors : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void roundTrip() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath("w.safetensors").toStdString());
        std::vector<TensorToWrite> tensors{{"flags", TensorType::UInt8, {3}, std::vector<std::byte>(3, std::byte{7})},
                                           {"conv.weight", TensorType::Float32, {2, 3}, bytesOf({1, 2, 3, 4, 5, -6})},
                                           {"scalar", TensorType::Float32, {}, bytesOf({0.5F})},
                                           {"empty", TensorType::Float32, {0, 4}, {}}};
        QVERIFY(writeSafetensors(file, tensors, {{"format", "pt"}}).isOk());
        const auto read = SafetensorsFile::open(file);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(read.value().tensors().size(), std::size_t{4});
        QCOMPARE(read.value().metadata().at("format"), std::string("pt"));
        const TensorView& view = read.value().tensors().at("conv.weight");
        QCOMPARE(view.shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(toFloats(view), (std::vector<float>{1, 2, 3, 4, 5, -6}));
        QCOMPARE(toFloats(read.value().tensors().at("scalar")), std::vector<float>{0.5F});
    }

    void everyNumberFormat() {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath("w.safetensors").toStdString());
        const auto bytes = [](std::initializer_list<int> list) {
            std::vector<std::byte> all;
            for (const int byte : list) all.push_back(static_cast<std::byte>(byte));
            return all;
        };
        // 1 and -2 in each format, by hand; the formats without a sign hold 1 and 2.
        const std::vector<TensorToWrite> tensors{
            {"bf16", TensorType::BFloat16, {2}, bytes({0x80, 0x3f, 0x00, 0xc0})},
            {"f16", TensorType::Float16, {2}, bytes({0x00, 0x3c, 0x00, 0xc0})},
            {"f64", TensorType::Float64, {2}, bytes({0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0})},
            {"i16", TensorType::Int16, {2}, bytes({1, 0, 0xfe, 0xff})},
            {"i32", TensorType::Int32, {2}, bytes({1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff})},
            {"i64", TensorType::Int64, {2}, bytes({1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})},
            {"i8", TensorType::Int8, {2}, bytes({1, 0xfe})}};
        QVERIFY(writeSafetensors(file, tensors).isOk());
        const auto read = SafetensorsFile::open(file);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        for (const TensorToWrite& tensor : tensors) {
            const TensorView& view = read.value().tensors().at(tensor.name);
            QCOMPARE(view.type, tensor.type);
            QCOMPARE(toFloats(view), (std::vector<float>{1, -2}));
        }
        const auto flags = bytes({0, 1, 2});
        QCOMPARE(toFloats({TensorType::Bool, {3}, flags}), (std::vector<float>{0, 1, 1}));
        QCOMPARE(toFloats({TensorType::UInt8, {3}, flags}), (std::vector<float>{0, 1, 2}));
    }

    void halfPrecisionOnPaper() {
        QCOMPARE(halfFromFloat(1.0F), std::uint16_t{0x3c00});
        QCOMPARE(halfFromFloat(-2.0F), std::uint16_t{0xc000});
        QCOMPARE(halfFromFloat(65504.0F), std::uint16_t{0x7bff});
        QCOMPARE(halfFromFloat(65520.0F), std::uint16_t{0x7c00});
        QCOMPARE(halfFromFloat(5.9604645e-8F), std::uint16_t{0x0001});
        QCOMPARE(halfFromFloat(1.00048828125F), std::uint16_t{0x3c00});  // half-way, to even
        QCOMPARE(halfFromFloat(1.00146484375F), std::uint16_t{0x3c02});  // half-way, to even
        QVERIFY(std::isnan(floatFromHalf(halfFromFloat(NAN))));
        QVERIFY(std::isinf(floatFromHalf(0xfc00)) && floatFromHalf(0xfc00) < 0);
    }
    void everyHalfSurvives() {
        for (int bits = 0; bits < 65536; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            if ((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0) continue;  // NaN payloads
            QCOMPARE(halfFromFloat(floatFromHalf(half)), half);
        }
    }

    void refuses_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("dataBytes");
        const auto entry = [](const char* text) { return QString(R"({"a":{"dtype":"F32",%1}})").arg(text); };
        QTest::newRow("not json") << QString("{") << 0;
        QTest::newRow("a list") << QString("[]") << 0;
        QTest::newRow("no shape") << entry(R"("data_offsets":[0,4])") << 4;
        QTest::newRow("beyond the file") << entry(R"("shape":[2],"data_offsets":[0,8])") << 4;
        QTest::newRow("backwards") << entry(R"("shape":[1],"data_offsets":[4,0])") << 4;
        QTest::newRow("negative offset") << entry(R"("shape":[1],"data_offsets":[-4,0])") << 4;
        QTest::newRow("negative side") << entry(R"("shape":[-1],"data_offsets":[0,4])") << 4;
        QTest::newRow("product overflows") << entry(R"("shape":[4294967296,4294967296,16],"data_offsets":[0,4])") << 4;
        QTest::newRow("zero hides overflow") << entry(R"("shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4])") << 4;
        QTest::newRow("side beyond 63 bits") << entry(R"("shape":[18446744073709551615],"data_offsets":[0,4])") << 4;
        QTest::newRow("fraction") << entry(R"("shape":[1.0],"data_offsets":[0,4])") << 4;
        QTest::newRow("length is not shape") << entry(R"("shape":[2],"data_offsets":[0,4])") << 4;
        QTest::newRow("bytes left over") << entry(R"("shape":[1],"data_offsets":[0,4])") << 8;
        QTest::newRow("gap") << entry(R"("shape":[1],"data_offsets":[4,8])") << 8;
        QTest::newRow("unknown dtype") << QString(R"({"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("too many dimensions") << entry(R"("shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4])") << 4;
        QTest::newRow("overlap") << QString(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})") << 4;
        QTest::newRow("name twice") << QString(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("metadata not text") << QString(R"({"__metadata__":{"a":1}})") << 0;
        QTest::newRow("deep nesting") << QString("[").repeated(100000) << 0;
    }
    void refuses() {
        QFETCH(QString, header);
        QFETCH(int, dataBytes);
        const auto bytes = fileBytes(header.toStdString(), static_cast<std::size_t>(dataBytes));
        const auto read = SafetensorsFile::parse(bytes);
        QVERIFY(!read.isOk());
        QVERIFY(!read.error().message.empty());
    }
    void refusesLyingLength() {
        QVERIFY(!SafetensorsFile::parse(fileBytes("{}", 0, INT64_MAX)).isOk());
        QVERIFY(!SafetensorsFile::parse(fileBytes("{}", 0, 3)).isOk());
        QVERIFY(!SafetensorsFile::parse(std::vector<std::byte>(7)).isOk());
        QVERIFY(!SafetensorsFile::parse({}).isOk());
        QVERIFY(SafetensorsFile::parse(fileBytes("{}", 0)).isOk());
    }

    // Whatever is flipped or cut, an accepted file has arrays that lie inside it.
    void mutationsNeverReachOutside() {
        const std::string header = R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F16","shape":[4],"data_offsets":[16,24]}})";
        const auto original = fileBytes(header, 24);
        QVERIFY(SafetensorsFile::parse(original).isOk());
        std::mt19937 random(7);
        int refused = 0;
        for (int round = 0; round < 20000; ++round) {
            auto bytes = original;
            for (unsigned n = random() % 4; n > 0; --n) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
            if (random() % 4 == 0) bytes.resize(random() % bytes.size());
            const auto read = SafetensorsFile::parse(bytes);
            if (!read.isOk()) {
                ++refused;
                continue;
            }
            for (const auto& [name, view] : read.value().tensors()) {
                QVERIFY(view.bytes.empty() || (view.bytes.data() >= bytes.data() && view.bytes.data() + view.bytes.size() <= bytes.data() + bytes.size()));
            }
        }
        QVERIFY(refused > 1000);
    }

    void absentFileSaysSo() {
        const auto read = SafetensorsFile::open("/nonexistent/weights.safetensors");
        QVERIFY(!read.isOk());
        QCOMPARE(read.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
