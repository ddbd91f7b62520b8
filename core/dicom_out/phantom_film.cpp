#include "core/dicom_out/phantom_film.h"

#include <dcmtk/dcmdata/dcdict.h>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/dicom_out/item_writer.h"
#include "core/dicom_out/uid.h"

namespace cxr {
namespace {

constexpr const char* kDate = "20000101";
constexpr const char* kTime = "120000";

void writeWho(ItemWriter& root, const std::string& seed) {
    root.text(DCM_PatientName, "Synthetic^Phantom")
        .text(DCM_PatientID, "PHANTOM")
        .text(DCM_PatientBirthDate, "")
        .text(DCM_PatientSex, "O");
    root.text(DCM_StudyInstanceUID, derivedUid("phantom study " + seed))
        .text(DCM_StudyDate, kDate)
        .text(DCM_StudyTime, kTime);
    root.text(DCM_ReferringPhysicianName, "")
        .text(DCM_StudyID, "1")
        .text(DCM_AccessionNumber, "")
        .text(DCM_StudyDescription, "Synthetic chest film");
}

void writeSeries(ItemWriter& root, const std::string& seed) {
    root.text(DCM_SOPClassUID, UID_ComputedRadiographyImageStorage)
        .text(DCM_SOPInstanceUID, derivedUid("phantom image " + seed));
    root.text(DCM_SeriesInstanceUID, derivedUid("phantom series " + seed))
        .text(DCM_Modality, "CR")
        .integer(DCM_SeriesNumber, 1);
    root.text(DCM_SeriesDescription, "Made by a program, no patient")
        .text(DCM_BodyPartExamined, "CHEST")
        .text(DCM_ViewPosition, "PA");
    root.text(DCM_Manufacturer, "Precordia").text(DCM_ManufacturerModelName, "Phantom").integer(DCM_InstanceNumber, 1);
    root.text(DCM_PatientOrientation, "L\\F")
        .text(DCM_ImageType, "ORIGINAL\\PRIMARY")
        .text(DCM_ContentDate, kDate)
        .text(DCM_ContentTime, kTime);
    root.text(DCM_AcquisitionDate, kDate).text(DCM_AcquisitionTime, kTime);
    root.text(DCM_BurnedInAnnotation, "NO").text(DCM_LossyImageCompression, "00");
}

void writePicture(ItemWriter& root, const Image& image) {
    const auto u16 = [](int value) { return std::vector<std::uint16_t>{static_cast<std::uint16_t>(value)}; };
    root.u16(DCM_SamplesPerPixel, {1})
        .text(DCM_PhotometricInterpretation, image.isInverse ? "MONOCHROME1" : "MONOCHROME2");
    root.u16(DCM_Rows, u16(image.height())).u16(DCM_Columns, u16(image.width())).u16(DCM_BitsAllocated, {16});
    root.u16(DCM_BitsStored, u16(image.encoding.bitsStored))
        .u16(DCM_HighBit, u16(image.encoding.bitsStored - 1))
        .u16(DCM_PixelRepresentation, {0});
    root.decimal(DCM_WindowCenter, image.defaultVoi.center).decimal(DCM_WindowWidth, image.defaultVoi.width);
    if (image.spacing.isKnown()) {
        const double spacing[] = {image.spacing.rowMm, image.spacing.columnMm};
        root.decimals(DCM_PixelSpacing, spacing);
    }
    const cv::Mat samples = image.samples.isContinuous() ? image.samples : image.samples.clone();
    root.words(DcmTag(DCM_PixelData, EVR_OW), {samples.ptr<std::uint16_t>(), samples.total()});
}

std::string hashOf(const Image& image) {
    const cv::Mat samples = image.samples.isContinuous() ? image.samples : image.samples.clone();
    return sha256Hex(std::as_bytes(std::span(samples.ptr<std::uint16_t>(), samples.total())));
}

}  // namespace

Result<Done> writePhantomFilm(const Phantom& phantom, const std::filesystem::path& file) {
    if (!dcmDataDict.isDictionaryLoaded())
        return Error{ErrorCode::Internal,
                     "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
    DcmFileFormat format;
    std::string problem;
    ItemWriter root(*format.getDataset(), problem);
    const std::string seed = hashOf(phantom.image);
    writeWho(root, seed);
    writeSeries(root, seed);
    writePicture(root, phantom.image);
    if (!problem.empty()) return Error{ErrorCode::Internal, "DCMTK refused a value of the film (" + problem + ")"};
    return writeFileAtomically(file, [&format](const std::filesystem::path& temporary) -> Result<Done> {
        const OFCondition saved = format.saveFile(temporary.c_str(), EXS_LittleEndianExplicit);
        if (saved.bad()) return Error{ErrorCode::WriteFailed, saved.text()};
        return Done{};
    });
}

}  // namespace cxr
