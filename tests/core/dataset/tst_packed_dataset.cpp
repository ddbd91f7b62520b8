// A packed data set reads back as it was written; broken ones are refused.
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

#include "core/dataset/packed_dataset.h"
#include "core/model/safetensors.h"

using namespace cxr;

namespace {

PackedDataset example() {
    PackedDataset dataset;
    dataset.classes = {"Mass", "Edema"};
    dataset.inputJson = R"({"framing":"thorax","size":3})";
    dataset.channels = 2;
    dataset.height = dataset.width = 3;
    for (int i = 0; i < 4; ++i) {
        LabelledInput film;
        film.name = "film \"" + std::to_string(i) + "\"";
        film.group = "p" + std::to_string(i / 2);
        film.site = "süd";
        film.fold = i - 1;
        for (int v = 0; v < 18; ++v) film.planes.push_back(static_cast<std::uint8_t>(60 * i + v));
        film.labels = {static_cast<float>(i) / 3, std::numeric_limits<float>::quiet_NaN()};
        dataset.films.push_back(film);
    }
    return dataset;
}

// The arrays and metadata that writePackedDataset makes of one film, for the test to break.
struct Parts {
    std::vector<TensorToWrite> tensors{{"planes", TensorType::UInt8, {1, 1, 2, 2}, std::vector<std::byte>(4)},
                                       {"labels", TensorType::Float32, {1, 1}, std::vector<std::byte>(4)},
                                       {"folds", TensorType::Int32, {1}, std::vector<std::byte>(4)}};
    std::map<std::string, std::string> metadata{{"format", "precordia-dataset"}, {"version", "1"}, {"classes", "[\"A\"]"},
                                                {"names", "[\"n\"]"}, {"groups", "[\"g\"]"}, {"sites", "[\"s\"]"}, {"input", "{}"}};
};

}  // namespace

class TestPackedDataset : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void roundTrip() {
        const PackedDataset written = example();
        QVERIFY(writePackedDataset(file(), written).isOk());
        const auto read = readPackedDataset(file());
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(read.value().classes, written.classes);
        QCOMPARE(read.value().inputJson, written.inputJson);
        QCOMPARE(read.value().channels, 2);
        QCOMPARE(read.value().height, 3);
        QCOMPARE(read.value().films.size(), std::size_t{4});
        for (std::size_t i = 0; i < 4; ++i) {
            const LabelledInput &a = written.films[i], &b = read.value().films[i];
            QCOMPARE(b.name, a.name);
            QCOMPARE(b.group, a.group);
            QCOMPARE(b.site, a.site);
            QCOMPARE(b.fold, a.fold);
            QCOMPARE(b.planes, a.planes);
            QCOMPARE(b.labels[0], a.labels[0]);
            QVERIFY(std::isnan(b.labels[1]));
        }
    }

    void sameFilmsSameFile() {
        QVERIFY(writePackedDataset(file(), example()).isOk());
        QVERIFY(writePackedDataset(file("again"), example()).isOk());
        QFile a(QString::fromStdString(file().string())), b(QString::fromStdString(file("again").string()));
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        QCOMPARE(a.readAll(), b.readAll());
    }

    void unequalFilmsAreNotPacked() {
        PackedDataset dataset = example();
        dataset.films[2].planes.pop_back();
        QVERIFY(!writePackedDataset(file("bad"), dataset).isOk());
        dataset = example();
        dataset.films[3].labels.pop_back();
        QVERIFY(!writePackedDataset(file("bad"), dataset).isOk());
        QVERIFY(!writePackedDataset(file("bad"), PackedDataset{}).isOk());
        QVERIFY(!std::filesystem::exists(file("bad")));
    }

    void brokenFiles_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("whole") << "" << "";
        QTest::newRow("other format") << "format" << "other";
        QTest::newRow("newer") << "version" << "2";
        QTest::newRow("names no JSON") << "names" << "[\"n\"";
        QTest::newRow("names no strings") << "names" << "[1]";
        QTest::newRow("too many names") << "names" << "[\"n\",\"m\"]";
        QTest::newRow("no groups") << "groups" << "{}";
        QTest::newRow("too many classes") << "classes" << "[\"A\",\"B\"]";
        QTest::newRow("input") << "input" << "[]";
    }
    void brokenFiles() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        Parts parts;
        if (!key.isEmpty()) parts.metadata[key.toStdString()] = value.toStdString();
        QVERIFY(writeSafetensors(file("broken"), parts.tensors, parts.metadata).isOk());
        const auto read = readPackedDataset(file("broken"));
        QCOMPARE(read.isOk(), key.isEmpty());
        if (!read.isOk()) QVERIFY(read.error().code == ErrorCode::Corrupt);
    }

    void brokenArrays() {
        for (std::size_t which = 0; which < 3; ++which) {
            Parts parts;
            parts.tensors[which].type = TensorType::Int8;
            parts.tensors[which].bytes.resize(which == 0 ? 4 : 1);
            QVERIFY(writeSafetensors(file("broken"), parts.tensors, parts.metadata).isOk());
            QVERIFY(!readPackedDataset(file("broken")).isOk());
        }
        Parts label;
        label.tensors[1].bytes = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0x40}};  // 2.0
        QVERIFY(writeSafetensors(file("broken"), label.tensors, label.metadata).isOk());
        QVERIFY(!readPackedDataset(file("broken")).isOk());
        Parts fold;
        fold.tensors[2].bytes.assign(4, std::byte{0xF0});
        QVERIFY(writeSafetensors(file("broken"), fold.tensors, fold.metadata).isOk());
        QVERIFY(!readPackedDataset(file("broken")).isOk());
        QVERIFY(readPackedDataset(file("none")).error().code == ErrorCode::NotFound);
    }

  private:
    std::filesystem::path file(const std::string& name = "data") const {
        return std::filesystem::path(m_folder.path().toStdString()) / (name + ".safetensors");
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestPackedDataset)
#include "tst_packed_dataset.moc"
