// Overlay planes 60xx: drawn marks that lie over the film, one bit for each pixel.   DICOM PS3.3 C.9.2, PS3.5 8.1.2
// Kept for display only. Separate planes come from Overlay Data (60xx,3000); old files keep them in unused high bits of
// the pixels themselves.   Thread-safe on different headers.
#pragma once

#include "core/image/image.h"
#include "core/io/dicom_header.h"
#include "core/io/pixel_format.h"

namespace cxr {

// Fills overlays; a damaged plane is left out with a note.
void fillOverlays(const DicomHeader& header, const StoredFrame& frame, const ReadLimits& limits, Image& image);

}  // namespace cxr
