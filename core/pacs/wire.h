// The bytes of one DICOM association, plain or over TLS, as DCMTK's transport connection.
//   Why not DCMTK's own: it cannot be stopped while it waits, its time limits are global to the process, over TLS a peer
//   that falls silent inside a record holds it for ever, and it does not say which of these happened. This one waits in
//   slices, and remembers the first fault.
// Inner header of core/pacs.   An association belongs to one thread; WireState is read by that thread.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>

#include "core/pacs/stop_wait.h"
#include "core/pacs/tcp_connect.h"
#include "core/pacs/tls_context.h"

namespace cxr {

enum class WireFault { None, Cancelled, TimedOut, Closed, Untrusted, TlsFailed, TooMuch };

// When something last moved, for connections that wait for each other (C-MOVE and its receiver).
using SharedActivity = std::atomic<PacsClock::rep>;

struct WireState {
    std::stop_token stop;
    int timeoutMs = 60'000;                                               // of silence
    std::int64_t mayReceive = std::numeric_limits<std::int64_t>::max();   // bytes until TooMuch
    std::int64_t received = 0;                                            // bytes so far
    std::shared_ptr<SharedActivity> activity;                             // null: nobody waits with us
    WireFault fault = WireFault::None;                                    // the first; nothing moves after it
    std::string detail;                                                   // of TLS
};

class Wire : public DcmTransportConnection {
  public:
    // Takes the socket over. `tls` may be null; owned.
    Wire(DcmNativeSocketType socket, SSL* tls, std::shared_ptr<WireState> state);
    ~Wire() override;

    OFCondition serverSideHandshake() override;
    OFCondition clientSideHandshake() override;
    OFCondition renegotiate(const char* newSuite) override;
    ssize_t read(void* buffer, size_t size) override;
    ssize_t write(void* buffer, size_t size) override;
    void close() override;
    void closeTransportConnection() override;
    unsigned long getPeerCertificateLength() override { return 0; }
    unsigned long getPeerCertificate(void*, unsigned long) override { return 0; }
    OFBool networkDataAvailable(int timeout) override;
    OFBool isTransparentConnection() override { return m_tls == nullptr; }
    OFString& dumpConnectionParameters(OFString& text) override;

  private:
    enum class Direction { In, Out };
    OFCondition handshake(int (*step)(SSL*));
    bool await(Direction direction, int timeoutMs);  // false: a fault is set
    bool awaitAfter(int result);                     // what TLS wants next
    void fail(WireFault fault, const std::string& detail = {});
    void moved();

    SSL* m_tls;
    std::shared_ptr<WireState> m_state;
};

// Gives DCMTK wires. As client it puts our own connected socket in place of the one that DCMTK has opened to a listener
// of ours: so looking up and connecting have their limits too.
class WireLayer : public DcmTransportLayer {
  public:
    WireLayer(const Server& server, TlsContext tls, std::shared_ptr<WireState> state, Socket connected);
    WireLayer(const Server& server, TlsContext tls, std::shared_ptr<WireState> state);  // receiver
    DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool secure) override;

  private:
    TlsOptions m_options;
    std::string m_host;  // empty: receiver
    TlsContext m_tls;
    std::shared_ptr<WireState> m_state;
    Socket m_connected;
};

}  // namespace cxr
