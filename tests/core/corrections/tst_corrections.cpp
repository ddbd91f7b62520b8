// Corrections: what is kept of a reader's work, and that it can be laid over the networks' answer again.
#include "core/corrections/corrections.h"

#include <QTest>

#include "tests/ui/support/sample_findings.h"

using namespace cxr;

namespace {

FindingBox drawnBox() { return {{10, 20.5, 30, 40}, "Mass", 0.4, "Class activation map", 1.25, true}; }

// Equal for the reader: shapes, ratio, verdict, doubts.
void compare(const ChestMeasurement& a, const ChestMeasurement& b) {
    for (std::size_t i = 0; i < a.outlines.size(); ++i) {
        QVERIFY(a.outlines[i].points == b.outlines[i].points);
        QCOMPARE(a.outlines[i].edited, b.outlines[i].edited);
    }
    QVERIFY(a.heartLine == b.heartLine && a.chestLine == b.chestLine);
    QCOMPARE(a.linesEdited, b.linesEdited);
    QCOMPARE(a.ratio, b.ratio);
    QCOMPARE(a.verdict, b.verdict);
    QCOMPARE(a.isUncertain, b.isUncertain);
    QVERIFY(a.notes == b.notes);
}

}  // namespace

class TestCorrections : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        PhantomSpec spec;
        spec.width = spec.height = 256;
        m_found = ui::test::sampleFilm(0.57, spec).chest;
    }

    void nothingChangedIsEmpty() {
        QVERIFY(correctionsOf(m_found, {}, {}).isEmpty());
        compare(withCorrections(m_found, correctionsOf(m_found, {}, {})), m_found);
    }

    void aMovedOutlineComesBack() {
        Outline heart = m_found.outlines[0];
        heart.points[3].x -= 7.25;
        const ChestMeasurement edited = withOutline(m_found, heart);
        QVERIFY(edited.ratio != m_found.ratio || edited.outlines[0].points != m_found.outlines[0].points);
        const Corrections kept = correctionsOf(edited, {}, {});
        QCOMPARE(kept.outlines.size(), std::size_t{1});
        compare(withCorrections(m_found, read(kept)), edited);
    }

    void linesSetByHandComeBack() {
        LinePx chest = m_found.chestLine;
        chest.to.x += 11;
        const ChestMeasurement edited = withLines(m_found, m_found.heartLine, chest);
        QVERIFY(edited.ratio < m_found.ratio);
        compare(withCorrections(m_found, read(correctionsOf(edited, {}, {}))), edited);
    }

    void linesAfterOutlinesComeBack() {
        Outline lung = m_found.outlines[1];
        lung.points[5].y += 3;
        ChestMeasurement edited = withOutline(m_found, lung);
        LinePx heart = edited.heartLine;
        heart.from.x -= 4;
        edited = withLines(edited, heart, edited.chestLine);
        compare(withCorrections(m_found, read(correctionsOf(edited, {}, {}))), edited);
    }

    void boxesComeBack() {
        const EditedBoxes boxes{{"map a", {drawnBox(), {{1, 2, 3, 4}, "Mass", 0, "", 0, false}}}, {"map b", {}}};
        const Corrections kept = read(correctionsOf(m_found, boxes, {}));
        QVERIFY(kept.boxes == boxes);
        QVERIFY(!kept.isEmpty());
    }

    void theCalibrationComesBack() {
        const LengthCalibration calibration{{{1, 2}, {101.5, 2}}, 80};
        const Corrections kept = read(correctionsOf(m_found, {}, calibration));
        QVERIFY(kept.calibration == calibration && !kept.isEmpty() && !kept.hasFindings());
    }

    void theReadersTextComesBack() {
        const ReaderText text{ReportLanguage::German, "Frage?", "keine", "Eins \"zwei\".\nDrei \xC3\xA4 {ctr}", "Dr. W"};
        const Corrections kept = read(correctionsOf(m_found, {}, {}, text));
        QVERIFY(kept.text == text && !kept.isEmpty() && !kept.hasFindings());
        // A language alone is no text, and one of a newer program becomes English.
        ReaderText languageOnly;
        languageOnly.language = ReportLanguage::German;
        QVERIFY(correctionsOf(m_found, {}, {}, languageOnly).isEmpty());
        QString newer = QString::fromStdString(toJson(correctionsOf(m_found, {}, {}, text))).replace("\"de\"", "\"xx\"");
        QVERIFY(correctionsOfJson(newer.toStdString()).value().text.language == ReportLanguage::English);
        Corrections endless = correctionsOf(m_found, {}, {}, text);
        endless.text.impression = std::string(kMostReaderBytes + 1, 'x');
        QVERIFY(!correctionsOfJson(toJson(endless)).isOk());
    }

    void aFilmOfAnotherSizeIsLeftAlone() {
        Corrections kept = correctionsOf(withLines(m_found, m_found.heartLine, {{0, 9}, {250, 9}}), {}, {});
        kept.filmWidthPx += 1;
        compare(withCorrections(m_found, kept), m_found);
    }

    void damagedTextIsRefused_data() {
        QTest::addColumn<QString>("text");
        const QString head = R"({"version":1,"width":9,"height":9,"boxes":{},"outlines":)";
        QTest::newRow("empty") << QString();
        QTest::newRow("no JSON") << "{\"version\":";
        QTest::newRow("another version") << R"({"version":2,"width":9,"height":9,"outlines":[],"boxes":{}})";
        QTest::newRow("size beyond whole numbers") << R"({"version":1,"width":1.2e46,"height":9,"outlines":[],"boxes":{}})";
        QTest::newRow("half a pixel") << R"({"version":1,"width":9.5,"height":9,"outlines":[],"boxes":{}})";
        QTest::newRow("no organ") << head + R"([{"organ":3,"points":[[1,1],[2,2],[3,1]]}]})";
        QTest::newRow("two points") << head + R"([{"organ":0,"points":[[1,1],[2,2]]}]})";
        QTest::newRow("not a number") << head + R"([{"organ":0,"points":[[1,1],[2,"x"],[3,1]]}]})";
        QTest::newRow("endless number") << head + R"([{"organ":0,"points":[[1,1],[2,1e999],[3,1]]}]})";
        QTest::newRow("too many outlines") << head + "[0,0,0,0]}";
        QTest::newRow("short line") << head + R"([],"lines":{"heart":[1,2,3],"chest":[1,2,3,4]}})";
        QTest::newRow("boxes are a number") << R"({"version":1,"width":9,"height":9,"outlines":[],"boxes":{"a":7}})";
    }
    void damagedTextIsRefused() {
        QFETCH(QString, text);
        const auto read = correctionsOfJson(text.toStdString());
        QVERIFY(!read.isOk());
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
    }

  private:
    // Through the text, as a store would.
    static Corrections read(const Corrections& kept) { return correctionsOfJson(toJson(kept)).value(); }

    ChestMeasurement m_found;
};

QTEST_GUILESS_MAIN(TestCorrections)
#include "tst_corrections.moc"
