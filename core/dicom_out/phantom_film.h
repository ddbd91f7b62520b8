// The phantom as a DICOM film: a Computed Radiography image with every attribute that its IOD asks for, to try programs
// and archives with. It says that it is synthetic in name, description and picture.   DICOM PS3.3 A.2 Thread-safe. The
// same phantom gives the same identifiers.
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/image/phantom.h"

namespace cxr {

// Explicit VR Little Endian, whole or not at all. fails WriteFailed, Internal (DCMTK's data dictionary is missing)
Result<Done> writePhantomFilm(const Phantom& phantom, const std::filesystem::path& file);

}  // namespace cxr
