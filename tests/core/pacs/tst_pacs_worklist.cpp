// Patients and what is planned: Orthanc on loopback with its worklist plugin and files that DCMTK writes.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

const QString kWorklistPlugin = "/usr/share/orthanc/plugins/libModalityWorklists.so";

struct Planned {
    const char *name, *id, *accession, *date, *time, *modality, *station;
};

void writePlanned(const QString& file, const Planned& planned) {
    DcmFileFormat format;
    DcmDataset& root = *format.getDataset();
    root.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    root.putAndInsertString(DCM_AccessionNumber, planned.accession);
    root.putAndInsertString(DCM_PatientName, planned.name);
    root.putAndInsertString(DCM_PatientID, planned.id);
    root.putAndInsertString(DCM_PatientBirthDate, "19500101");
    root.putAndInsertString(DCM_PatientSex, "F");
    root.putAndInsertString(DCM_StudyInstanceUID, "1.2.3.77");
    root.putAndInsertString(DCM_RequestedProcedureDescription, "Thorax in zwei Ebenen f\xFCr M\xFCller");
    root.putAndInsertString(DCM_RequestedProcedureID, "P-1");
    DcmItem* step = nullptr;
    if (root.findOrCreateSequenceItem(DCM_ScheduledProcedureStepSequence, step, 0).bad()) qFatal("no step");
    step->putAndInsertString(DCM_Modality, planned.modality);
    step->putAndInsertString(DCM_ScheduledStationAETitle, planned.station);
    step->putAndInsertString(DCM_ScheduledProcedureStepStartDate, planned.date);
    step->putAndInsertString(DCM_ScheduledProcedureStepStartTime, planned.time);
    step->putAndInsertString(DCM_ScheduledPerformingPhysicianName, "Gr\xFC" "n^Eva");
    step->putAndInsertString(DCM_ScheduledProcedureStepDescription, "Thorax PA");
    step->putAndInsertString(DCM_ScheduledProcedureStepID, "S-1");
    if (format.saveFile(file.toLocal8Bit().constData(), EXS_LittleEndianExplicit).bad()) qFatal("cannot save");
}

template <typename T>
QString said(const Result<T>& result) {
    return result.isOk() ? QString() : QString::fromStdString(result.error().message);
}

}  // namespace

