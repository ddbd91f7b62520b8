// As on a full disk: while this lives, no file of this process may grow past `bytes`, and a write fails in the middle.
//   thread rule  of the whole process: one at a time
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace cxr::test {

class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        if (::getrlimit(RLIMIT_FSIZE, &m_before) != 0) return;
        const rlimit tight{bytes, m_before.rlim_max};
        m_isTight = ::setrlimit(RLIMIT_FSIZE, &tight) == 0;
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() { end(); }

    // Before anything else is written. False: the limit was not there, or stays.
    bool end() {
        const bool isEnded = m_isTight && ::setrlimit(RLIMIT_FSIZE, &m_before) == 0;
        m_isTight = false;
        return isEnded;
    }

  private:
    rlimit m_before{};
    bool m_isTight = false;
};

}  // namespace cxr::test
