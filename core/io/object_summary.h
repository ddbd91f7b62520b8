// What a DICOM object that is no film says, in few lines: structured report, segmentation, parametric map, presentation
// state, encapsulated document, key objects. For `precordia-cli info` and for messages of files that show no film.
//   The prescan has bounded nesting, lengths and elements before DCMTK parses the object; at most 64 MiB are parsed.
// Thread-safe.   DICOM PS3.3 A.33, A.35, A.45, A.51, A.75
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/header_text.h"

namespace cxr {

// Kind, patient, study, what it is about, its content. nullopt: the file is no DICOM object, or one that may be a film.
// fails NotFound, TooLarge, Corrupt, Unsupported
Result<std::optional<std::vector<NamedFact>>> describeObject(const std::filesystem::path& file);

}  // namespace cxr
