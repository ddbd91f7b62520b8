// A UUID as a DICOM identifier: "2.25." and the UUID as one decimal number, which everybody may make without asking for a
// root.   DICOM PS3.5 B.2, RFC 9562.   Pure function; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace cxr {

using Uuid = std::array<std::uint8_t, 16>;  // most significant byte first

// With its version (0..15) and variant bits set.
std::string uidOf(Uuid uuid, unsigned version);

}  // namespace cxr
