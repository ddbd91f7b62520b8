// Answers of QIDO-RS and STOW-RS as our values.   DICOM PS3.18 annex F (DICOM JSON model), 10.5, 10.6
// Pure functions; thread-safe.   fails Corrupt
#pragma once

#include <string>
#include <vector>

#include "core/pacs/pacs.h"

namespace cxr {

Result<std::vector<StudyRow>> studiesFromJson(const std::string& json);
Result<std::vector<SeriesRow>> seriesFromJson(const std::string& json);
// What a STOW-RS answer says about its one object: "stored", or why not.
SentObject storedFromJson(const std::string& json);

}  // namespace cxr
