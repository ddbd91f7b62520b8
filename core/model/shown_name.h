// A name out of a foreign file, fit for a sentence: printable ASCII, the rest as '?', cut after `limit` characters.
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace cxr {

inline std::string shownName(std::string_view name, std::size_t limit = 80) {
    std::string shown(name.substr(0, limit));
    for (char& letter : shown) {
        if (letter < ' ' || letter > '~') letter = '?';
    }
    return name.size() > limit ? shown + "..." : shown;
}

}  // namespace cxr
