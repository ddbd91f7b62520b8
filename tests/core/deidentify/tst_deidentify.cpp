// The proof of de-identification: objects with a token in every attribute of the table leave none behind, and each attribute
// is what the profile says.
#include <QTest>

#include "core/deidentify/deidentify.h"
#include "core/deidentify/method_codes.h"
#include "core/deidentify/value_cleaning.h"
#include "tests/core/deidentify/token_objects.h"
#include "tests/support/dicom_bytes.h"

using namespace cxr;
using namespace cxr::test;

Q_DECLARE_METATYPE(E_TransferSyntax)
Q_DECLARE_METATYPE(cxr::DeidentifyOptions)

namespace {

const Pseudonyms kPseudonyms(Pseudonyms::Key{7, 7, 7});

Bytes viewOf(const QByteArray& bytes) { return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())}; }

QByteArray cleaned(const QByteArray& bytes, const DeidentifyRequest& request = {}) {
    const auto result = deidentifyObject(viewOf(bytes), request, kPseudonyms);
    if (!result.isOk()) qWarning("%s", result.error().message.c_str());
    return result.isOk() ? QByteArray::fromStdString(result.value().bytes) : QByteArray();
}

// Read back by DCMTK, as anybody would.
std::unique_ptr<DcmFileFormat> opened(const QByteArray& bytes) {
    QTemporaryDir folder;
    const QString name = folder.filePath("object.dcm");
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return nullptr;
    file.close();
    auto format = std::make_unique<DcmFileFormat>();
    if (format->loadFile(name.toLocal8Bit().constData()).bad() || format->loadAllDataIntoMemory().bad()) return nullptr;
    return format;
}

QByteArray valueOf(DcmItem& item, const DcmTagKey& tag) {
    OFString text;
    item.findAndGetOFStringArray(tag, text);
    return {text.c_str(), static_cast<qsizetype>(text.size())};
}

std::string wordsAround(const QByteArray& bytes, const QByteArray& token) {
    const qsizetype at = bytes.indexOf(token);
    return bytes.mid(std::max<qsizetype>(0, at - 16), 48).toPercentEncoding().toStdString();
}

// Whether the attribute in the result is what its action asks for.
bool isAsAsked(DcmItem& item, const ProfileRule& rule, DeidentifyAction action, const std::string& patientCode) {
    const DcmTagKey tag = tagFor(rule);
    DcmElement* element = nullptr;
    const bool isThere = item.findAndGetElement(tag, element).good() && element != nullptr;
    if (action == DeidentifyAction::Remove) return !isThere;
    if (!isThere) return false;
    const QByteArray value = valueOf(item, tag);
    if (rule.keyword == "PatientName" || rule.keyword == "PatientID") return value.toStdString() == patientCode;
    if (rule.vr == "SQ") return action == DeidentifyAction::Empty ? element->getLength() == 0 : element->getLength() > 0;
    switch (action) {
        case DeidentifyAction::Empty: return element->getLength() == 0;
        case DeidentifyAction::MapUid: return value.startsWith("2.25.");
        case DeidentifyAction::Keep: return rule.vr == "OB" || rule.vr == "OW" || rule.vr == "US" || rule.vr == "UN" || value == tokenFor(rule);
        default: return element->getLength() > 0 && !value.contains("TOKEN");
    }
}

// C without anything to keep is what the basic profile says; dates are moved.
DeidentifyAction expected(const ProfileRule& rule, const DeidentifyOptions& options, bool isFilmLevel) {
    const DeidentifyAction action = rule.actionFor(options, isFilmLevel);
    if (action != DeidentifyAction::Clean) return action;
    if (isDateVr(rule.vr)) return DeidentifyAction::Dummy;  // there, and not the token
    if (rule.vr == "SQ") return DeidentifyAction::Clean;
    return rule.actionFor({}, isFilmLevel);
}

}  // namespace

