// Questions about the framing that a manifest names (core/model/manifest.h lists them). Pure functions; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <string>

namespace cxr {

inline bool isKnownFraming(const std::string& framing) {
    constexpr std::array kFramings{"letterbox",        "centre-crop",      "thorax",                  "heartspot",
                                   "heartspot-vector", "heartspot-filled", "heartspot-thorax",        "heartspot-thorax-vector",
                                   "heartspot-thorax-filled"};
    return std::find(kFramings.begin(), kFramings.end(), framing) != kFramings.end();
}
inline bool readsHeartSpot(const std::string& framing) { return framing.starts_with("heartspot"); }
// The network reads a row of kept pixels, not a picture.
inline bool readsVector(const std::string& framing) { return framing.ends_with("-vector"); }
// The gaps between kept pixels are filled, so that the picture can be brought to any grid.
inline bool readsWithoutGaps(const std::string& framing) { return framing.ends_with("-filled"); }
// The square is laid by heart and lungs, so they must be found first.
inline bool readsThorax(const std::string& framing) { return framing.find("thorax") != std::string::npos; }

}  // namespace cxr
