// A folder of this process alone (mode 0700) below the system's temporary folder; gone with the object. It may hold
// films, so what a killed process left behind is removed when the next one is made: each folder is locked while it is used.
//   thread rule  one thread per object; make() may be called from any
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"

namespace cxr {

class TemporaryFolder {
  public:
    // fails WriteFailed
    static Result<std::shared_ptr<const TemporaryFolder>> make();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

  private:
    TemporaryFolder(std::filesystem::path path, int lock) : m_path(std::move(path)), m_lock(lock) {}
    std::filesystem::path m_path;
    int m_lock;
};

}  // namespace cxr
