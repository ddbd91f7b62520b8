#include "core/dicom_in/film_finder.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "core/io/bytes.h"
#include "core/io/dicom_prescan.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kStartBytes = 64 * 1024;

std::string startOf(const fs::path& file) {
    std::string start(kStartBytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return start;
}

// Whether the bytes before `at` are the header of (0002,0003) or (0008,0018): explicit or implicit, either byte order.
bool isOwnInstance(std::string_view all, std::size_t at) {
    static constexpr std::string_view kTags[] = {{"\x02\0\x03\0", 4}, {"\x08\0\x18\0", 4}, {"\0\x08\0\x18", 4}};
    if (at < 8) return false;
    const std::string_view tag = all.substr(at - 8, 4);
    return std::find(std::begin(kTags), std::end(kTags), tag) != std::end(kTags);
}

bool ends(std::string_view all, std::size_t at) {
    return at >= all.size() || (all[at] != '.' && (all[at] < '0' || all[at] > '9'));
}

}  // namespace

bool holdsInstance(const fs::path& file, const std::vector<std::string>& uids) {
    const std::string start = startOf(file);
    const std::string_view all(start);
    if (!looksLikeDicom({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()})) return false;
    for (const std::string& uid : uids) {
        if (uid.empty()) continue;
        for (std::size_t at = all.find(uid); at != std::string_view::npos; at = all.find(uid, at + 1)) {
            if (isOwnInstance(all, at) && ends(all, at + uid.size())) return true;
        }
    }
    return false;
}

fs::path findFilm(const std::vector<std::string>& uids, const std::vector<fs::path>& files, const fs::path& folder,
                  const RunContext& context) {
    if (uids.empty()) return {};
    for (const fs::path& file : files) {
        if (context.isCancelled()) return {};
        if (holdsInstance(file, uids)) return file;
    }
    std::error_code code;
    fs::directory_iterator walk(folder, fs::directory_options::skip_permission_denied, code);
    for (std::size_t seen = 0; !code && walk != fs::directory_iterator() && seen < kMaxLookedAt; walk.increment(code), ++seen) {
        std::error_code ignored;
        if (context.isCancelled()) return {};
        if (walk->is_regular_file(ignored) && holdsInstance(walk->path(), uids)) return walk->path();
    }
    return {};
}

}  // namespace cxr
