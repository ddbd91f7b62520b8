// The pixel chain as the header tells it: Modality LUT or rescale, VOI LUTs and windows, Presentation LUT Shape,
// padding, palette.   DICOM PS3.3 C.11.1, C.11.2, C.7.5.1.1.2, C.7.9. Everything that does not make sense is left out
// with a note. Thread-safe on different headers.
#pragma once

#include "core/image/image.h"
#include "core/io/dicom_header.h"
#include "core/io/frame_samples.h"
#include "core/io/pixel_format.h"

namespace cxr {

// Fills modality, padding, isInverse, presets (not defaultVoi) and notes.
void fillPixelChain(const DicomHeader& header, const PixelFormat& format, Image& image);

// A table with LUT Descriptor, Explanation and Data as any sequence item holds it; null when it makes no sense.
std::shared_ptr<const LookupTable> readLookupTable(const DicomHeader& header, DcmItem& item, bool isInputSigned);

// fails Corrupt, Unsupported (segmented palettes)
Result<GrayPalette> readPalette(const DicomHeader& header, const PixelFormat& format);

}  // namespace cxr
