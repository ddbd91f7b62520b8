// Frames of a DICOM film or object as uncompressed numbers: taken from the file as it is, or handed to a codec.
// What a codestream says about its own size is compared with the header before anything is decoded.
// Thread-safe.   fails Corrupt, TooLarge, Unsupported, OutOfMemory
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/dicom_prescan.h"
#include "core/io/pixel_format.h"

namespace cxr {

// The result may point into layout.dataSet. Adds notes, for example about more frames.
Result<StoredFrame> firstFrame(const DicomLayout& layout, const PixelFormat& format, const ReadLimits& limits,
                               std::vector<std::string>& notes);

// The fragments of every frame of encapsulated pixels, in order. fails Corrupt (it cannot be told which are whose)
Result<std::vector<std::vector<Bytes>>> fragmentsOfFrames(const DicomLayout& layout, int frames);

// One of these frames. `format.frames` is not looked at. fails Unsupported too: a codec that is not read
Result<StoredFrame> decodeFrame(const std::vector<Bytes>& fragments, const DicomLayout& layout, const PixelFormat& format,
                                const ReadLimits& limits, std::vector<std::string>& notes);

}  // namespace cxr
