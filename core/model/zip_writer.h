// Writes a small zip archive in memory, through libzip. Equal entries give equal bytes: every entry carries the same date
// (1980-01-01), so that an archive does not say when it was made.
//   thread rule  pure function; any thread
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

struct ZipItem {
    std::string name;         // without folders
    std::string bytes;
    bool isDeflated = false;  // false: stored as it is
};

// fails OutOfMemory, Internal (a name occurs twice).
Result<std::string> zipBytes(const std::vector<ZipItem>& items);

}  // namespace cxr