class TestDeidentify : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void noTokenIsLeft_data() {
        QTest::addColumn<E_TransferSyntax>("syntax");
        QTest::addColumn<QByteArray>("sopClass");
        QTest::newRow("explicit") << EXS_LittleEndianExplicit << QByteArray(UID_ComputedRadiographyImageStorage);
        QTest::newRow("implicit") << EXS_LittleEndianImplicit << QByteArray(UID_DigitalXRayImageStorageForPresentation);
        QTest::newRow("big endian") << EXS_BigEndianExplicit << QByteArray(UID_SecondaryCaptureImageStorage);
        QTest::newRow("deflated") << EXS_DeflatedLittleEndianExplicit << QByteArray(UID_CTImageStorage);
    }
    void noTokenIsLeft() {
        QFETCH(E_TransferSyntax, syntax);
        QFETCH(QByteArray, sopClass);
        const QByteArray original = tokenObject(syntax, sopClass.constData());
        QVERIFY(original.size() > 10000 || syntax == EXS_DeflatedLittleEndianExplicit);
        QByteArray result = cleaned(original);
        QVERIFY(!result.isEmpty());
        QCOMPARE(result.left(128), QByteArray(128, '\0'));
        if (syntax == EXS_DeflatedLittleEndianExplicit) {  // its tokens would not be seen
            const auto file = opened(result);
            QVERIFY(file != nullptr);
            QTemporaryDir folder;
            const QString name = folder.filePath("plain.dcm");
            QVERIFY(file->saveFile(name.toLocal8Bit().constData(), EXS_LittleEndianExplicit).good());
            QFile plain(name);
            QVERIFY(plain.open(QIODevice::ReadOnly));
            result = plain.readAll();
        }
        for (const QByteArray& token : tokens()) {
            const bool isFound = result.toUpper().contains(token);
            QVERIFY2(!isFound, (token.toStdString() + " in " + wordsAround(result.toUpper(), token)).c_str());
        }
    }

    void everyAttributeIsWhatTheProfileSays_data() {
        QTest::addColumn<DeidentifyOptions>("options");
        QTest::newRow("basic") << DeidentifyOptions{};
        QTest::newRow("modified dates") << DeidentifyOptions{.dates = DateHandling::Modify};
        QTest::newRow("full dates") << DeidentifyOptions{.dates = DateHandling::Keep};
        QTest::newRow("descriptors") << DeidentifyOptions{.cleanDescriptors = true};
        QTest::newRow("uids") << DeidentifyOptions{.retainUids = true};
        QTest::newRow("patient") << DeidentifyOptions{.retainPatient = true};
        QTest::newRow("device") << DeidentifyOptions{.retainDevice = true};
        QTest::newRow("institution") << DeidentifyOptions{.retainInstitution = true};
    }
    void everyAttributeIsWhatTheProfileSays() {
        QFETCH(DeidentifyOptions, options);
        const QByteArray original = tokenObject(EXS_LittleEndianExplicit);
        const auto result = deidentifyObject(viewOf(original), {options, std::nullopt, false}, kPseudonyms);
        QVERIFY(result.isOk());
        const auto file = opened(QByteArray::fromStdString(result.value().bytes));
        QVERIFY(file != nullptr);
        int checked = 0;
        for (int depth = 0; depth < kDepths; ++depth) {
            DcmItem* item = itemAt(*file->getDataset(), depth);
            QVERIFY(item != nullptr && item->card() > 0);
            for (const ProfileRule& rule : profileRules()) {
                const bool isReplaced = rule.keyword == "SOPInstanceUID" && depth == 0 && options.retainUids;
                if (!isInDataSets(rule) || isReplaced) continue;
                const DeidentifyAction action = expected(rule, options, depth == 0);
                const bool isRight = isAsAsked(*item, rule, action, result.value().patientCode);
                QVERIFY2(isRight, (rule.keyword + " at depth " + std::to_string(depth)).c_str());
                ++checked;
            }
            QVERIFY(!item->tagExists(DcmTagKey(0x0009, 0x1001)) && !item->tagExists(DcmTagKey(0x0009, 0x0010)));
        }
        QVERIFY(checked >= 4 * 600);
    }

    void theObjectSaysWhatWasDone() {
        const QByteArray result = cleaned(tokenObject(EXS_LittleEndianExplicit), {{.dates = DateHandling::Modify}, std::vector<TextBox>{}, true});
        const auto file = opened(result);
        QVERIFY(file != nullptr);
        DcmDataset& root = *file->getDataset();
        QCOMPARE(valueOf(root, DCM_PatientIdentityRemoved), QByteArray("YES"));
        QCOMPARE(valueOf(root, DCM_LongitudinalTemporalInformationModified), QByteArray("MODIFIED"));
        QCOMPARE(valueOf(root, DCM_BurnedInAnnotation), QByteArray("NO"));
        QVERIFY(valueOf(root, DCM_DeidentificationMethod).contains("PS3.15 2023b"));
        QByteArray codes;
        for (signed long i = 0; i < 3; ++i) {
            DcmItem* code = nullptr;
            QVERIFY(root.findAndGetSequenceItem(DCM_DeidentificationMethodCodeSequence, code, i).good());
            codes += valueOf(*code, DCM_CodeValue) + valueOf(*code, DCM_CodingSchemeDesignator) + ' ';
        }
        QCOMPARE(codes, QByteArray("113100DCM 113101DCM 113107DCM "));
        QCOMPARE(valueOf(*file->getMetaInfo(), DCM_MediaStorageSOPInstanceUID), valueOf(root, DCM_SOPInstanceUID));
    }

    void datesKeepTheirDistances() {
        const auto study = [](const char* id, const char* date) {
            DcmFileFormat file;
            file.getDataset()->putAndInsertString(DCM_SOPClassUID, UID_ComputedRadiographyImageStorage);
            file.getDataset()->putAndInsertString(DCM_SOPInstanceUID, "1.3.999.5");
            file.getDataset()->putAndInsertString(DCM_PatientID, id);
            file.getDataset()->putAndInsertString(DCM_StudyDate, date);
            QTemporaryDir folder;
            const QString name = folder.filePath("a.dcm");
            file.saveFile(name.toLocal8Bit().constData(), EXS_LittleEndianExplicit);
            QFile written(name);
            const bool isOpen = written.open(QIODevice::ReadOnly);
            const auto result = opened(cleaned(isOpen ? written.readAll() : QByteArray(), {{.dates = DateHandling::Modify}, std::nullopt, false}));
            return QDate::fromString(QString::fromLatin1(valueOf(*result->getDataset(), DCM_StudyDate)), "yyyyMMdd");
        };
        const QDate first = study("A-1", "20240115"), second = study("A-1", "20240314"), other = study("B-2", "20240115");
        QVERIFY(first.isValid() && second.isValid() && other.isValid());
        QCOMPARE(first.daysTo(second), 59);
        QVERIFY(first <= QDate(2023, 12, 16) && first != other);
    }

    void picturesStayByteForByte() {
        for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
            const QByteArray original = tokenObject(syntax), result = cleaned(original);
            QCOMPARE(opened(result)->getDataset()->getOriginalXfer(), syntax);
            const auto before = prescanDicom(viewOf(original), {}), after = prescanDicom(viewOf(result), {});
            QVERIFY(before.isOk() && after.isOk());
            const Bytes pixels = before.value().valueOf(before.value().pixels.element), now = after.value().valueOf(after.value().pixels.element);
            QCOMPARE(pixels.size(), 12U);
            QVERIFY(std::equal(pixels.begin(), pixels.end(), now.begin(), now.end()));
        }
    }

    // Written byte by byte: what no library would write.
    void strangeElementsLeaveNothing() {
        DicomBytes body;
        body.text(0x00080005, "CS", "ISO_IR 100").text(0x00080016, "UI", UID_ComputedRadiographyImageStorage);
        body.text(0x00080018, "UI", "1.3.999.7").text(0x00080060, "CS", "CR");
        body.text(0x00081030, "UN", "TOKEN study");               // Study Description, type forgotten
        body.text(0x00100010, "PN", "M\xfcllerin^J\xf6rg").text(0x00100020, "LO", "TOKENID");
        body.text(0x00104000, "UN", "TOKEN comment");
        body.text(0x00181020, "UN", "for m\xfcllerin");            // Software Versions: kept, but it holds the name
        body.text(0x00181250, "SH", "M\xfcllerin's coil");         // kept as well
        body.text(0x0018DEAD, "UN", "TOKEN unknown").text(0x00200010, "SH", "471190").text(0x00200011, "IS", "471190").picture(1, 2, 8, 8);
        body.data(0x7FE00010, "OB", std::vector<std::uint8_t>{1, 2});
        body.text(0xFFFCFFFC, "OB", "TOKEN behind the picture");
        const QByteArray original(reinterpret_cast<const char*>(body.bytes.data()), static_cast<qsizetype>(body.bytes.size()));
        const auto result = deidentifyObject(viewOf(original), {}, kPseudonyms);
        QVERIFY2(result.isOk(), result.isOk() ? "" : result.error().message.c_str());
        const QByteArray bytes = QByteArray::fromStdString(result.value().bytes);
        QVERIFY(!bytes.contains("TOKEN"));
        QVERIFY(!bytes.contains("llerin"));
        QVERIFY(!bytes.contains("471190"));  // the Series Number was the Study ID
        QCOMPARE(result.value().counts.foundByWord, 3);
        QCOMPARE(result.value().counts.removedUnknown, 1);
        QCOMPARE(valueOf(*opened(bytes)->getDataset(), DCM_SoftwareVersions), QByteArray("REMOVED"));
    }

    void descriptionsKeepHarmlessWords() {
        DicomBytes body;
        body.text(0x00080016, "UI", UID_ComputedRadiographyImageStorage).text(0x00080018, "UI", "1.3.999.7");
        body.text(0x00081030, "LO", "Thorax PA fuer Lovelace").text(0x0008103E, "LO", "Lovelace");
        body.picture(1, 2, 8, 8).data(0x7FE00010, "OB", std::vector<std::uint8_t>{1, 2});
        const QByteArray original(reinterpret_cast<const char*>(body.bytes.data()), static_cast<qsizetype>(body.bytes.size()));
        const auto file = opened(cleaned(original, {{.cleanDescriptors = true}, std::nullopt, false}));
        QCOMPARE(valueOf(*file->getDataset(), DCM_StudyDescription), QByteArray("Thorax PA"));
        QVERIFY(!file->getDataset()->tagExists(DCM_SeriesDescription));
    }

    void whatCannotBeCleanedIsRefused() {
        const auto fails = [](const QByteArray& bytes) {
            const auto result = deidentifyObject(viewOf(bytes), {}, kPseudonyms);
            return !result.isOk() && !result.error().message.empty();
        };
        QVERIFY(fails("no DICOM at all"));
        QVERIFY(fails(QByteArray()));
        QVERIFY(fails(tokenObject(EXS_LittleEndianExplicit, UID_EncapsulatedPDFStorage)));
        QVERIFY(fails(tokenObject(EXS_LittleEndianExplicit).chopped(40000)));
    }

    void theSameKeyGivesTheSameObject() {
        const QByteArray original = tokenObject(EXS_LittleEndianExplicit);
        QCOMPARE(cleaned(original), cleaned(original));
    }
};

QTEST_GUILESS_MAIN(TestDeidentify)
#include "tst_deidentify.moc"
