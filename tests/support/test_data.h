// Where tests find data that is not part of the project. A test that needs it skips with a sentence when it is absent.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "build_paths.h"

namespace cxr::test {

inline std::filesystem::path folderFrom(const char* variable, const char* otherwise) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

// Films and labels; environment variable CXR_DATA_DIR.
inline std::filesystem::path dataFolder() { return folderFrom("CXR_DATA_DIR", CXR_SOURCE_DIR "/../shared/data"); }

// What outside programs computed; environment variable CXR_REFERENCE_DIR.
inline std::filesystem::path referenceFolder() {
    return folderFrom("CXR_REFERENCE_DIR", CXR_SOURCE_DIR "/../shared/reference");
}

}  // namespace cxr::test
