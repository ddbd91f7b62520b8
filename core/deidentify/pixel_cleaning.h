// Blackens boxes of a film's stored pixels. A compressed film is decoded and written uncompressed then: compressing again would
// change the rest of the picture, or need a codec for each of its forms. Films of one picture, gray or colour, 8 or 16 bits.
// Thread-safe for different objects.   fails Unsupported, Corrupt, TooLarge
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/deidentify/burned_in_text.h"
#include "core/deidentify/dicom_object.h"
#include "core/io/dicom_prescan.h"
#include "core/io/image_reader.h"

namespace cxr {

// `layout`: of the file that `object` was parsed from. Black is what the film shows as black (MONOCHROME1: the largest value).
Result<Done> blackenBoxes(DicomObject& object, const DicomLayout& layout, const std::vector<TextBox>& boxes, const ReadLimits& limits);

}  // namespace cxr
