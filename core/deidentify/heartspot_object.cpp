#include "core/deidentify/heartspot_object.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <array>

#include "core/deidentify/dicom_object.h"

namespace cxr {
namespace {

// What goes over from the film: patient, study, what was de-identified, and what the picture shows.
const std::array<DcmTagKey, 31> kCarried{
    DCM_SpecificCharacterSet, DCM_StudyDate,      DCM_StudyTime,       DCM_ContentDate,     DCM_ContentTime, DCM_AccessionNumber,
    DCM_ReferringPhysicianName, DCM_StudyDescription, DCM_PatientName, DCM_PatientID,       DCM_PatientBirthDate, DCM_PatientSex,
    DCM_PatientAge,           DCM_PatientSize,    DCM_PatientWeight,   DCM_PatientIdentityRemoved, DCM_DeidentificationMethod,
    DCM_DeidentificationMethodCodeSequence, DCM_BodyPartExamined, DCM_ViewPosition, DCM_StudyInstanceUID, DCM_StudyID,
    DCM_PatientOrientation,   DCM_Laterality,     DCM_ImageLaterality, DCM_BurnedInAnnotation, DCM_LongitudinalTemporalInformationModified,
    DCM_LossyImageCompression, DCM_LossyImageCompressionRatio, DCM_LossyImageCompressionMethod, DCM_InstitutionName};

// Type 2 of a Secondary Capture Image: there, if need be empty.
const std::array<DcmTagKey, 11> kNeeded{DCM_StudyDate, DCM_StudyTime, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_PatientName,
                                        DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyID, DCM_PatientOrientation,
                                        DCM_Laterality};

void addCode(DcmItem& item, const DcmTagKey& sequence, const char* value, const char* meaning) {
    DcmItem* code = nullptr;
    if (item.findOrCreateSequenceItem(sequence, code, -2).bad()) return;
    code->putAndInsertString(DCM_CodeValue, value);
    code->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
    code->putAndInsertString(DCM_CodeMeaning, meaning);
}

void carryOver(DcmDataset& film, DcmDataset& out) {
    for (const DcmTagKey& tag : kCarried) {
        DcmElement* element = nullptr;
        if (film.findAndGetElement(tag, element, OFFalse, OFTrue).bad()) continue;
        if (out.insert(element, OFTrue).bad()) delete element;
    }
    // A film has its side in one of the two.
    if (out.tagExists(DCM_ImageLaterality)) out.findAndDeleteElement(DCM_Laterality);
    for (const DcmTagKey& tag : kNeeded) {
        const bool isElsewhere = tag == DCM_Laterality && out.tagExists(DCM_ImageLaterality);
        if (!out.tagExists(tag) && !isElsewhere) out.insertEmptyElement(tag);
    }
}

void describeObject(DcmDataset& film, const HeartSpotPicture& picture, const Pseudonyms& pseudonyms, DcmDataset& out) {
    const std::string instance = textIn(film, DCM_SOPInstanceUID);
    out.putAndInsertString(DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
    out.putAndInsertString(DCM_SOPInstanceUID, pseudonyms.uid("heartspot " + picture.priorHash + instance).c_str());
    out.putAndInsertString(DCM_SeriesInstanceUID,
                           pseudonyms.uid("heartspot " + picture.priorHash + textIn(film, DCM_SeriesInstanceUID)).c_str());
    if (textIn(out, DCM_StudyInstanceUID).empty()) {
        out.putAndInsertString(DCM_StudyInstanceUID, pseudonyms.uid("study of " + instance).c_str());
    }
    out.putAndInsertString(DCM_Modality, "OT");
    out.putAndInsertString(DCM_ConversionType, "WSD");
    out.putAndInsertString(DCM_ImageType, "DERIVED\\SECONDARY");
    out.putAndInsertString(DCM_Manufacturer, "Precordia");
    out.putAndInsertString(DCM_ManufacturerModelName, "HeartSpot");
    out.putAndInsertString(DCM_SeriesNumber, "901");
    out.putAndInsertString(DCM_InstanceNumber, "1");
    out.putAndInsertString(DCM_SeriesDescription, ("HeartSpot " + picture.priorName).substr(0, 64).c_str());
    out.putAndInsertString(DCM_DerivationDescription,
                           ("HeartSpot prior " + picture.priorName + ": " + picture.keeps + ". Not for diagnostic use.").c_str());
    addCode(out, DCM_DerivationCodeSequence, "113047", "Pixel by pixel mask");
    if (picture.isResampled) addCode(out, DCM_DerivationCodeSequence, "113085", "Spatial resampling");
    DcmItem* source = nullptr;
    if (instance.empty() || out.findOrCreateSequenceItem(DCM_SourceImageSequence, source, -2).bad()) return;
    source->putAndInsertString(DCM_ReferencedSOPClassUID, textIn(film, DCM_SOPClassUID).c_str());
    source->putAndInsertString(DCM_ReferencedSOPInstanceUID, instance.c_str());
    addCode(*source, DCM_PurposeOfReferenceCodeSequence, "121322", "Source image for image processing operation");
}

Result<Done> storePicture(const cv::Mat& picture, DcmDataset& out) {
    out.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    out.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    out.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(picture.rows));
    out.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(picture.cols));
    out.putAndInsertUint16(DCM_BitsAllocated, 8);
    out.putAndInsertUint16(DCM_BitsStored, 8);
    out.putAndInsertUint16(DCM_HighBit, 7);
    out.putAndInsertUint16(DCM_PixelRepresentation, 0);
    std::vector<Uint8> samples;
    for (int y = 0; y < picture.rows; ++y) samples.insert(samples.end(), picture.ptr<Uint8>(y), picture.ptr<Uint8>(y) + picture.cols);
    if (out.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), samples.data(), samples.size()).good()) return Done{};
    return Error{ErrorCode::OutOfMemory, "there is not enough memory for its picture"};
}

}  // namespace

Result<DeidentifiedObject> heartSpotObject(const DeidentifiedObject& film, const HeartSpotPicture& picture, const Pseudonyms& pseudonyms) {
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(film.bytes.data()), film.bytes.size());
    const Result<DicomLayout> layout = prescanDicom(bytes, {});
    if (!layout.isOk()) return layout.error();
    const Result<DicomObject> source = DicomObject::parse(layout.value());
    if (!source.isOk()) return source.error();
    const Result<DicomObject> object = DicomObject::empty();
    if (!object.isOk()) return object.error();
    DcmDataset& out = object.value().dataSet();
    carryOver(source.value().dataSet(), out);
    describeObject(source.value().dataSet(), picture, pseudonyms, out);
    if (const Result<Done> stored = storePicture(picture.picture, out); !stored.isOk()) return stored.error();

    DeidentifiedObject result = film;
    Result<std::string> written = object.value().bytes();
    if (!written.isOk()) return written.error();
    result.bytes = std::move(written).value();
    result.sopClassUid = UID_SecondaryCaptureImageStorage;
    result.modality = "OT";
    result.transferSyntaxUid = explicitLittleEndian().uid;
    result.isPictureUntouched = false;
    return result;
}

}  // namespace cxr
