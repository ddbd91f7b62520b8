// The folder of a run.
#include "core/train/run_folder.h"

namespace cxr::train {

Result<bool> openRunFolder(TrainingLoop& loop, const std::filesystem::path& folder, bool resume) {
    const auto checkpoint = folder / "checkpoint.pt";
    const bool isThere = std::filesystem::exists(checkpoint);
    if (isThere && !resume) {
        return Error{ErrorCode::InvalidArgument, "the output folder holds a run already; resume it or choose another folder"};
    }
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the output folder: " + failed.message()};
    if (!isThere) return false;
    if (auto loaded = loop.load(checkpoint); !loaded.isOk()) return std::move(loaded).error();
    return true;
}

}  // namespace cxr::train
