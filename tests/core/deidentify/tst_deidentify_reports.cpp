// Structured reports: no token is left of any value, at any depth, under any option; what is left is a valid report that still
// says what was measured.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/deidentify/deidentify.h"
#include "core/deidentify/structured_content.h"
#include "core/dicom_in/structured_report.h"
#include "tests/core/deidentify/token_objects.h"
#include "tests/core/dicom_in/written_objects.h"

using namespace cxr;
using namespace cxr::test;

namespace {

const Pseudonyms kPseudonyms = Pseudonyms::withFreshKey().value();

DcmItem& added(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* inner = nullptr;
    if (item.findOrCreateSequenceItem(sequence, inner, -2).bad()) qFatal("no item");
    return *inner;
}

void code(DcmItem& item, const DcmTagKey& sequence, const char* value, const char* scheme, const char* meaning) {
    DcmItem& one = added(item, sequence);
    one.putAndInsertString(DCM_CodeValue, value);
    one.putAndInsertString(DCM_CodingSchemeDesignator, scheme);
    one.putAndInsertString(DCM_CodingSchemeVersion, "TOKENVERSION");
    one.putAndInsertString(DCM_CodeMeaning, meaning);
}

DcmItem& content(DcmItem& parent, const char* type, const char* concept_ = "121071") {
    DcmItem& item = added(parent, DCM_ContentSequence);
    item.putAndInsertString(DCM_RelationshipType, "CONTAINS");
    item.putAndInsertString(DCM_ValueType, type);
    item.putAndInsertString(DCM_ObservationDateTime, tokenFor("DT"));
    item.putAndInsertString(DCM_ObservationUID, tokenFor("UI"));
    code(item, DCM_ConceptNameCodeSequence, concept_, "DCM", "Finding of TOKENTEXT");
    return item;
}

void number(DcmItem& parent, const char* value, const char* unit, const char* scheme = "UCUM") {
    DcmItem& item = content(parent, "NUM");
    DcmItem& measured = added(item, DCM_MeasuredValueSequence);
    measured.putAndInsertString(DCM_NumericValue, value);
    code(measured, DCM_MeasurementUnitsCodeSequence, unit, scheme, "TOKENTEXT");
}

// Everything that a report can say, and what it must not.
void fill(DcmItem& parent) {
    content(parent, "TEXT").putAndInsertString(DCM_TextValue, "TOKENTEXT has a nodule in the left lobe");
    content(parent, "PNAME").putAndInsertString(DCM_PersonName, tokenFor("PN"));
    content(parent, "UIDREF").putAndInsertString(DCM_UID, tokenFor("UI"));
    content(parent, "DATE").putAndInsertString(DCM_Date, tokenFor("DA"));
    content(parent, "TIME").putAndInsertString(DCM_Time, tokenFor("TM"));
    content(parent, "DATETIME").putAndInsertString(DCM_DateTime, tokenFor("DT"));
    code(content(parent, "CODE"), DCM_ConceptCodeSequence, "80891009", "SCT", "TOKENTEXT heart");
    code(content(parent, "CODE"), DCM_ConceptCodeSequence, "TOKENVALUE", "SCT", "Heart");
    code(content(parent, "CODE"), DCM_ConceptCodeSequence, "17", "99TOKEN", "Heart");
    number(parent, "0.5", "mm");
    number(parent, "271828", "mm");  // the patient's identifier
    number(parent, "7", "{TOKENTEXT}");
    number(parent, "7", "mm", "99TOKEN");
    content(parent, "TOKENTYPE");
    content(parent, "TEXT", "121029").putAndInsertString(DCM_TextValue, "left");  // the subject's name
    DcmItem& foreign = content(parent, "TEXT", "TOKENC");
    foreign.putAndInsertString(DCM_TextValue, "left");
    DcmItem& place = content(parent, "SCOORD");
    place.putAndInsertString(DCM_GraphicType, "TOKENSHAPE");
    place.putAndInsertString(DCM_RelationshipType, "TOKENRELATION");
    DcmItem& image = added(content(parent, "IMAGE"), DCM_ReferencedSOPSequence);
    image.putAndInsertString(DCM_ReferencedSOPClassUID, UID_ComputedRadiographyImageStorage);
    image.putAndInsertString(DCM_ReferencedSOPInstanceUID, tokenFor("UI"));
    DcmItem& container = content(parent, "CONTAINER");
    container.putAndInsertString(DCM_ContinuityOfContent, "TOKENFORM");
    DcmItem& form = added(container, DCM_ContentTemplateSequence);
    form.putAndInsertString(DCM_MappingResource, "TOKENRESOURCE");
    form.putAndInsertString(DCM_TemplateIdentifier, "TOKEN1500");
    container.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "TOKENCREATOR");
    container.putAndInsertString(DcmTag(0x0009, 0x1001, EVR_LO), "TOKENPRIVATE");
    container.putAndInsertString(DCM_PatientComments, "TOKENTEXT");
}

