// Words of film lists and DICOM headers to our words. Pure functions; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cxr {

// Unknown words become "".
std::string viewFrom(std::string_view word);  // "PA", "AP", "AP Supine", "L", "LL", "LATERAL", "FRONTAL", ...
std::string sexFrom(std::string_view word);   // "M", "Male", "F", "Female"
// Years from "57", "058Y", "018M", "003D"; nullopt where empty, not readable or more than 120 years.
std::optional<double> ageFrom(std::string_view word);

}  // namespace cxr
