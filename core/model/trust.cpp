#include "core/model/trust.h"

#include <cstdlib>
#include <sstream>

#include "core/base/atomic_file.h"
#include "core/model/shown_name.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxBytes = 1 << 20;

std::string fromEnvironment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

// Empty if there is no file.
std::string contentOf(const fs::path& file) {
    auto text = readWholeFile(file, kMaxBytes);
    return text.isOk() ? std::move(text).value() : std::string();
}

bool holds(const std::string& content, const std::string& sha256) {
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);) {
        if (line.substr(0, line.find(' ')) == sha256) return true;
    }
    return false;
}

}  // namespace

fs::path trustFile() {
    fs::path folder = fromEnvironment("XDG_CONFIG_HOME");
    if (!folder.is_absolute()) folder = fs::path(fromEnvironment("HOME")) / ".config";
    return folder / "precordia" / "trusted_programs.txt";
}

bool isTrusted(const std::string& sha256, const fs::path& file) { return !sha256.empty() && holds(contentOf(file), sha256); }

Result<Done> addTrust(const std::string& sha256, const std::string& remark, const fs::path& file) {
    std::string content = contentOf(file);
    if (holds(content, sha256)) return Done{};
    if (!content.empty() && content.back() != '\n') content += '\n';
    content += sha256 + "  " + shownName(remark) + "\n";
    std::error_code wrong;
    fs::create_directories(file.parent_path(), wrong);
    if (wrong) return Error{ErrorCode::WriteFailed, "cannot remember what is trusted: " + wrong.message()};
    return writeFileAtomically(file, content);
}

}  // namespace cxr