QByteArray tokenReport() {
    DcmFileFormat file;
    DcmDataset& root = *file.getDataset();
    root.putAndInsertString(DCM_SOPClassUID, UID_ComprehensiveSRStorage);
    root.putAndInsertString(DCM_SOPInstanceUID, tokenFor("UI"));
    root.putAndInsertString(DCM_StudyInstanceUID, tokenFor("UI"));
    root.putAndInsertString(DCM_SeriesInstanceUID, tokenFor("UI"));
    root.putAndInsertString(DCM_Modality, "SR");
    root.putAndInsertString(DCM_PatientID, "271828");
    root.putAndInsertString(DCM_PatientName, tokenFor("PN"));
    root.putAndInsertString(DCM_ValueType, "CONTAINER");
    root.putAndInsertString(DCM_ContinuityOfContent, "SEPARATE");
    code(root, DCM_ConceptNameCodeSequence, "TOKEN", "99TOKEN", "Report on TOKENTEXT");
    DcmItem* parent = &root;
    for (int depth = 0; depth < kDepths; ++depth) {
        fill(*parent);
        parent = &content(*parent, "CONTAINER");
    }
    fill(*parent);
    QTemporaryDir folder;
    const QString name = folder.filePath("report.dcm");
    if (file.saveFile(name.toLocal8Bit().constData(), EXS_LittleEndianExplicit).bad()) return {};
    QFile written(name);
    return written.open(QIODevice::ReadOnly) ? written.readAll() : QByteArray();
}

Bytes viewOf(const QByteArray& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())}; }

int countLines(const StructuredReport& report, const std::string& value) {
    return static_cast<int>(std::count_if(report.lines.begin(), report.lines.end(), [&](const ReportLine& line) { return line.value == value; }));
}

}  // namespace

Q_DECLARE_METATYPE(DeidentifyOptions)

