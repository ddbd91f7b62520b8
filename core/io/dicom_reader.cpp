#include "core/io/dicom_reader.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdict.h>

#include "core/io/dicom_facts.h"
#include "core/io/dicom_frame.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_luts.h"
#include "core/io/dicom_overlays.h"
#include "core/io/dicom_prescan.h"
#include "core/io/object_kind.h"

namespace cxr {
namespace {

constexpr TagNumber kSopClass = 0x00080016, kLossy = 0x00282110, kLossyRatio = 0x00282112;

void fillEncoding(const DicomLayout& layout, const DicomHeader& header, const PixelFormat& format, Image& image) {
    EncodingFacts& encoding = image.encoding;
    encoding.format = "DICOM";
    encoding.transferSyntax = layout.syntax->name;
    encoding.transferSyntaxUid = layout.syntax->uid;
    encoding.photometric = format.photometric;
    encoding.bitsAllocated = format.bitsAllocated;
    encoding.bitsStored = format.bitsStored;
    encoding.isSigned = format.isSigned;
    encoding.frames = format.frames;
    encoding.isLossy = layout.syntax->isLossy || header.text(kLossy) == "01";
    encoding.lossyRatio = header.number(kLossyRatio).value_or(0);
    if (encoding.isLossy)
        image.notes.emplace_back("The film was compressed with loss; fine detail may differ from the original.");
}

}  // namespace

Result<Image> readDicom(Bytes file, const ReadLimits& limits, const RunContext& context) {
    const Result<DicomLayout> scanned = prescanDicom(file, limits);
    if (!scanned.isOk()) return scanned.error();
    const DicomLayout& layout = scanned.value();
    if (!layout.isExplicit && !dcmDataDict.isDictionaryLoaded()) {
        return Error{ErrorCode::Internal,
                     "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
    }
    const Result<DicomHeader> parsed = DicomHeader::parse(layout);
    if (!parsed.isOk()) return parsed.error();
    const DicomHeader& header = parsed.value();
    const Result<PixelFormat> format = readPixelFormat(header, layout.pixels, limits);
    if (!format.isOk()) return format.error();
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};

    Image image;
    image.notes = layout.notes;
    if (const std::string words = objectWords(layout.text(kSopClass)); !words.empty())
        image.notes.push_back("This is " + words + ", not a film: its first frame is shown as a picture.");
    const Result<StoredFrame> frame = firstFrame(layout, format.value(), limits, image.notes);
    if (!frame.isOk()) return frame.error();
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
    context.report(0.6);

    fillEncoding(layout, header, format.value(), image);
    fillFacts(header, image);
    fillPixelChain(header, frame.value().format, image);
    fillOverlays(header, frame.value(), limits, image);
    const Result<GrayPalette> palette = readPalette(header, frame.value().format);
    if (!palette.isOk()) return palette.error();
    if (auto filled = fillSamples(frame.value(), palette.value(), image); !filled.isOk()) return filled.error();
    image.notes.insert(image.notes.end(), header.notes().begin(), header.notes().end());
    return image;
}

}  // namespace cxr
