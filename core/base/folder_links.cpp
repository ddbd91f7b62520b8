#include "core/base/folder_links.h"

namespace cxr {

bool staysInside(const std::filesystem::path& folder, const std::filesystem::directory_entry& entry) {
    std::error_code code;
    if (!entry.is_symlink(code)) return true;
    const std::filesystem::path target = std::filesystem::canonical(entry.path(), code);
    if (code) return false;
    const std::filesystem::path relative = target.lexically_relative(std::filesystem::canonical(folder, code));
    return !code && !relative.empty() && *relative.begin() != "..";
}

}  // namespace cxr