class TestDeidentifyReports : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void noTokenIsLeft_data() {
        QTest::addColumn<DeidentifyOptions>("options");
        QTest::newRow("basic") << DeidentifyOptions{};
        QTest::newRow("content") << DeidentifyOptions{.cleanContent = true};
        QTest::newRow("content, descriptors, dates") << DeidentifyOptions{.dates = DateHandling::Modify, .cleanDescriptors = true, .cleanContent = true};
        QTest::newRow("content, patient, device, institution")
            << DeidentifyOptions{.cleanContent = true, .retainPatient = true, .retainDevice = true, .retainInstitution = true};
    }
    void noTokenIsLeft() {
        QFETCH(DeidentifyOptions, options);
        const QByteArray original = tokenReport();
        QVERIFY(original.count("TOKEN") > 200);
        const auto result = deidentifyObject(viewOf(original), {options, std::nullopt, false}, kPseudonyms);
        QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str());
        const QByteArray upper = QByteArray::fromStdString(result.value().bytes).toUpper();
        for (const QByteArray& token : tokens()) {
            if (options.dates == DateHandling::Modify && token == "235713") continue;  // times of day stay
            const qsizetype at = upper.indexOf(token);
            QVERIFY2(at < 0, upper.mid(std::max<qsizetype>(0, at - 40), 80).toPercentEncoding().constData());
        }
    }

    void theTreeStaysWithItsNumbers() {
        const QByteArray original = tokenReport();
        const auto result = deidentifyObject(viewOf(original), {{.cleanContent = true}, std::nullopt, false}, kPseudonyms);
        QVERIFY(result.isOk());
        const StructuredReport report = readBack(result.value().bytes);
        QCOMPARE(report.title, std::string("Diagnostic imaging report"));
        QCOMPARE(countLines(report, "has nodule in the left lobe"), kDepths + 1);
        QCOMPARE(countLines(report, "heart"), kDepths + 1);
        int numbers = 0;
        for (const ReportLine& line : report.lines) numbers += line.value.starts_with("0.5") ? 1 : 0;
        QCOMPARE(numbers, kDepths + 1);
        // In place of what had to go: concept, code and unit of unknown schemes, a wrong type, the subject's name, a wrong shape.
        QVERIFY(countLines(report, "REMOVED") >= 7 * (kDepths + 1));
    }

    // Each item is still at its position, so that references by position stay true.
    void itemsKeepTheirPlaces() {
        const auto result = deidentifyObject(viewOf(tokenReport()), {{.cleanContent = true}, std::nullopt, false}, kPseudonyms);
        const auto file = load(result.value().bytes);
        DcmItem* item = file->getDataset();
        for (int depth = 0; depth < kDepths; ++depth) {
            DcmSequenceOfItems* sequence = nullptr;
            QVERIFY(item->findAndGetSequence(DCM_ContentSequence, sequence).good());
            QCOMPARE(sequence->card(), 20UL);
            item = sequence->getItem(19);
        }
    }

    // By default the standard asks for a dummy: one comment, and a report that others can read.
    void theBasicProfileLeavesOneComment() {
        const auto result = deidentifyObject(viewOf(tokenReport()), {}, kPseudonyms);
        QVERIFY(result.isOk());
        const StructuredReport report = readBack(result.value().bytes);
        QCOMPARE(report.lines.size(), std::size_t{1});
        QCOMPARE(report.lines[0].value, std::string("REMOVED"));
    }

    // Our own report, whole: valid for others, its ratio and probabilities are there, nobody's name is.
    void ourOwnReport() {
        WrittenObjects objects;
        const auto sr = readWholeFile(objects.file("sr.dcm"));
        QVERIFY(sr.isOk());
        const StructuredReport before = readStructuredReport(objects.file("sr.dcm")).value();
        for (const bool isContent : {true, false}) {
            const QByteArray original = QByteArray::fromStdString(sr.value());
            const auto result = deidentifyObject(viewOf(original), {{.cleanContent = isContent}, std::nullopt, false}, kPseudonyms);
            QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str());
            QVERIFY(result.value().bytes.find(objects.filmUid()) == std::string::npos);
            const StructuredReport after = readBack(result.value().bytes);
            const auto numbersOf = [](const StructuredReport& report) {
                return std::count_if(report.lines.begin(), report.lines.end(),
                                     [](const ReportLine& line) { return line.name.starts_with("Cardiothoracic ratio"); });
            };
            QVERIFY(numbersOf(before) >= 1);
            QCOMPARE(numbersOf(after), isContent ? numbersOf(before) : 0);
            if (isContent) QVERIFY(after.lines.size() == before.lines.size());
            isValid(result.value().bytes);
        }
    }

    void codesByTheirForm_data() {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("isKnown");
        const auto row = [](const char* scheme, const char* value, bool isKnown) { QTest::addRow("%s %s", scheme, value) << scheme << value << isKnown; };
        row("DCM", "121071", true);
        row("DCM", "Smith1", false);
        row("SCT", "80891009", true);
        row("LN", "18748-4", true);
        row("LN", "4711", false);
        row("UMLS", "C0018799", true);
        row("UMLS", "CMILLER1", false);
        row("RADLEX", "RID1385", true);
        row("RADLEX", "RIDSMITH", false);
        row("UCUM", "mm", true);
        row("UCUM", "{pixels}", true);
        row("UCUM", "{Smith}", false);
        row("UCUM", "{open", false);
        row("UCUM", "Smith", false);
        row("99PRECORDIA", "urn:oid:2.25.12345", true);
        row("99PRECORDIA", "urn:oid:2.25.Smith", false);
        row("RFC5646", "en-US", true);
        row("RFC5646", "Smith", false);
        row("RFC3066", "en", true);
        row("ISO3166_1", "DE", true);
        row("ISO3166_1", "MILLER", false);
        row("99LOCAL", "1", false);
        row("", "", false);
    }
    void codesByTheirForm() {
        QFETCH(QString, scheme);
        QFETCH(QString, value);
        QFETCH(bool, isKnown);
        DcmItem item;
        item.putAndInsertString(value.startsWith("urn") ? DCM_URNCodeValue : DCM_CodeValue, value.toLatin1().constData());
        item.putAndInsertString(DCM_CodingSchemeDesignator, scheme.toLatin1().constData());
        QCOMPARE(cxr::isKnownCode(item), isKnown);
    }

  private:
    std::filesystem::path write(const std::string& bytes) const {
        const std::filesystem::path file = m_folder.path().toStdString() + "/cleaned.dcm";
        std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return file;
    }
    StructuredReport readBack(const std::string& bytes) const {
        const auto read = readStructuredReport(write(bytes));
        if (!read.isOk()) qWarning("%s", read.error().message.c_str());
        return read.isOk() ? read.value() : StructuredReport();
    }
    std::unique_ptr<DcmFileFormat> load(const std::string& bytes) const {
        auto format = std::make_unique<DcmFileFormat>();
        if (format->loadFile(write(bytes).c_str()).bad() || format->loadAllDataIntoMemory().bad()) qFatal("cannot load");
        return format;
    }
    void isValid(const std::string& bytes) const {
        const QString tool = QStandardPaths::findExecutable("dsrdump");
        if (tool.isEmpty()) return;
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(tool, {QString::fromStdString(write(bytes).string())});
        QVERIFY(process.waitForFinished(30'000));
        const QByteArray said = process.readAll();
        QVERIFY2(process.exitCode() == 0 && !said.contains("E: "), said.constData());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestDeidentifyReports)
#include "tst_deidentify_reports.moc"
