#include "core/deidentify/deidentify.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "core/base/sha256.h"
#include "core/deidentify/dicom_object.h"
#include "core/deidentify/method_codes.h"
#include "core/deidentify/pixel_cleaning.h"

namespace cxr {
namespace {

constexpr TagNumber kSopClass = 0x00080016, kSopInstance = 0x00080018, kModality = 0x00080060, kDirectoryRecords = 0x00041220;

Result<Done> checkKind(const DicomLayout& layout) {
    const std::string sopClass = layout.text(kSopClass);
    if (layout.elements.empty()) return Error{ErrorCode::Corrupt, "it holds no DICOM elements"};
    if (sopClass == "1.2.840.10008.1.3.10" || layout.find(kDirectoryRecords) != nullptr) {
        return Error{ErrorCode::Unsupported, "it is an index of a disc (DICOMDIR); de-identify the files that it lists"};
    }
    if (sopClass.starts_with("1.2.840.10008.5.1.4.1.1.104.")) {
        return Error{ErrorCode::Unsupported, "it is a document (such as PDF), whose text this program cannot clean"};
    }
    return Done{};
}

void describePicture(const DeidentifyRequest& request, DcmDataset& dataSet) {
    const bool isCleaned = request.boxes.has_value();
    if (isCleaned) dataSet.putAndInsertString(DCM_BurnedInAnnotation, "NO");
    std::string method;
    for (const std::string& text : methodTexts(request.options, isCleaned, request.areBoxesConfirmed)) {
        method += (method.empty() ? "" : "\\") + text;
    }
    dataSet.putAndInsertString(DCM_DeidentificationMethod, method.c_str());
    dataSet.findAndDeleteElement(DCM_DeidentificationMethodCodeSequence);
    for (const MethodCode& code : methodCodes(request.options, isCleaned)) {
        DcmItem* item = nullptr;
        if (dataSet.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, -2).bad()) continue;
        item->putAndInsertString(DCM_CodeValue, code.value);
        item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
        item->putAndInsertString(DCM_CodeMeaning, code.meaning);
    }
}

// Files without a SOP Instance UID get one from their content.
std::string originalInstance(Bytes file, const DicomLayout& layout) {
    const std::string uid = layout.text(kSopInstance);
    return uid.empty() ? "content " + sha256Hex(std::as_bytes(file)) : uid;
}

}  // namespace

Result<DeidentifiedObject> deidentifyObject(Bytes file, const DeidentifyRequest& request, const Pseudonyms& pseudonyms,
                                            const ReadLimits& limits) {
    if (!looksLikeDicom(file)) return Error{ErrorCode::Unsupported, "it is not a DICOM file; only DICOM files have a header to clean"};
    const Result<DicomLayout> scanned = prescanDicomObject(file, limits);
    if (!scanned.isOk()) return scanned.error();
    const DicomLayout& layout = scanned.value();
    if (auto checked = checkKind(layout); !checked.isOk()) return checked.error();
    Result<DicomObject> parsed = DicomObject::parse(layout);
    if (!parsed.isOk()) return parsed.error();
    DicomObject object = std::move(parsed).value();

    DeidentifiedObject result;
    result.sopClassUid = layout.text(kSopClass);
    result.modality = layout.text(kModality);
    result.saysBurnedIn = layout.text(0x00280301) == "YES" && !request.boxes;
    if (request.boxes && !request.boxes->empty()) {
        if (auto blackened = blackenBoxes(object, layout, *request.boxes, limits); !blackened.isOk()) return blackened.error();
        result.isPictureUntouched = false;
    }
    result.transferSyntaxUid = result.isPictureUntouched ? std::string(layout.syntax->uid) : std::string(explicitLittleEndian().uid);
    HeaderCleaner cleaner(request.options, pseudonyms);
    result.counts = cleaner.clean(object.dataSet());
    describePicture(request, object.dataSet());
    const std::string instance = originalInstance(file, layout);
    if (layout.text(kSopInstance).empty()) object.dataSet().putAndInsertString(DCM_SOPInstanceUID, pseudonyms.uid(instance).c_str());
    result.patientCode = cleaner.patientCode();
    result.instanceCode = pseudonyms.instanceCode(instance);
    result.identityWords = cleaner.identityWordCount();
    Result<std::string> bytes = object.bytes();
    if (!bytes.isOk()) return bytes.error();
    result.bytes = std::move(bytes).value();
    return result;
}

}  // namespace cxr
