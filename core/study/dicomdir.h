// DICOMDIR: the index of a disc. Only the files that it names are taken from it; what they are is read from themselves, so
// that a wrong index shows no wrong patient. Offsets between records are not followed: every record of the list counts.
//   paths   components of (0004,1500) below the folder of the index, whatever their case on the medium; a path that leaves
//           the folder, by its components or by a link, is refused
// Thread-safe.   DICOM PS3.3 F, PS3.10 8.2
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/image_reader.h"

namespace cxr {

struct IndexedFile {
    std::string name;            // as written: "IMAGES/IM0001"
    std::filesystem::path file;  // empty: see `reason`
    std::string reason;          // why there is no such file
};

// Each file once, in the order of the index. fails NotFound, Corrupt, TooLarge, Unsupported
Result<std::vector<IndexedFile>> readDicomdir(const std::filesystem::path& index, const ReadLimits& limits = {});

}  // namespace cxr
