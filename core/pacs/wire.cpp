#include "core/pacs/wire.h"

#include <dcmtk/dcmnet/cond.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace cxr {
namespace {

// OpenSSL writes with write(2): a peer that is gone would end the program. The signal stays with this thread.
class NoBrokenPipe {
  public:
    NoBrokenPipe() {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~NoBrokenPipe() {
        if (sigismember(&m_before, SIGPIPE) == 1) return;
        const timespec now{};
        while (::sigtimedwait(&m_pipe, nullptr, &now) > 0) continue;
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

  private:
    sigset_t m_pipe{}, m_before{};
};

std::string tlsReason(SSL* tls) {
    const long verified = SSL_get_verify_result(tls);
    if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != nullptr ? reason : "the connection was closed";
}

void makeNonBlocking(int handle) { ::fcntl(handle, F_SETFL, ::fcntl(handle, F_GETFL) | O_NONBLOCK); }

}  // namespace

Wire::Wire(DcmNativeSocketType socket, SSL* tls, std::shared_ptr<WireState> state)
    : DcmTransportConnection(socket), m_tls(tls), m_state(std::move(state)) {
    makeNonBlocking(getSocket());
    const int on = 1;
    ::setsockopt(getSocket(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (m_tls != nullptr) SSL_set_fd(m_tls, getSocket());
    moved();
}

Wire::~Wire() {
    closeTransportConnection();
    SSL_free(m_tls);
}

void Wire::fail(WireFault fault, const std::string& detail) {
    if (m_state->fault != WireFault::None) return;
    m_state->fault = fault;
    m_state->detail = detail;
}

void Wire::moved() {
    if (m_state->activity) m_state->activity->store(PacsClock::now().time_since_epoch().count());
}

bool Wire::await(Direction direction, int timeoutMs) {
    auto begin = PacsClock::now();
    pollfd watched{getSocket(), static_cast<short>(direction == Direction::In ? POLLIN : POLLOUT), 0};
    for (;;) {
        if (m_state->stop.stop_requested()) return fail(WireFault::Cancelled), false;
        if (m_state->activity) {
            const PacsClock::time_point other{PacsClock::duration(m_state->activity->load())};
            begin = std::max(begin, other);
        }
        const int slice = sliceLeft(begin, timeoutMs);
        const int ready = ::poll(&watched, 1, slice);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return fail(WireFault::Closed), false;
        if (ready == 0 && slice == 0) return fail(WireFault::TimedOut), false;
    }
}

bool Wire::awaitAfter(int result) {
    const int want = SSL_get_error(m_tls, result);
    if (want == SSL_ERROR_WANT_READ) return await(Direction::In, m_state->timeoutMs);
    if (want == SSL_ERROR_WANT_WRITE) return await(Direction::Out, m_state->timeoutMs);
    if (want == SSL_ERROR_SSL) return fail(WireFault::TlsFailed, tlsReason(m_tls)), false;
    return fail(WireFault::Closed), false;
}

OFCondition Wire::handshake(int (*step)(SSL*)) {
    if (m_tls == nullptr) return EC_Normal;
    const NoBrokenPipe guard;
    for (;;) {
        ERR_clear_error();
        const int result = step(m_tls);
        if (result == 1) return EC_Normal;
        if (SSL_get_error(m_tls, result) == SSL_ERROR_SSL && SSL_get_verify_result(m_tls) != X509_V_OK) {
            fail(WireFault::Untrusted, tlsReason(m_tls));
            return DUL_NETWORKCLOSED;
        }
        if (!awaitAfter(result)) return DUL_NETWORKCLOSED;
    }
}

OFCondition Wire::serverSideHandshake() { return handshake(SSL_accept); }
OFCondition Wire::clientSideHandshake() { return handshake(SSL_connect); }
OFCondition Wire::renegotiate(const char*) { return EC_Normal; }

ssize_t Wire::read(void* buffer, size_t size) {
    while (m_state->fault == WireFault::None) {
        ERR_clear_error();
        const ssize_t count = m_tls != nullptr ? SSL_read(m_tls, buffer, static_cast<int>(std::min<size_t>(size, 1 << 30)))
                                               : ::recv(getSocket(), buffer, size, 0);
        if (count > 0) {
            moved();
            m_state->received += count;
            m_state->mayReceive -= count;
            if (m_state->mayReceive < 0) fail(WireFault::TooMuch);
            return m_state->fault == WireFault::None ? count : 0;
        }
        if (m_tls != nullptr) {
            if (!awaitAfter(static_cast<int>(count))) break;
        } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            if (!await(Direction::In, m_state->timeoutMs)) break;
        } else {
            fail(WireFault::Closed);
        }
    }
    errno = EIO;
    return 0;
}

ssize_t Wire::write(void* buffer, size_t size) {
    const NoBrokenPipe guard;
    auto* bytes = static_cast<char*>(buffer);
    size_t sent = 0;
    while (sent < size && m_state->fault == WireFault::None) {
        if (m_state->stop.stop_requested()) fail(WireFault::Cancelled);
        ERR_clear_error();
        const ssize_t count = m_tls != nullptr ? SSL_write(m_tls, bytes + sent, static_cast<int>(std::min<size_t>(size - sent, 1 << 30)))
                                               : ::send(getSocket(), bytes + sent, size - sent, MSG_NOSIGNAL);
        if (count > 0) {
            sent += static_cast<size_t>(count);
            moved();
        } else if (m_tls != nullptr) {
            awaitAfter(static_cast<int>(count));
        } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            await(Direction::Out, m_state->timeoutMs);
        } else {
            fail(WireFault::Closed);
        }
    }
    if (sent == size) return static_cast<ssize_t>(size);
    errno = EIO;
    return -1;
}

void Wire::close() {
    const NoBrokenPipe guard;
    if (m_tls != nullptr && getSocket() >= 0 && m_state->fault == WireFault::None) SSL_shutdown(m_tls);
    closeTransportConnection();
}

void Wire::closeTransportConnection() {
    if (getSocket() < 0) return;
    ::close(getSocket());
    setSocket(-1);
}

OFBool Wire::networkDataAvailable(int timeout) {
    if (m_state->fault != WireFault::None) return OFTrue;  // reading says what happened
    if (m_tls != nullptr && SSL_pending(m_tls) > 0) return OFTrue;
    pollfd watched{getSocket(), POLLIN, 0};
    if (timeout == 0) return ::poll(&watched, 1, 0) > 0;
    return await(Direction::In, timeout < 0 ? m_state->timeoutMs : std::min(m_state->timeoutMs, timeout * 1000));  // DCMTK has its own ideas
}

OFString& Wire::dumpConnectionParameters(OFString& text) {
    text = m_tls != nullptr ? "TLS" : "plain";
    return text;
}

WireLayer::WireLayer(const Server& server, TlsContext tls, std::shared_ptr<WireState> state, Socket connected)
    : m_options(server.tls), m_host(server.host), m_tls(std::move(tls)), m_state(std::move(state)), m_connected(std::move(connected)) {}

WireLayer::WireLayer(const Server& server, TlsContext tls, std::shared_ptr<WireState> state)
    : m_options(server.tls), m_tls(std::move(tls)), m_state(std::move(state)) {}

DcmTransportConnection* WireLayer::createConnection(DcmNativeSocketType socket, OFBool) {
    if (m_connected.handle() >= 0 && ::dup3(m_connected.handle(), socket, O_CLOEXEC) < 0) return nullptr;
    SSL* tls = m_tls ? newTls(*m_tls, m_options, m_host) : nullptr;
    if (m_tls && tls == nullptr) return nullptr;
    return new Wire(socket, tls, m_state);
}

}  // namespace cxr
