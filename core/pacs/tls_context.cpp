#include "core/pacs/tls_context.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include <algorithm>


namespace cxr {
namespace {

Error unusable(const std::string& what, const std::filesystem::path& file) {
    return {ErrorCode::InvalidArgument, what + " " + file.filename().string() + " cannot be used; it must be a PEM file"};
}

// Instead of a question on the terminal: the password that the options hold, or none.
int givePassword(char* buffer, int size, int, void* data) {
    const auto& password = *static_cast<const std::string*>(data);
    if (password.empty() || password.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(password.begin(), password.end(), buffer);
    return static_cast<int>(password.size());
}

Error unusableKey(const TlsOptions& options) {
    const std::string name = options.key.filename().string();
    if (!hasEncryptedKey(options)) return {ErrorCode::InvalidArgument, "our private key " + name + " cannot be used; it must be a PEM file"};
    if (options.keyPassword.empty()) return {ErrorCode::InvalidArgument, "our private key " + name + " is encrypted; give its password"};
    return {ErrorCode::InvalidArgument, "the password does not open our private key " + name};
}

Result<Done> trust(SSL_CTX& context, const TlsOptions& options) {
    if (options.trusted.empty()) {
        SSL_CTX_set_default_verify_paths(&context);
        return Done{};
    }
    if (SSL_CTX_load_verify_locations(&context, options.trusted.c_str(), nullptr) == 1) return Done{};
    return unusable("the file of trusted certificates", options.trusted);
}

Result<Done> load(SSL_CTX& context, const TlsOptions& options) {
    if (SSL_CTX_use_certificate_chain_file(&context, options.certificate.c_str()) != 1) return unusable("our certificate", options.certificate);
    if (SSL_CTX_use_PrivateKey_file(&context, options.key.c_str(), SSL_FILETYPE_PEM) != 1) return unusableKey(options);
    if (SSL_CTX_check_private_key(&context) == 1) return Done{};
    return Error{ErrorCode::InvalidArgument, "our private key does not belong to our certificate"};
}

Result<Done> show(SSL_CTX& context, const TlsOptions& options) {
    if (options.certificate.empty()) return Done{};
    std::string password = options.keyPassword;
    SSL_CTX_set_default_passwd_cb(&context, givePassword);
    SSL_CTX_set_default_passwd_cb_userdata(&context, &password);
    const Result<Done> shown = load(context, options);
    SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
    SSL_CTX_set_default_passwd_cb(&context, nullptr);
    OPENSSL_cleanse(password.data(), password.size());
    return shown;
}
}  // namespace

Result<TlsContext> makeTlsContext(const TlsOptions& options, TlsRole role) {
    TlsContext context(SSL_CTX_new(role == TlsRole::Client ? TLS_client_method() : TLS_server_method()), FreeTlsContext());
    if (!context) return Error{ErrorCode::OutOfMemory, "TLS cannot be set up"};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    const int peer = role == TlsRole::Client ? SSL_VERIFY_PEER : SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context.get(), options.check == TlsCheck::None ? SSL_VERIFY_NONE : peer, nullptr);
    Result<Done> done = trust(*context, options);
    if (done.isOk()) done = show(*context, options);
    if (!done.isOk()) return done.error();
    if (role == TlsRole::Receiver && options.certificate.empty())
        return Error{ErrorCode::InvalidArgument, "receiving over TLS needs our own certificate and private key"};
    return context;
}

SSL* newTls(SSL_CTX& context, const TlsOptions& options, const std::string& host) {
    SSL* tls = SSL_new(&context);
    if (tls == nullptr || host.empty()) return tls;
    in6_addr number{};
    const bool isNumber = ::inet_pton(AF_INET, host.c_str(), &number) == 1 || ::inet_pton(AF_INET6, host.c_str(), &number) == 1;
    if (!isNumber) SSL_set_tlsext_host_name(tls, host.c_str());
    if (options.check != TlsCheck::CertificateAndName) return tls;
    X509_VERIFY_PARAM* check = SSL_get0_param(tls);
    if (isNumber) {
        X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_host(check, host.c_str(), 0);
    }
    return tls;
}

}  // namespace cxr
