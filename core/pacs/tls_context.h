// OpenSSL's context for one server: what we trust, and what we show. TLS 1.2 or newer (BCP 195).   DICOM PS3.15 B.9
// Inner header of core/pacs; OpenSSL's types stay in its .cpp files.   Thread-safe once made.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/pacs/server.h"

namespace cxr {

struct FreeTlsContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::shared_ptr<SSL_CTX>;

enum class TlsRole { Client, Receiver };

// fails InvalidArgument: a file that cannot be used, by name
Result<TlsContext> makeTlsContext(const TlsOptions& options, TlsRole role);
// A connection of the context that checks the host's name where the options ask for it; null: out of memory.
SSL* newTls(SSL_CTX& context, const TlsOptions& options, const std::string& host);

}  // namespace cxr
