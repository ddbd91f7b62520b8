// Links in folders that are walked through.
#pragma once

#include <filesystem>

namespace cxr {

// False for a link that leads out of `folder`, or nowhere; true for everything else. `entry` is of a walk through `folder`.
bool staysInside(const std::filesystem::path& folder, const std::filesystem::directory_entry& entry);

}  // namespace cxr
