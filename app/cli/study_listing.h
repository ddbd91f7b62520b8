// What a folder, a disc (DICOMDIR) or a zip archive holds, as a tree for people and as JSON: for `precordia-cli info`.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/study/study_scan.h"

namespace cxr::cli {

// A folder, an archive or an index: what is listed instead of described.
bool isCollection(const std::filesystem::path& path);

// Why films cannot be decoded, by file; films that can are absent.
using DecodeFailures = std::map<std::filesystem::path, std::string>;
// Reads every film and picture whole. fails Cancelled
Result<DecodeFailures> decodeAll(const StudyScan& scan, const RunContext& context);

std::string listingText(const StudyScan& scan, const DecodeFailures& failures);
std::string listingJson(const StudyScan& scan, const DecodeFailures& failures);

// False: a file that should be a film or a companion cannot be used, or there is none at all.
bool isAllWell(const StudyScan& scan, const DecodeFailures& failures);

}  // namespace cxr::cli
