// What objects that are no films say: ours, other people's, hostile ones.
#include <QTemporaryDir>
#include <QTest>

#include "core/base/atomic_file.h"
#include "core/io/object_summary.h"
#include "tests/core/dicom_out/sample_results.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/test_data.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

// All values of a key, one a line.
QString valuesOf(const std::vector<NamedFact>& facts, const std::string& key) {
    QStringList values;
    for (const NamedFact& fact : facts) {
        if (fact.key == key) values << QString::fromStdString(fact.value);
    }
    return values.join('\n');
}

}  // namespace

class TestObjectSummary : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_sample = sampleFilm(folder());
        QVERIFY(m_sample.results.image != nullptr);
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
        QVERIFY(film.isOk());
        const auto files = writeObjects(film.value(), m_sample.results, newObjectRun("1"),
                                        {kResultKinds.begin(), kResultKinds.end()}, folder());
        QVERIFY(files.isOk());
    }

    void ourObjectsSayWhatTheyAre_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("report") << "sr.dcm"
                                << "structured report"
                                << "content"
                                << "Cardiothoracic ratio: 0.457";
        QTest::newRow("finding") << "sr.dcm"
                                 << "structured report"
                                 << "content"
                                 << "Finding: Effusion";
        QTest::newRow("segmentation") << "seg.dcm"
                                      << "segmentation"
                                      << "segment"
                                      << "Left lung (AUTOMATIC, Heart and lungs)";
        QTest::newRow("map") << "pmap.dcm"
                             << "parametric map"
                             << "size"
                             << "397 x 503 px, 1 frames";
        QTest::newRow("state") << "gsps.dcm"
                               << "presentation state"
                               << "text"
                               << "Not for diagnostic use - Heart and lungs 1.2";
        QTest::newRow("document") << "pdf.dcm"
                                  << "encapsulated document"
                                  << "media_type"
                                  << "application/pdf";
    }
    void ourObjectsSayWhatTheyAre() {
        QFETCH(QString, name);
        QFETCH(QString, kind);
        QFETCH(QString, key);
        QFETCH(QString, value);
        const auto facts = describeObject(folder() / name.toStdString());
        QVERIFY(facts.isOk() && facts.value());
        QVERIFY(valuesOf(*facts.value(), "kind").startsWith(kind + ", no film"));
        QVERIFY2(valuesOf(*facts.value(), key.toStdString()).contains(value),
                 qPrintable(valuesOf(*facts.value(), key.toStdString())));
        QCOMPARE(valuesOf(*facts.value(), "patient_name"), QString("Synthetic^Phantom"));
        QCOMPARE(valuesOf(*facts.value(), "refers_to").toStdString(), m_sample.results.image->study.sopInstanceUid);
    }

    void filmsAreNoObjects() {
        for (const char* name : {"film.dcm", "sc.dcm"}) {
            const auto facts = describeObject(folder() / name);
            QVERIFY(facts.isOk() && !facts.value());
            const Result<ImagePtr> image = readImage(folder() / name);
            QVERIFY(image.isOk());
        }
        QCOMPARE(readImage(folder() / "sc.dcm").value()->encoding.photometric, std::string("RGB"));
    }

    // The viewer's sentence for each object that is opened alone.
    void openedAsFilmsTheyAreNamed() {
        const std::pair<const char*, const char*> refused[] = {
            {"sr.dcm", "structured report"}, {"gsps.dcm", "presentation state"}, {"pdf.dcm", "encapsulated document"}};
        for (const auto& [name, words] : refused) {
            const Result<ImagePtr> image = readImage(folder() / name);
            QVERIFY2(!image.isOk() && image.error().message.find(words) != std::string::npos, name);
        }
        const Result<ImagePtr> segmentation = readImage(folder() / "seg.dcm");
        QVERIFY(segmentation.isOk());
        QVERIFY(segmentation.value()->notes.front().find("This is a segmentation, not a film") == 0);
    }

    void otherPeoplesObjects() {
        const fs::path others = dataFolder() / "dicom" / "sr_seg";
        if (!fs::is_directory(others)) QSKIP("the folder of other people's objects is absent (CXR_DATA_DIR)");
        int reports = 0, segmentations = 0;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(others)) {
            if (!entry.is_regular_file()) continue;
            const auto facts = describeObject(entry.path());
            if (!facts.isOk() || !facts.value()) continue;
            const QString kind = valuesOf(*facts.value(), "kind");
            reports += kind.startsWith("structured report") ? 1 : 0;
            segmentations += kind.startsWith("segmentation") ? 1 : 0;
        }
        QVERIFY2(reports >= 6 && segmentations >= 4, qPrintable(QString("%1 %2").arg(reports).arg(segmentations)));
    }

    // 5,000 nested sequences: refused by the prescan before DCMTK sees them.
    void nestingIsRefused() {
        DicomBytes data;
        data.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.33");
        for (int i = 0; i < 5000; ++i)
            data.header(0x0040A730, "SQ", DicomBytes::kUndefined).header(0xFFFEE000, "", DicomBytes::kUndefined);
        const ByteVector file = dicomFile(data.bytes, kExplicitLittle);
        const fs::path deep = folder() / "deep.dcm";
        QVERIFY(writeFileAtomically(deep, std::as_bytes(std::span(file))).isOk());
        QVERIFY(!describeObject(deep).isOk());
    }

  private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
    SampleFilm m_sample;
};

QTEST_GUILESS_MAIN(TestObjectSummary)
#include "tst_object_summary.moc"