class TestPacsWorklist : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        if (!QFile::exists(kWorklistPlugin)) QSKIP("Orthanc's worklist plugin is not installed (package orthanc)");
        writePlanned(m_planned.filePath("one.wl"), {"Roe^Jane", "T-17", "A1", "20261121", "081500", "DX", "ROOM1"});
        writePlanned(m_planned.filePath("two.wl"), {"M\xFCller^Bj\xF8rn", "T-18", "A2", "20261122", "093000", "CR", "ROOM2"});
        writePlanned(m_planned.filePath("three.wl"), {"Roe^Richard", "T-19", "A3", "20261201", "100000", "CT", "ROOM1"});
        m_archive = std::make_unique<Orthanc>(QJsonObject{{"Plugins", QJsonArray{kWorklistPlugin}},
                                                          {"Worklists", QJsonObject{{"Enable", true}, {"Database", m_planned.path()}}}});
        QVERIFY2(m_archive->waitUntilReady(), m_archive->said().constData());
        m_server = m_archive->dimse();
        const fs::path folder = m_films.path().toStdString();
        std::vector<fs::path> files;
        for (int i = 1; i <= 2; ++i) {
            TestFilm film;
            film.study = "1.2.3.10." + std::to_string(i), film.series = film.study + ".1", film.uid = film.series + ".1";
            files.push_back(writeFilm(folder, film));
        }
        TestFilm other;
        other.study = "1.2.3.20", other.series = "1.2.3.20.1", other.uid = "1.2.3.20.1.1", other.id = "T-18", other.name = "M\xFCller^Bj\xF8rn";
        files.push_back(writeFilm(folder, other, "ISO_IR 100"));
        const auto stored = storeFiles(m_server, files);
        QVERIFY2(stored.isOk() && stored.value().stored() == 3, qPrintable(said(stored)));
    }

    void patientsAreFound() {
        auto found = findPatients(m_server, {});
        QVERIFY2(found.isOk(), qPrintable(said(found)));
        QCOMPARE(found.value().rows.size(), std::size_t{2});
        StudyFilter filter;
        filter.patientName = "roe";
        filter.dateFrom = "19000101";  // of studies: not asked for
        found = findPatients(m_server, filter);
        QVERIFY(found.isOk());
        QCOMPARE(found.value().rows.size(), std::size_t{1});
        const PatientRow& jane = found.value().rows[0];
        QCOMPARE(jane.patientId, std::string("T-17"));
        QCOMPARE(jane.patientName, std::string("Roe^Jane"));
        QCOMPARE(jane.studies, 2);
        filter = {};
        filter.patientId = "T-18";
        found = findPatients(m_server, filter);
        QVERIFY(found.isOk());
        QCOMPARE(found.value().rows.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(found.value().rows[0].patientName), QString("Müller^Bjørn"));
        filter.patientId = "nobody";
        found = findPatients(m_server, filter);
        QVERIFY(found.isOk() && found.value().rows.empty());
        filter = {};
        filter.limit = 1;
        found = findPatients(m_server, filter);
        QVERIFY(found.isOk() && found.value().isCut && found.value().rows.size() == 1);
    }

    void plannedStepsByEachFilter_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QStringList>("ids");
        const auto row = [](const char* key, const char* value, const QStringList& ids) { QTest::addRow("%s %s", key, value) << key << value << ids; };
        row("any", "", {"T-17", "T-18", "T-19"});
        row("name", "Roe", {"T-17", "T-19"});
        row("name", "Müller", {"T-18"});
        row("id", "T-19", {"T-19"});
        row("accession", "A2", {"T-18"});
        row("modality", "DX", {"T-17"});
        row("station", "ROOM1", {"T-17", "T-19"});
        row("day", "20261122", {"T-18"});
        row("from", "20261122", {"T-18", "T-19"});
        row("to", "20261122", {"T-17", "T-18"});
        row("day", "20270101", {});
    }
    void plannedStepsByEachFilter() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QStringList, ids);
        WorklistFilter filter;
        const std::string text = value.toStdString();
        if (key == "name") filter.patientName = text;
        if (key == "id") filter.patientId = text;
        if (key == "accession") filter.accession = text;
        if (key == "modality") filter.modality = text;
        if (key == "station") filter.stationAe = text;
        if (key == "day" || key == "from") filter.dateFrom = text;
        if (key == "day" || key == "to") filter.dateTo = text;
        const auto found = findWorklist(m_server, filter);
        QVERIFY2(found.isOk(), qPrintable(said(found)));
        QStringList got;
        for (const WorklistRow& row : found.value().rows) got << QString::fromStdString(row.patientId);
        got.sort();
        QCOMPARE(got, ids);
    }

    void aStepSaysEverything() {
        WorklistFilter filter;
        filter.patientId = "T-18";
        const auto found = findWorklist(m_server, filter);
        QVERIFY(found.isOk() && found.value().rows.size() == 1);
        const WorklistRow& row = found.value().rows[0];
        const auto is = [](const std::string& value, const char* expected) { return QString::fromStdString(value) == QString::fromUtf8(expected); };
        QVERIFY(is(row.patientName, "Müller^Bjørn") && is(row.birthDate, "19500101") && is(row.sex, "F") && is(row.accession, "A2"));
        QVERIFY(is(row.date, "20261122") && is(row.time, "093000") && is(row.modality, "CR") && is(row.stationAe, "ROOM2"));
        QVERIFY(is(row.performer, "Grün^Eva") && is(row.step, "Thorax PA") && is(row.stepId, "S-1"));
        QVERIFY(is(row.procedure, "Thorax in zwei Ebenen für Müller") && is(row.procedureId, "P-1") && is(row.studyUid, "1.2.3.77"));
    }

    void wrongFiltersAndServersAreNamed() {
        WorklistFilter filter;
        filter.stationAe = "A TITLE THAT IS TOO LONG";
        QVERIFY(said(findWorklist(m_server, filter)).contains("16 letters"));
        filter = {};
        filter.dateFrom = "today";
        QVERIFY(said(findWorklist(m_server, filter)).contains("eight digits"));
        QVERIFY(said(findWorklist(m_archive->web(), {})).contains("no modality worklist"));
        Orthanc plain;  // without the plugin
        QVERIFY2(plain.waitUntilReady(), plain.said().constData());
        const auto refused = findWorklist(plain.dimse(), {});
        QVERIFY(!refused.isOk());
        QVERIFY2(!refused.error().message.empty() && refused.error().code != ErrorCode::Internal, refused.error().message.c_str());
    }

    void webServicesTellPatientsByTheirStudies() {
        if (!QFile::exists(kDicomWebPlugin)) QSKIP("Orthanc's DICOMweb plugin is not installed (package orthanc-dicomweb)");
        Orthanc archive({{"Plugins", QJsonArray{kDicomWebPlugin}}});
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        const fs::path folder = m_films.path().toStdString();
        const auto stored = storeFiles(archive.dimse(), {folder / "1.2.3.10.1.1.1.dcm", folder / "1.2.3.10.2.1.1.dcm", folder / "1.2.3.20.1.1.dcm"});
        QVERIFY2(stored.isOk() && stored.value().stored() == 3, qPrintable(said(stored)));
        StudyFilter filter;
        filter.patientId = "T-17";
        const auto found = findPatients(archive.web(), filter);
        QVERIFY2(found.isOk(), qPrintable(said(found)));
        QCOMPARE(found.value().rows.size(), std::size_t{1});
        QCOMPARE(found.value().rows[0].studies, 2);
    }

  private:
    QTemporaryDir m_planned, m_films;
    std::unique_ptr<Orthanc> m_archive;
    Server m_server;
};

QTEST_GUILESS_MAIN(TestPacsWorklist)
#include "tst_pacs_worklist.moc"
