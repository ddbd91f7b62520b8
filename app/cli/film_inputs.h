// The films that a command line names: files, and what looks like a film in folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr::cli {

// fails NotFound: an input is absent, or nothing in a folder looks like a film.
Result<std::vector<std::filesystem::path>> filmsOf(const std::vector<std::string>& inputs);

}  // namespace cxr::cli
