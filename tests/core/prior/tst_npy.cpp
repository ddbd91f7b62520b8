// .npy files: round trips, what NumPy writes, and hostile headers. And .xz bytes.
#include <QTest>
#include <opencv2/core.hpp>

#include "core/prior/npy.h"
#include "core/prior/xz.h"

using namespace cxr;

namespace {

std::string fileWith(const std::string& header, const std::string& data, char version = 1) {
    std::string file("\x93NUMPY", 6);
    file += {version, '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
    if (version == 2) file += std::string(2, '\0');
    return file + header + data;
}

}  // namespace

class TestNpy : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void roundTrips() {
        for (const int type : {CV_8UC1, CV_16UC1, CV_32FC1, CV_64FC1}) {
            cv::Mat picture(5, 7, type);
            cv::RNG(9).fill(picture, cv::RNG::UNIFORM, 0, 200);
            const auto array = npyFromMat(picture.colRange(1, 6));  // rows with a gap between them
            QVERIFY(array.isOk());
            const std::string bytes = npyBytes(array.value());
            QCOMPARE((bytes.size() - array.value().bytes.size()) % 64, std::size_t{0});
            const auto read = parseNpy(bytes);
            QVERIFY(read.isOk());
            QCOMPARE(read.value().shape, (std::vector<std::int64_t>{5, 5}));
            QCOMPARE(cv::countNonZero(read.value().toMat().value() != picture.colRange(1, 6)), 0);
        }
        QVERIFY(!npyFromMat(cv::Mat(2, 2, CV_8UC3)).isOk());
    }

    void readsWhatNumPyWrites() {
        const auto vector = parseNpy(fileWith("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }   \n", {"\x01\x00\xff\xff", 4}));
        QVERIFY(vector.isOk());
        QCOMPARE(vector.value().toDoubles(), (std::vector<double>{1, 65535}));
        QVERIFY(!vector.value().toMat().isOk());
        QVERIFY(parseNpy(fileWith("{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n", "a", 2)).isOk());
    }

    void refusesHostileFiles_data() {
        QTest::addColumn<QByteArray>("file");
        const auto add = [](const char* name, const std::string& file) {
            QTest::newRow(name) << QByteArray(file.data(), static_cast<qsizetype>(file.size()));
        };
        const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n";
        add("empty", "");
        add("no mark", "PNG.............................");
        add("too few data", fileWith(good, "abc"));
        add("too many data", fileWith(good, "abcde"));
        add("header beyond the file", fileWith(good, "abcd").substr(0, 30));
        add("version 9", fileWith(good, "abcd", 9));
        add("Fortran order", fileWith("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }\n", "abcd"));
        add("objects", fileWith("{'descr': '|O8', 'fortran_order': False, 'shape': (2, 2), }\n", "abcd"));
        add("big endian", fileWith("{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }\n", "abcd"));
        add("code in the header", fileWith("{'descr': __import__('os'), 'fortran_order': False, 'shape': (2, 2), }\n", "abcd"));
        add("shape overflows", fileWith("{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 9999999999), }\n", "abcd"));
        add("shape overflows to zero", fileWith("{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n", ""));
        add("negative", fileWith("{'descr': '|u1', 'fortran_order': False, 'shape': (-2, -2), }\n", "abcd"));
        add("five dimensions", fileWith("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 2, 2), }\n", "abcd"));
    }
    void refusesHostileFiles() {
        QFETCH(QByteArray, file);
        const auto parsed = parseNpy({file.constData(), static_cast<std::size_t>(file.size())});
        QVERIFY(!parsed.isOk());
        QVERIFY(parsed.error().code == ErrorCode::Corrupt || parsed.error().code == ErrorCode::Unsupported);
    }

    void xzRoundTrip() {
        std::string bytes;
        for (int i = 0; i < 100000; ++i) bytes += static_cast<char>((i % 251) * (i % 251) % 251);
        const auto packed = xzCompress(bytes);
        QVERIFY(packed.isOk());
        QVERIFY(packed.value().size() < bytes.size() / 10);
        QVERIFY(packed.value().starts_with(std::string("\xfd"
                                                       "7zXZ\0\0\x04", 8)));  // .xz with CRC-64, as Python's lzma
        QCOMPARE(xzDecompress(packed.value(), bytes.size()).value(), bytes);
        QCOMPARE(xzDecompress(packed.value(), bytes.size() - 1).error().code, ErrorCode::TooLarge);
        QCOMPARE(xzDecompress(packed.value().substr(0, packed.value().size() / 2), bytes.size()).error().code, ErrorCode::Corrupt);
        QCOMPARE(xzDecompress("no xz", 10).error().code, ErrorCode::Corrupt);
        QCOMPARE(xzDecompress("", 10).error().code, ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestNpy)
#include "tst_npy.moc"
