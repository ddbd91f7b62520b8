// Writes a folder whole or not at all: a hidden one beside it is filled, flushed to disk and renamed.
#pragma once

#include <filesystem>
#include <functional>

#include "core/base/result.h"

namespace cxr {

// `fill(temporary)` writes plain files into the new, empty folder. Folders above `folder` are made if they are absent;
// they stay. fails InvalidArgument (`folder` already exists, or has no name), WriteFailed, whatever `fill` fails with;
// then `folder` is absent as before and no temporary is left.
Result<Done> writeFolderAtomically(const std::filesystem::path& folder,
                                   const std::function<Result<Done>(const std::filesystem::path& temporary)>& fill);

}  // namespace cxr
