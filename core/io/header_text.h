// What a film's header says and what we made of it, as a list for people: `precordia-cli info FILE` and the film panel.
// Pure function; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/image/image.h"

namespace cxr {

struct NamedFact {
    std::string key;    // stable, for JSON: "pixel_spacing"
    std::string label;  // for people: "Pixel spacing"
    std::string value;  // with its unit; "unknown" where the header says nothing that matters
};

// Patient, study, coding, pixel chain, geometry, notes, in this order. Facts that are absent and need no word are left
// out.
std::vector<NamedFact> describe(const Image& image);

}  // namespace cxr
