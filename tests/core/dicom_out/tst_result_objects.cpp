// Results as DICOM objects: valid (dciodvfy), and the values that other programs (dcmtk, pydicom) read are those that
// we had.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "build_paths.h"
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/dicom_out/cielab.h"
#include "core/dicom_out/uid.h"
#include "core/image/polygon.h"
#include "tests/core/dicom_out/sample_results.h"
#include "tests/support/full_disk.h"
#include "tests/support/test_data.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

struct ToolRun {
    int code = -1;
    QString text;  // stdout and stderr
};

ToolRun runTool(const QString& tool, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(tool, arguments);
    if (!process.waitForFinished(60'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

QString toolPath(const char* name) { return QStandardPaths::findExecutable(QLatin1String(name)); }

// What dciodvfy complains of; it says nothing else on these lines.
QStringList complaints(const QString& dciodvfy, const fs::path& file) {
    QStringList found;
    for (const QString& line : runTool(dciodvfy, {QString::fromStdString(file.string())}).text.split('\n')) {
        if (line.startsWith("Error") || line.startsWith("Warning")) found << line;
    }
    return found;
}

std::string textIn(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    item.findAndGetOFStringArray(tag, value);
    return value.c_str();
}

}  // namespace

class TestResultObjects : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        m_sample = sampleFilm(folder());
        QVERIFY(m_sample.results.image != nullptr);
        QCOMPARE(m_sample.results.chest.verdict, Verdict::Normal);
        m_run = newObjectRun("1.2.3");
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file, m_sample.results.image->sourceSha256);
        QVERIFY2(film.isOk(), film.isOk() ? "" : film.error().message.c_str());
        const Result<ObjectFiles> files =
            writeObjects(film.value(), m_sample.results, m_run, {kResultKinds.begin(), kResultKinds.end()}, folder());
        QVERIFY2(files.isOk(), files.isOk() ? "" : files.error().message.c_str());
        QVERIFY(files.value().leftOut.empty());
        QCOMPARE(files.value().written.size(), kResultKinds.size());
    }

    void phantomFilmKeepsItsPixels() {
        const Image& read = *m_sample.results.image;
        QCOMPARE(cv::countNonZero(read.samples != m_sample.phantom.image.samples), 0);
        QCOMPARE(read.spacing.columnMm, m_sample.phantom.image.spacing.columnMm);
    }

    void isValid_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"film.dcm", "sr.dcm", "seg.dcm", "pmap.dcm", "gsps.dcm", "sc.dcm", "pdf.dcm"})
            QTest::newRow(name) << name;
    }
    void isValid() {
        QFETCH(QString, name);
        const QString dciodvfy = toolPath("dciodvfy");
        if (dciodvfy.isEmpty()) QSKIP("dciodvfy is not installed (package dicom3tools)");
        const QStringList found = complaints(dciodvfy, folder() / name.toStdString());
        QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
    }

    // The check above must be able to fail.
    void aBrokenObjectIsNotValid() {
        const QString dciodvfy = toolPath("dciodvfy");
        if (dciodvfy.isEmpty()) QSKIP("dciodvfy is not installed (package dicom3tools)");
        DcmFileFormat format;
        QVERIFY(format.loadFile((folder() / "seg.dcm").c_str()).good());
        delete format.getDataset()->remove(DCM_SegmentSequence);
        const fs::path broken = folder() / "broken.dcm";
        QVERIFY(format.saveFile(broken.c_str()).good());
        QVERIFY(!complaints(dciodvfy, broken).isEmpty());
    }

    void pydicomReadsTheSameValues() {
        const QString python = "/usr/bin/python3";
        if (runTool(python, {"-c", "import pydicom, numpy"}).code != 0)
            QSKIP("pydicom is not installed (package python3-pydicom)");
        const ToolRun run = runTool(python, {CXR_SOURCE_DIR "/tests/core/dicom_out/read_objects.py", m_folder.path()});
        QVERIFY2(run.code == 0, qPrintable(run.text));
        const QJsonObject said = QJsonDocument::fromJson(run.text.toUtf8()).object();
        compareReport(said["sr"].toObject());
        compareSegments(said["seg"].toObject());
        compareMap(said["pmap"].toObject());
        compareState(said["gsps"].toObject());
        QCOMPARE(said["sc"].toObject()["sha256"].toString().toStdString(),
                 sha256Hex(std::as_bytes(std::span(m_sample.results.picture.values))));
        QCOMPARE(said["sc"].toObject()["burned"].toString(), QString("YES"));
        QCOMPARE(said["pdf"].toObject()["sha256"].toString().toStdString(), sha256Hex(m_sample.results.pdf));
    }

    void dcmsrReadsTheReport() {
        DcmFileFormat format;
        QVERIFY(format.loadFile((folder() / "sr.dcm").c_str()).good());
        DSRDocument document;
        QVERIFY(document.read(*format.getDataset()).good());
        QVERIFY(document.isValid());
        const QString dsrdump = toolPath("dsrdump");
        if (dsrdump.isEmpty()) QSKIP("dsrdump is not installed (package dcmtk)");
        const ToolRun run = runTool(dsrdump, {path("sr.dcm")});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.text.contains("Imaging Measurement Report") && run.text.contains("Certainty of Finding") &&
                     !run.text.contains("W: "),
                 qPrintable(run.text));
    }

    void everyObjectIsOfTheFilmsStudyAndItsOwnSeries() {
        DcmFileFormat film;
        QVERIFY(film.loadFile(m_sample.file.c_str()).good());
        std::set<std::string> series, instances;
        for (const ResultKind kind : kResultKinds) {
            DcmFileFormat object;
            QVERIFY(object.loadFile((folder() / fileNameOf(kind)).c_str()).good());
            for (const DcmTagKey& tag :
                 {DCM_StudyInstanceUID, DCM_PatientName, DCM_PatientID, DCM_StudyDate, DCM_StudyDescription})
                QCOMPARE(textIn(*object.getDataset(), tag), textIn(*film.getDataset(), tag));
            series.insert(textIn(*object.getDataset(), DCM_SeriesInstanceUID));
            instances.insert(textIn(*object.getDataset(), DCM_SOPInstanceUID));
            QVERIFY(textIn(*object.getDataset(), DCM_SeriesDescription).find("not for diagnostic use") !=
                    std::string::npos);
        }
        QCOMPARE(series.size(), kResultKinds.size());
        QCOMPARE(instances.size(), kResultKinds.size());
        QVERIFY(series.count(textIn(*film.getDataset(), DCM_SeriesInstanceUID)) == 0);
    }

    void seriesAreStableInARunAndNewInTheNext() {
        const auto uidOf = [this](const ObjectRun& run, const DcmTagKey& tag) {
            QTemporaryDir other;
            const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
            const auto files =
                writeObjects(film.value(), m_sample.results, run, {ResultKind::Capture}, other.path().toStdString());
            DcmFileFormat object;
            object.loadFile(files.value().written.front().c_str());
            return textIn(*object.getDataset(), tag);
        };
        QCOMPARE(uidOf(m_run, DCM_SeriesInstanceUID), uidOf(m_run, DCM_SeriesInstanceUID));
        QVERIFY(uidOf(m_run, DCM_SOPInstanceUID) != uidOf(m_run, DCM_SOPInstanceUID));
        QVERIFY(uidOf(m_run, DCM_SeriesInstanceUID) != uidOf(newObjectRun("1.2.3"), DCM_SeriesInstanceUID));
    }

    void theFilmsCharacterSetGoesAlong() {
        DcmFileFormat film;
        QVERIFY(film.loadFile(m_sample.file.c_str()).good());
        const std::string name = "M\xFCller^\xC4nne";
        film.getDataset()->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
        film.getDataset()->putAndInsertString(DCM_PatientName, name.c_str());
        film.getDataset()->findAndDeleteElement(DCM_StudyID);
        QTemporaryDir other;
        const fs::path file = fs::path(other.path().toStdString()) / "film.dcm";
        QVERIFY(film.saveFile(file.c_str(), EXS_BigEndianExplicit).good());
        const Result<SourceFilm> source = SourceFilm::read(file);
        QVERIFY(source.isOk());
        const auto files =
            writeObjects(source.value(), m_sample.results, m_run,
                         {ResultKind::MeasurementReport, ResultKind::PresentationState}, other.path().toStdString());
        QVERIFY(files.isOk());
        for (const fs::path& written : files.value().written) {
            DcmFileFormat object;
            QVERIFY(object.loadFile(written.c_str()).good());
            QCOMPARE(textIn(*object.getDataset(), DCM_SpecificCharacterSet), std::string("ISO_IR 100"));
            QCOMPARE(textIn(*object.getDataset(), DCM_PatientName), name);
            QVERIFY(object.getDataset()->tagExists(DCM_StudyID));
            QCOMPARE(textIn(*object.getDataset(), DCM_StudyID), std::string());
        }
    }

    // What identifies goes along whatever it looks like; other values must be valid, or the objects are not.
    void headersThatAreNoValidDicomGiveValidObjects() {
        DcmFileFormat film;
        QVERIFY(film.loadFile(m_sample.file.c_str()).good());
        DcmDataset& header = *film.getDataset();
        const std::pair<DcmTagKey, const char*> values[] = {
            {DCM_PatientAge, "81"},         {DCM_PatientSex, "female"},  {DCM_PatientBirthDate, "02.01.1950"}, {DCM_StudyDate, "2021.03.04"},
            {DCM_StudyTime, "10:11:12.5"},  {DCM_PatientSize, "tall"},   {DCM_Laterality, "R"},                {DCM_BodyPartExamined, "EXTREMITY"},
            {DCM_PatientName, "Roe^Jane"}};
        for (const auto& [tag, value] : values) QVERIFY(header.putAndInsertString(tag, value).good());
        QVERIFY(header.putAndInsertString(DCM_StudyDescription, std::string(90, 'x').c_str()).good());
        DcmItem* code = nullptr;
        QVERIFY(header.findOrCreateSequenceItem(DCM_ProcedureCodeSequence, code, 0).good());
        QVERIFY(code->putAndInsertString(DCM_CodeValue, "X").good() && code->putAndInsertString(DCM_CodeMeaning, "Y").good());
        const QTemporaryDir other;
        const fs::path there(other.path().toStdString()), file = there / "film.dcm";
        QVERIFY(film.saveFile(file.c_str()).good());
        const Result<SourceFilm> source = SourceFilm::read(file);
        QVERIFY(source.isOk());
        QCOMPARE(source.value().notes.size(), std::size_t(6));  // age, sex, birth date, size, description, code
        QVERIFY(source.value().notes.front().find("Patient Birth Date") != std::string::npos);
        const auto files = writeObjects(source.value(), m_sample.results, m_run, {kResultKinds.begin(), kResultKinds.end()}, there);
        QVERIFY(files.isOk());
        QCOMPARE(files.value().written.size(), kResultKinds.size());
        const QString dciodvfy = toolPath("dciodvfy");
        for (const fs::path& written : files.value().written) {
            DcmFileFormat object;
            QVERIFY(object.loadFile(written.c_str()).good());
            QCOMPARE(textIn(*object.getDataset(), DCM_StudyDate), std::string("20210304"));
            QCOMPARE(textIn(*object.getDataset(), DCM_StudyTime), std::string("101112.5"));
            QCOMPARE(textIn(*object.getDataset(), DCM_PatientBirthDate), std::string());
            QVERIFY(!object.getDataset()->tagExists(DCM_PatientAge) && !object.getDataset()->tagExists(DCM_ProcedureCodeSequence));
            if (dciodvfy.isEmpty()) continue;
            const QStringList found = complaints(dciodvfy, written);
            QVERIFY2(found.isEmpty(), qPrintable(found.join('\n')));
        }
        const char* const tooLong = "ACCESSION-NUMBERS-FIND-THE-ORDER";
        QVERIFY(header.putAndInsertString(DCM_AccessionNumber, tooLong).good() && film.saveFile(file.c_str()).good());
        const Result<SourceFilm> ordered = SourceFilm::read(file);
        QVERIFY(ordered.isOk());
        QCOMPARE(textIn(ordered.value().header(), DCM_AccessionNumber), std::string(tooLong));
    }

    // In UTF-8, whatever the film's own character set is; the patient's name stays what it was.
    void theReadersImpressionIsInTheReport() {
        const QTemporaryDir latin;
        const fs::path target(latin.path().toStdString()), file = target / "film.dcm";
        DcmFileFormat format;
        QVERIFY(format.loadFile(m_sample.file.c_str()).good());
        QVERIFY(format.getDataset()->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100").good());
        QVERIFY(format.getDataset()->putAndInsertString(DCM_PatientName, "M\xFCller^J\xFCrgen").good());
        QVERIFY(format.saveFile(file.c_str(), EXS_LittleEndianExplicit).good());
        const Result<SourceFilm> film = SourceFilm::read(file);
        QVERIFY(film.isOk());
        FilmResults results = m_sample.results;
        results.impression = "Herz unauff\xC3\xA4llig.\nZweite Zeile.";
        results.reader = "Dr. \xC3\x84nne Weber";
        QVERIFY(writeObjects(film.value(), results, m_run, {ResultKind::MeasurementReport}, target).isOk());
        DcmFileFormat written;
        QVERIFY(written.loadFile((target / "sr.dcm").c_str()).good());
        QCOMPARE(textIn(*written.getDataset(), DCM_SpecificCharacterSet), std::string("ISO_IR 192"));
        QCOMPARE(textIn(*written.getDataset(), DCM_PatientName), std::string("M\xC3\xBCller^J\xC3\xBCrgen"));
        DcmStack stack;
        int found = 0;
        while (written.getDataset()->nextObject(stack, OFTrue).good()) {
            auto* item = dynamic_cast<DcmItem*>(stack.top());
            if (item == nullptr || !textIn(*item, DCM_TextValue).starts_with("Written by")) continue;
            ++found;
            QCOMPARE(textIn(*item, DCM_TextValue), "Written by " + results.reader + ": " + results.impression);
        }
        QCOMPARE(found, 1);
        if (const QString dciodvfy = toolPath("dciodvfy"); !dciodvfy.isEmpty()) QCOMPARE(complaints(dciodvfy, target / "sr.dcm"), QStringList());
    }

    void whatIsMissingIsLeftOutAndSaid() {
        FilmResults bare;
        bare.image = m_sample.results.image;
        bare.voi = bare.image->defaultVoi;
        QTemporaryDir other;
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
        const auto files = writeObjects(film.value(), bare, m_run, {kResultKinds.begin(), kResultKinds.end()},
                                        other.path().toStdString());
        QVERIFY(files.isOk());
        QCOMPARE(files.value().written.size(),
                 std::size_t(2));  // the report says that nothing was measured, the state keeps the window
        QCOMPARE(files.value().leftOut.size(), std::size_t(4));
        const QString dciodvfy = toolPath("dciodvfy");
        if (dciodvfy.isEmpty()) QSKIP("dciodvfy is not installed (package dicom3tools)");
        for (const fs::path& written : files.value().written) QCOMPARE(complaints(dciodvfy, written), QStringList());
    }

    // Where low values are bright the shape says so, and a window that was inverted turns it back. C.11.6
    void lowValuesThatAreBrightAreInverse() {
        PhantomSpec spec;
        spec.mono1 = true;
        QTemporaryDir other;
        const fs::path there = other.path().toStdString();
        SampleFilm sample = sampleFilm(there, spec);
        QVERIFY(sample.results.image && sample.results.image->isInverse);
        const Result<SourceFilm> film = SourceFilm::read(sample.file);
        for (const bool isInverted : {false, true}) {
            sample.results.isInverted = isInverted;
            QVERIFY(writeObjects(film.value(), sample.results, m_run, {ResultKind::PresentationState}, there).isOk());
            DcmFileFormat state;
            QVERIFY(state.loadFile((there / "gsps.dcm").c_str()).good());
            QCOMPARE(textIn(*state.getDataset(), DCM_PresentationLUTShape),
                     std::string(isInverted ? "IDENTITY" : "INVERSE"));
        }
    }

    // A plane in space is not guessed.
    void aMapNeedsSpacingAndDirections() {
        FilmResults results = m_sample.results;
        Image image = *results.image;
        image.rowDirection.clear();
        results.image = std::make_shared<const Image>(std::move(image));
        QTemporaryDir other;
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
        const auto files =
            writeObjects(film.value(), results, m_run, {ResultKind::ParametricMap}, other.path().toStdString());
        QVERIFY(files.isOk() && files.value().written.empty());
        QVERIFY(files.value().leftOut.front().find("directions") != std::string::npos);
    }

    void filmsThatCannotBeReferredToAreRefused() {
        const fs::path png = folder() / "film.png";
        QVERIFY(writeFileAtomically(png, std::string_view("\x89PNG\r\n\x1a\n")).isOk());
        const Result<SourceFilm> noDicom = SourceFilm::read(png);
        QVERIFY(!noDicom.isOk() && noDicom.error().code == ErrorCode::Unsupported);
        QVERIFY(noDicom.error().message.find("no DICOM file") != std::string::npos);
        DcmFileFormat film;
        QVERIFY(film.loadFile(m_sample.file.c_str()).good());
        film.getDataset()->findAndDeleteElement(DCM_StudyInstanceUID);
        const fs::path noStudy = folder() / "no-study.dcm";
        QVERIFY(film.saveFile(noStudy.c_str()).good());
        const Result<SourceFilm> refused = SourceFilm::read(noStudy);
        QVERIFY(!refused.isOk() && refused.error().message.find("Study Instance UID") != std::string::npos);
        const Result<SourceFilm> changed = SourceFilm::read(m_sample.file, std::string(64, '0'));
        QVERIFY(!changed.isOk() && changed.error().code == ErrorCode::InvalidArgument);
    }

    // As on a full disk: a write fails in the middle. Nothing half is left, and the reason is for people.
    void aDiskThatIsFullIsToldSo() {
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
        QTemporaryDir other;
        FullDisk disk(8 * 1024);
        const auto files = writeObjects(film.value(), m_sample.results, m_run, {ResultKind::Segmentation}, other.path().toStdString());
        QVERIFY(disk.end());
        QVERIFY(!files.isOk());
        QCOMPARE(files.error().code, ErrorCode::WriteFailed);
        QVERIFY2(files.error().message.find("the disk may be full") != std::string::npos, files.error().message.c_str());
        QVERIFY(fs::is_empty(other.path().toStdString()));
    }

    void cancelledBeforeItBegins() {
        std::stop_source stop;
        stop.request_stop();
        const Result<SourceFilm> film = SourceFilm::read(m_sample.file);
        QTemporaryDir other;
        const auto files = writeObjects(film.value(), m_sample.results, m_run, {ResultKind::Capture},
                                        other.path().toStdString(), {}, {stop.get_token(), {}});
        QVERIFY(!files.isOk() && files.error().code == ErrorCode::Cancelled);
        QVERIFY(fs::is_empty(other.path().toStdString()));
    }

    void uidsAreUuids() {
        QCOMPARE(derivedUid("a"), derivedUid("a"));
        QVERIFY(derivedUid("a") != derivedUid("b"));
        for (const std::string& uid : {newUid(), derivedUid("a")}) {
            QVERIFY(uid.rfind("2.25.", 0) == 0 && uid.size() <= 44);
            QVERIFY(uid[5] != '0' && uid.find_first_not_of("0123456789.") == std::string::npos);
        }
    }

    // White, black and pure red, by the published formulae (Lindbloom, sRGB in D50).
    void coloursAreCieLab() {
        const auto near = [](const std::vector<std::uint16_t>& lab, double l, double a, double b) {
            return std::abs(lab[0] / 655.35 - l) < 0.2 && std::abs(lab[1] / 257.0 - 128 - a) < 0.5 &&
                   std::abs(lab[2] / 257.0 - 128 - b) < 0.5;
        };
        QVERIFY(near(cieLab(255, 255, 255), 100, 0, 0));
        QVERIFY(near(cieLab(0, 0, 0), 0, 0, 0));
        QVERIFY(near(cieLab(255, 0, 0), 54.29, 80.81, 69.89));
    }

  private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    void compareReport(const QJsonObject& sr) {
        const ChestMeasurement& chest = m_sample.results.chest;
        QVERIFY(std::abs(sr["ratio"].toDouble() - chest.ratio) < 0.0006);
        const QJsonArray line = sr["heart_line"].toArray();
        QCOMPARE(line.size(), 4);
        QVERIFY(std::abs(line[0].toDouble() - chest.heartLine.from.x) < 1e-3 &&
                std::abs(line[3].toDouble() - chest.heartLine.to.y) < 1e-3);
        QCOMPARE(sr["film"].toString().toStdString(), m_sample.results.image->study.sopInstanceUid);
        QCOMPARE(sr["evidence"].toString().toStdString(), m_sample.results.image->study.sopInstanceUid);
        QCOMPARE(sr["flags"].toString(), QString("COMPLETE UNVERIFIED PRELIMINARY"));
        const QJsonArray findings = sr["findings"].toArray();
        QCOMPARE(findings.size(), 16);  // 14 diseases, cardiomegaly, cardiomegaly from HeartSpot
        const FindingProbability& second = m_sample.results.judgement->of(ModelRole::Diseases)->findings[1];
        const QJsonObject cardiomegaly = findings[1].toObject();
        QVERIFY(std::abs(cardiomegaly["percent"].toDouble() - 100 * second.probability) < 1e-3);
        QVERIFY(std::abs(cardiomegaly["threshold"].toDouble() - 100 * second.point->threshold) < 1e-3);
        QCOMPARE(cardiomegaly["answer"].toString(), QString("Positive"));
        QCOMPARE(cardiomegaly["code"].toString(), QString("80891009 SCT"));
        QVERIFY(cardiomegaly["algorithm"].toString().startsWith("14 diseases 1.0.0 weights SHA-256 bbbb"));
        QVERIFY(!cardiomegaly["tracking"].toString().isEmpty());
    }

    void compareSegments(const QJsonObject& seg) {
        const Image& image = *m_sample.results.image;
        const QJsonArray segments = seg["segments"].toArray();
        const char* labels[] = {"Heart", "Left lung", "Right lung"};
        QCOMPARE(segments.size(), 3);
        for (int i = 0; i < 3; ++i) {
            const cv::Mat mask = fillPolygon(m_sample.results.chest.outlines[i].points, image.samples.size());
            QCOMPARE(segments[i].toObject()["label"].toString(), QString(labels[i]));
            QCOMPARE(segments[i].toObject()["pixels"].toInt(), cv::countNonZero(mask));
            const cv::Mat ones = mask / 255;
            QCOMPARE(segments[i].toObject()["sha256"].toString().toStdString(),
                     sha256Hex(std::as_bytes(std::span(ones.ptr<std::uint8_t>(), ones.total()))));
        }
        QCOMPARE(segments[1].toObject()["code"].toString(), QString("39607008 SCT Left"));
        QCOMPARE(segments[0].toObject()["type"].toString(), QString("AUTOMATIC"));
    }

    void compareMap(const QJsonObject& map) {
        QCOMPARE(map["rows"].toInt(), m_sample.results.image->height());
        // The centres of the map's cells are film points (125, 75), (175, 75), ...: pixels (row 74.5, column 124.5).
        QVERIFY(std::abs(map["at_125_75"].toDouble() - 0.0) < 0.05);
        QVERIFY(std::abs(map["at_125_125"].toDouble() - 2.0) < 0.05);
        QVERIFY(std::abs(map["at_175_75"].toDouble() - 0.5) < 0.05);
        QVERIFY(map["outside_is_padding"].toBool());
        QCOMPARE(map["inside"].toInt(), 200 * 100);
    }

    void compareState(const QJsonObject& state) {
        const FilmResults& results = m_sample.results;
        QVERIFY(std::abs(state["center"].toDouble() - results.voi.center) < 1e-3);
        QVERIFY(std::abs(state["width"].toDouble() - results.voi.width) < 1e-3);
        QCOMPARE(state["shape"].toString(), QString("IDENTITY"));
        const QJsonArray polylines = state["polylines"].toArray();
        QCOMPARE(polylines.size(), 6);  // three outlines, two lines, one box
        QCOMPARE(polylines[0].toInt(), static_cast<int>(results.chest.outlines[0].points.size()) + 1);
        QVERIFY(state["words"].toString().contains("Not for diagnostic use"));
        QVERIFY(state["words"].toString().contains(QString::fromStdString(results.verdict)));
    }

    QTemporaryDir m_folder;
    SampleFilm m_sample;
    ObjectRun m_run;
};

QTEST_GUILESS_MAIN(TestResultObjects)
#include "tst_result_objects.moc"
