#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace cxr {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& file, const std::string& reason) {
    return Error{ErrorCode::WriteFailed, "cannot write " + file.filename().string() + ": " + reason};
}

// A name beside `file` that nobody else uses; the extension is kept because some writers choose the format by it.
fs::path temporaryFor(const fs::path& file) {
    static std::atomic<int> counter{0};
    return file.parent_path() / ("." + file.stem().string() + "." + std::to_string(getpid()) + "-" +
                                 std::to_string(++counter) + ".tmp" + file.extension().string());
}

bool flushToDisk(const fs::path& file) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return false;
    const bool flushed = ::fsync(handle) == 0;
    ::close(handle);
    return flushed;
}

}  // namespace

Result<Done> writeFileAtomically(const fs::path& file, const std::function<Result<Done>(const fs::path&)>& write) {
    const fs::path temporary = temporaryFor(file);
    std::error_code ignored;
    Result<Done> written = write(temporary);
    if (!written.isOk()) {
        fs::remove(temporary, ignored);
        return written;
    }
    std::error_code renamed;
    if (flushToDisk(temporary)) {
        fs::rename(temporary, file, renamed);
        if (!renamed) return Done{};
    } else {
        renamed = std::error_code(errno, std::generic_category());
    }
    fs::remove(temporary, ignored);
    return failed(file, renamed.message());
}

Result<Done> writeFileAtomically(const fs::path& file, std::span<const std::byte> bytes) {
    return writeFileAtomically(file, [&](const fs::path& temporary) -> Result<Done> {
        std::ofstream stream(temporary, std::ios::binary);
        stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        stream.close();
        if (!stream) return failed(file, std::strerror(errno));
        return Done{};
    });
}

Result<Done> writeFileAtomically(const fs::path& file, std::string_view text) {
    return writeFileAtomically(file, std::as_bytes(std::span(text.data(), text.size())));
}

Result<std::string> readWholeFile(const fs::path& file, std::int64_t maxBytes) {
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    const std::string name = file.filename().string();
    if (missing) return Error{ErrorCode::NotFound, "cannot open " + name + ": " + missing.message()};
    if (static_cast<std::int64_t>(size) > maxBytes) {
        return Error{ErrorCode::TooLarge, name + " is larger than " + std::to_string(maxBytes) + " bytes"};
    }
    std::string bytes(size, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(bytes.data(), static_cast<std::streamsize>(size));
    if (!stream) return Error{ErrorCode::NotFound, "cannot read " + name};
    return bytes;
}

}  // namespace cxr
