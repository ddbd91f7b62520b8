#include "core/io/dcmtk_codec.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <memory>
#include <mutex>

#include "core/io/dicom_header.h"

namespace cxr {
namespace {

void registerDecoders() {
    static std::once_flag once;
    std::call_once(once, [] {
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_never);
        DJLSDecoderRegistration::registerCodecs(EJLSUC_never);
    });
}

Error damaged() { return {ErrorCode::Corrupt, "its compressed picture is damaged or cut off"}; }

// The table of offsets may stay empty; then one item for each fragment. The sequence belongs to the pixel data.
DcmPixelSequence* sequenceOf(const std::vector<Bytes>& fragments) {
    auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
    sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
    for (const Bytes fragment : fragments) {
        auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
        if (item->putUint8Array(fragment.data(), static_cast<unsigned long>(fragment.size())).bad()) return nullptr;
        sequence->insert(item.release());
    }
    return sequence.release();
}

void describe(const PixelFormat& format, DcmDataset& dataSet) {
    dataSet.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(format.samplesPerPixel));
    dataSet.putAndInsertString(DCM_PhotometricInterpretation, format.photometric.c_str());
    if (format.samplesPerPixel > 1) dataSet.putAndInsertUint16(DCM_PlanarConfiguration, format.isPlanar ? 1 : 0);
    dataSet.putAndInsertString(DCM_NumberOfFrames, "1");
    dataSet.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(format.rows));
    dataSet.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(format.columns));
    dataSet.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(format.bitsAllocated));
    dataSet.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(format.bitsStored));
    dataSet.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(format.highBit));
    dataSet.putAndInsertUint16(DCM_PixelRepresentation, format.isSigned ? 1 : 0);
}

int numberIn(DcmDataset& dataSet, const DcmTagKey& tag, int otherwise) {
    Uint16 value = 0;
    return dataSet.findAndGetUint16(tag, value).good() ? value : otherwise;
}

// Decoders may change depth, colour model and planes; the data set says what came out.
PixelFormat formatAfter(DcmDataset& dataSet, PixelFormat format) {
    OFString photometric;
    format.bitsAllocated = numberIn(dataSet, DCM_BitsAllocated, format.bitsAllocated);
    format.bitsStored = numberIn(dataSet, DCM_BitsStored, format.bitsStored);
    format.highBit = numberIn(dataSet, DCM_HighBit, format.highBit);
    format.isSigned = numberIn(dataSet, DCM_PixelRepresentation, format.isSigned ? 1 : 0) == 1;
    format.isPlanar = numberIn(dataSet, DCM_PlanarConfiguration, 0) == 1;
    if (dataSet.findAndGetOFString(DCM_PhotometricInterpretation, photometric).good())
        format.photometric = photometric.c_str();
    if (format.photometric.rfind("YBR", 0) == 0) format.photometric = "YBR_FULL";  // never subsampled after decoding
    format.frames = 1;
    return format;
}

}  // namespace

Result<StoredFrame> decodeWithDcmtk(const std::vector<Bytes>& fragments, const TransferSyntax& syntax,
                                    const PixelFormat& format) {
    registerDecoders();
    const DcmXfer coding(std::string(syntax.uid).c_str());
    auto dataSet = std::make_shared<DcmDataset>();
    describe(format, *dataSet);
    auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
    DcmPixelSequence* sequence = sequenceOf(fragments);
    if (sequence == nullptr) return damaged();
    pixels->putOriginalRepresentation(coding.getXfer(), nullptr, sequence);
    if (dataSet->insert(pixels.release(), OFTrue).bad()) return damaged();
    if (dataSet->chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad()) return damaged();

    StoredFrame frame;
    frame.format = formatAfter(*dataSet, format);
    frame.bytes = elementBytes(*dataSet, 0x7FE00010);
    frame.isLuminanceFirst = frame.format.photometric == "YBR_FULL";
    frame.owner = dataSet;
    if (static_cast<std::int64_t>(frame.bytes.size()) < frame.format.frameBytes()) return damaged();
    return frame;
}

}  // namespace cxr
