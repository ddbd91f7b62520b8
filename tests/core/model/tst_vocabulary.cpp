// The vocabulary of places: the shipped file, what a broken one is refused for, and words for imported outputs.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <set>

#include "build_paths.h"
#include "core/base/atomic_file.h"
#include "core/model/vocabulary.h"

using namespace cxr;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSmall = R"({"format": 1, "version": "2", "zones": ["left_lower", "right_lower"], "labels": [
    {"name": "Mass_left", "finding": "Mass", "laterality": "left", "location": "lower_zone", "zones": ["left_lower"],
     "meaning": "Mass on the left", "code_scheme": "SCT", "code": "309529002"},
    {"name": "Apex_right", "finding": "Apex", "laterality": "right", "location": "apex", "zones": ["right_lower"], "meaning": "m"}]})";

}  // namespace

class TestVocabulary : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void theShippedOneHas57Labels() {
        const auto read = findVocabulary({fs::path(CXR_SOURCE_DIR) / "models"});
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        const Vocabulary& vocabulary = read.value();
        QCOMPARE(vocabulary.labels.size(), std::size_t{57});
        QCOMPARE(vocabulary.zones.size(), std::size_t{6});
        std::set<std::string> meanings;
        for (const LocationLabel& label : vocabulary.labels) {
            meanings.insert(label.meaning);
            QVERIFY2(label.name.starts_with(label.finding + "_"), label.name.c_str());
            QVERIFY2(label.name.find("_" + label.laterality) != std::string::npos, label.name.c_str());
            for (const std::string& zone : label.zones) {
                QVERIFY2(label.laterality == "bilateral" || zone.starts_with(label.laterality), label.name.c_str());
            }
            if (label.location.ends_with("_zone")) QCOMPARE(label.zones.size(), std::size_t{1});
        }
        QCOMPARE(meanings.size(), vocabulary.labels.size());
    }

    void labelsSayWhetherZonesDecide() {
        const auto read = parseVocabulary(kSmall);
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QVERIFY(read.value().find("Mass_left")->isToldByZones());
        QVERIFY(!read.value().find("Apex_right")->isToldByZones());
        QVERIFY(read.value().find("Mass_right") == nullptr);
    }

    void outputsGetWords() {
        const auto read = parseVocabulary(kSmall);
        QVERIFY(read.isOk());
        ModelOutput known{.name = "Mass_left", .meaning = "Mass left", .codeScheme = "", .code = ""};
        QVERIFY(addWords(read.value(), known));
        QCOMPARE(known.meaning, std::string("Mass on the left"));
        QCOMPARE(known.codeScheme + " " + known.code, std::string("SCT 309529002"));
        ModelOutput other{.name = "Mass", .meaning = "Mass", .codeScheme = "SCT", .code = "1"};
        QVERIFY(!addWords(read.value(), other));
        QCOMPARE(other.meaning + other.code, std::string("Mass1"));
    }

    void brokenOnesAreRefused_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("named");
        QTest::newRow("format") << "\"format\": 1" << "\"format\": 2" << "format";
        QTest::newRow("no meaning") << "\"meaning\": \"m\"" << "\"weaning\": \"m\"" << "meaning";
        QTest::newRow("side") << "\"laterality\": \"left\"" << "\"laterality\": \"LEFT\"" << "Mass_left";
        QTest::newRow("zone") << "\"zones\": [\"left_lower\"]" << "\"zones\": [\"left_base\"]" << "Mass_left";
        QTest::newRow("no zone") << "\"zones\": [\"left_lower\"]" << "\"zones\": []" << "Mass_left";
        QTest::newRow("twice") << "Apex_right" << "Mass_left" << "twice";
        QTest::newRow("half a code") << "\"code\": \"309529002\"" << "\"cod\": \"\"" << "code_scheme";
        QTest::newRow("type") << "\"labels\": [" << "\"labels\": [1, " << "cannot be read";
        QTest::newRow("no JSON") << "{\"format\"" << "{format" << "not a JSON object";
    }
    void brokenOnesAreRefused() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QString text = kSmall;
        QVERIFY(text.contains(from));
        const auto read = parseVocabulary(text.replace(from, to).toStdString());
        QVERIFY(!read.isOk());
        QFETCH(QString, named);
        QVERIFY2(read.error().message.find(named.toStdString()) != std::string::npos, read.error().message.c_str());
    }

    void theFirstFolderWins() {
        const QTemporaryDir root;
        const fs::path first = fs::path(root.path().toStdString()) / "a", second = fs::path(root.path().toStdString()) / "b";
        fs::create_directories(first / "locations");
        QVERIFY(writeFileAtomically(first / "locations/vocabulary.json", kSmall).isOk());
        QCOMPARE(findVocabulary({second, first, fs::path(CXR_SOURCE_DIR) / "models"}).value().version, std::string("2"));
        const auto none = findVocabulary({second});
        QVERIFY(!none.isOk() && none.error().code == ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestVocabulary)
#include "tst_vocabulary.moc"
