// Unique identifiers for objects that we write: "2.25." and a UUID as one decimal number, which everybody may make
// without asking for a root.   DICOM PS3.5 B.2, RFC 9562
//   new      version 4: 122 random bits
//   derived  version 8: the first 122 bits of SHA-256 over a seed, so that the same seed gives the same identifier
// Thread-safe.
#pragma once

#include <string>

namespace cxr {

std::string newUid();
// REQUIRES: the seed says what is named: "series <run> <kind>".
std::string derivedUid(const std::string& seed);

}  // namespace cxr
