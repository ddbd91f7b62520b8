// What results copy from their film: the attributes that patient and study have, whatever the object.
//   DICOM PS3.3 C.7.1.1 Patient, C.7.1.3 Clinical Trial Subject, C.7.2.1 General Study, C.7.2.2 Patient Study, C.7.2.3
//   Clinical Trial Study
#pragma once

#include <array>

#include "core/io/dicom_prescan.h"

namespace cxr {

inline constexpr auto kCopiedTags = std::to_array<TagNumber>({
    0x00080005,                                                                          // Specific Character Set
    0x00100010, 0x00100020, 0x00100021, 0x00100024, 0x00100030, 0x00100032, 0x00100040,  // name, ID, issuer, birth, sex
    0x00101002, 0x00102160, 0x00102201, 0x00102202, 0x00102203, 0x00102292, 0x00102293, 0x00102294, 0x00102295,
    0x00102296, 0x00102297, 0x00102298, 0x00102299,  // other IDs; of animals: species, breed, responsible person
    0x00120062, 0x00120063, 0x00120064, 0x00280303,  // de-identified before, and how
    0x0020000D, 0x00080020, 0x00080030, 0x00080090, 0x00200010, 0x00080050, 0x00080051, 0x00081030, 0x00081032,
    0x00101010, 0x00101020, 0x00101030, 0x001021C0,  // age, size, weight, pregnancy
    0x00120010, 0x00120020, 0x00120021, 0x00120030, 0x00120031, 0x00120040, 0x00120042, 0x00120050, 0x00120051,
});

// Not copied as they are, but needed to describe what is derived from the film.
inline constexpr auto kNeededTags =
    std::to_array<TagNumber>({0x00200052, 0x00201040, 0x00282110, 0x00282112, 0x00282114});

}  // namespace cxr
