// A file without a disk, for readers that want a path: one in memory, filled again for each input.
//   thread rule  one thread
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace cxr::fuzz {

class MemoryFile {
  public:
    MemoryFile() : m_handle(::memfd_create("fuzz", MFD_CLOEXEC)) {
        if (m_handle < 0) std::abort();
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(m_handle); }

    void put(const void* data, std::size_t size) const {
        if (::ftruncate(m_handle, 0) != 0 || ::pwrite(m_handle, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
    }
    [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(m_handle); }

  private:
    int m_handle;
};

// A folder of this process, in memory where the system has a place for that; gone at its end.
class MemoryFolder {
  public:
    MemoryFolder() {
        const bool isThere = ::access("/dev/shm", W_OK | X_OK) == 0;
        std::string name = (isThere ? std::string("/dev/shm") : std::filesystem::temp_directory_path().string()) + "/precordia-fuzz-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        m_path = name;
    }
    MemoryFolder(const MemoryFolder&) = delete;
    MemoryFolder& operator=(const MemoryFolder&) = delete;
    ~MemoryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

  private:
    std::filesystem::path m_path;
};

}  // namespace cxr::fuzz
