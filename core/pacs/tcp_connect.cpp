#include "core/pacs/tcp_connect.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/pacs/stop_wait.h"

namespace cxr {
namespace {

struct Address {
    sockaddr_storage where{};
    socklen_t length = 0;
};

// What the looking-up thread leaves behind; it may outlive who asked.
struct Lookup {
    std::mutex mutex;
    bool isDone = false;
    int code = 0;
    std::vector<Address> found;
};

void lookUp(const std::shared_ptr<Lookup>& lookup, const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    const std::lock_guard lock(lookup->mutex);
    for (const addrinfo* item = list; item != nullptr; item = item->ai_next) {
        Address address;
        if (item->ai_addrlen > sizeof address.where) continue;
        std::memcpy(&address.where, item->ai_addr, item->ai_addrlen);
        address.length = item->ai_addrlen;
        lookup->found.push_back(address);
    }
    if (list != nullptr) ::freeaddrinfo(list);
    lookup->code = code;
    lookup->isDone = true;
}

Error unreachable(const std::string& host, int port, const std::string& why) {
    return {ErrorCode::NotFound, "cannot reach " + host + ":" + std::to_string(port) + ": " + why};
}
Error timedOut(const std::string& host, int port, int ms) {
    return unreachable(host, port, "no answer within " + std::to_string((ms + 999) / 1000) + " s; check host, port and firewall");
}
Error stopped() { return {ErrorCode::Cancelled, "stopped"}; }

Result<std::vector<Address>> resolve(const std::string& host, int port, PacsClock::time_point begin, int timeoutMs, const std::stop_token& stop) {
    const auto lookup = std::make_shared<Lookup>();
    std::thread([lookup, host, port] { lookUp(lookup, host, port); }).detach();
    for (int waitMs = 1;; waitMs = std::min(2 * waitMs, kWaitSliceMs)) {
        {
            const std::lock_guard lock(lookup->mutex);
            if (lookup->isDone && lookup->code == 0 && !lookup->found.empty()) return std::move(lookup->found);
            if (lookup->isDone) return unreachable(host, port, "there is no host of this name");
        }
        if (stop.stop_requested()) return stopped();
        if (sliceLeft(begin, timeoutMs) == 0) return timedOut(host, port, timeoutMs);
        std::this_thread::sleep_for(std::chrono::milliseconds(waitMs));
    }
}

// 0: connected. ETIMEDOUT, ECANCELED or the system's reason else.
int finishConnecting(int handle, PacsClock::time_point begin, int timeoutMs, const std::stop_token& stop) {
    pollfd watched{handle, POLLOUT, 0};
    for (;;) {
        if (stop.stop_requested()) return ECANCELED;
        const int slice = sliceLeft(begin, timeoutMs);
        const int ready = ::poll(&watched, 1, slice);
        if (ready < 0 && errno != EINTR) return errno;
        if (ready > 0) break;
        if (slice == 0) return ETIMEDOUT;
    }
    int reason = 0;
    socklen_t length = sizeof reason;
    return ::getsockopt(handle, SOL_SOCKET, SO_ERROR, &reason, &length) == 0 ? reason : errno;
}

}  // namespace

Socket::~Socket() {
    if (m_handle >= 0) ::close(m_handle);
}

Result<Socket> connectTcp(const std::string& host, int port, int timeoutMs, const std::stop_token& stop) {
    const auto begin = PacsClock::now();
    Result<std::vector<Address>> addresses = resolve(host, port, begin, timeoutMs, stop);
    if (!addresses.isOk()) return addresses.error();
    int reason = 0;
    for (const Address& address : addresses.value()) {
        Socket tried(::socket(address.where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (tried.handle() < 0) {
            reason = errno;
            continue;
        }
        reason = ::connect(tried.handle(), reinterpret_cast<const sockaddr*>(&address.where), address.length) == 0 ? 0 : errno;
        if (reason == EINPROGRESS) reason = finishConnecting(tried.handle(), begin, timeoutMs, stop);
        if (reason == 0) return tried;
        if (reason == ECANCELED) return stopped();
    }
    if (reason == ETIMEDOUT) return timedOut(host, port, timeoutMs);
    if (reason == ECONNREFUSED) return unreachable(host, port, "nothing listens on this port; start the server or check the port");
    return unreachable(host, port, std::strerror(reason));
}

Result<std::pair<Socket, int>> listenOnLoopback() {
    Socket listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    if (listening.handle() < 0 || ::bind(listening.handle(), where, length) != 0 || ::listen(listening.handle(), 1) != 0 ||
        ::getsockname(listening.handle(), where, &length) != 0)
        return Error{ErrorCode::Internal, std::string("no socket of this computer can be opened: ") + std::strerror(errno)};
    return std::pair(std::move(listening), static_cast<int>(ntohs(address.sin_port)));
}

}  // namespace cxr
