#include "core/study/temporary_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "precordia-films-";

// The folder itself is what is locked. -1: somebody uses it, or it is not ours.
int lockedFolder(const fs::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat facts {};
    const bool isOurs = handle >= 0 && ::fstat(handle, &facts) == 0 && facts.st_uid == ::geteuid();
    if (isOurs && ::flock(handle, LOCK_EX | LOCK_NB) == 0) return handle;
    if (handle >= 0) ::close(handle);
    return -1;
}

void removeLeftOvers(const fs::path& parent) {
    std::error_code code;
    for (fs::directory_iterator at(parent, fs::directory_options::skip_permission_denied, code), end; !code && at != end; at.increment(code)) {
        if (at->path().filename().string().rfind(kPrefix, 0) != 0) continue;
        const int lock = lockedFolder(at->path());
        if (lock < 0) continue;
        std::error_code ignored;
        fs::remove_all(at->path(), ignored);
        ::close(lock);
    }
}

}  // namespace

Result<std::shared_ptr<const TemporaryFolder>> TemporaryFolder::make() {
    const Error failed{ErrorCode::WriteFailed, "no folder can be made in the system's temporary folder; check its room and permissions"};
    std::error_code code;
    const fs::path parent = fs::temp_directory_path(code);
    if (code) return failed;
    removeLeftOvers(parent);
    std::string name = (parent / (std::string(kPrefix) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) return failed;
    const int lock = lockedFolder(name);
    if (lock < 0) return failed;
    return std::shared_ptr<const TemporaryFolder>(new TemporaryFolder(name, lock));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    ::close(m_lock);
}

}  // namespace cxr
