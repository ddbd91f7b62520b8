// A TCP connection with a time limit that hears "stop", name resolution included. Inner header of core/pacs.
//   DCMTK and the C library can neither be told to stop looking a name up nor to stop connecting.
// Thread-safe.
#pragma once

#include <stop_token>
#include <string>
#include <utility>

#include "core/base/result.h"

namespace cxr {

// A file descriptor that closes itself.
class Socket {
  public:
    Socket() = default;
    explicit Socket(int handle) : m_handle(handle) {}
    Socket(Socket&& other) noexcept : m_handle(std::exchange(other.m_handle, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Socket();
    [[nodiscard]] int handle() const { return m_handle; }

  private:
    int m_handle = -1;
};

// Tries the addresses of the name one after the other; the result does not block.
// fails NotFound ("cannot reach host:port: ..."), Cancelled
Result<Socket> connectTcp(const std::string& host, int port, int timeoutMs, const std::stop_token& stop);

// A listening socket of loopback and its port. fails Internal
Result<std::pair<Socket, int>> listenOnLoopback();

}  // namespace cxr
