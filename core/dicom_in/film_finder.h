// Finds the file of a film by its SOP Instance UID: among named files, then in a folder, by the first 64 KiB of each.
// Thread-safe; long work, call from a worker.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/run_context.h"

namespace cxr {

inline constexpr std::size_t kMaxLookedAt = 5000;  // files

// True: the file's meta header or data set names one of these instances as its own.
bool holdsInstance(const std::filesystem::path& file, const std::vector<std::string>& uids);

// The first match; empty: none, or cancelled. Subfolders are not looked into.
std::filesystem::path findFilm(const std::vector<std::string>& uids, const std::vector<std::filesystem::path>& files,
                               const std::filesystem::path& folder, const RunContext& context = {});

}  // namespace cxr
