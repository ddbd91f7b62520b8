#include "core/base/atomic_folder.h"

#include <fcntl.h>
#include <stdio.h>  // renameat2 is GNU's, not in <cstdio>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace cxr {
namespace {

namespace fs = std::filesystem;

// Removes the temporary folder at the end, whatever happened; after the rename there is none.
class TemporaryFolder {
  public:
    explicit TemporaryFolder(fs::path path) : m_path(std::move(path)) {}
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return m_path; }

  private:
    fs::path m_path;
};

Error failed(const fs::path& folder, const std::string& reason) {
    return {ErrorCode::WriteFailed, "cannot write the folder " + folder.filename().string() + ": " + reason};
}

fs::path temporaryFor(const fs::path& folder) {
    static std::atomic<int> counter{0};
    return folder.parent_path() / ("." + folder.filename().string() + "." + std::to_string(getpid()) + "-" +
                                   std::to_string(++counter) + ".tmp");
}

bool flushToDisk(const fs::path& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return false;
    const bool flushed = ::fsync(handle) == 0;
    ::close(handle);
    return flushed;
}

// The entries, then the folder itself.
bool flushAll(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (!flushToDisk(entry.path())) return false;
    }
    return flushToDisk(folder);
}

// Never replaces anything, not even an empty folder; file systems without that promise get a plain rename.
bool renameToNew(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    return errno == EINVAL && ::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

Result<Done> writeFolderAtomically(const fs::path& wanted, const std::function<Result<Done>(const fs::path&)>& fill) {
    // "packs/name/" names the same folder as "packs/name".
    std::error_code wrong;
    const fs::path folder = fs::absolute(wanted.has_filename() ? wanted : wanted.parent_path(), wrong).lexically_normal();
    const std::string name = folder.filename().string();
    if (wrong || name.empty() || name == "." || name == "..") {
        return Error{ErrorCode::InvalidArgument, "the folder to be written needs a name"};
    }
    if (fs::exists(fs::symlink_status(folder, wrong))) {
        return Error{ErrorCode::InvalidArgument, "the folder " + name + " already exists; choose another or remove it"};
    }
    fs::create_directories(folder.parent_path(), wrong);
    if (wrong) return failed(folder, wrong.message());
    const TemporaryFolder temporary(temporaryFor(folder));
    fs::create_directory(temporary.path(), wrong);
    if (wrong) return failed(folder, wrong.message());
    if (auto filled = fill(temporary.path()); !filled.isOk()) return filled;
    if (!flushAll(temporary.path()) || !renameToNew(temporary.path(), folder)) return failed(folder, std::strerror(errno));
    flushToDisk(folder.parent_path());
    return Done{};
}

}  // namespace cxr
