#include "core/pacs/http_client.h"

#include <curl/curl.h>

#include <cctype>
#include <cstdio>
#include <mutex>
#include <optional>

#include "core/pacs/stop_wait.h"

namespace cxr {
namespace {

constexpr int kPollMs = 50;

std::string seconds(int ms) {
    char text[32];
    std::snprintf(text, sizeof text, ms % 1000 == 0 ? "%.0f s" : "%.1f s", ms / 1000.0);
    return text;
}

// What the callbacks of one request share.
struct Transfer {
    CURL* handle;
    const HttpRequest& request;
    HttpAnswer answer;
    std::optional<Error> failure;
    std::int64_t received = 0;
    PacsClock::time_point moved = PacsClock::now();

    void readHead() {
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
        const char* type = nullptr;
        curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
        answer.contentType = type != nullptr ? type : "";
    }
};

size_t takeBytes(char* bytes, size_t size, size_t count, void* data) {
    auto& transfer = *static_cast<Transfer*>(data);
    const size_t length = size * count;
    transfer.moved = PacsClock::now();
    transfer.received += static_cast<std::int64_t>(length);
    if (transfer.received > transfer.request.maxBytes) {
        transfer.failure = Error{ErrorCode::TooLarge, "the server sends more than " + std::to_string(transfer.request.maxBytes >> 20) + " MiB"};
        return 0;
    }
    if (transfer.answer.status == 0) transfer.readHead();
    if (!transfer.request.sink || transfer.answer.status / 100 != 2) {
        transfer.answer.body.append(bytes, length);
        return length;
    }
    const Result<Done> taken = transfer.request.sink(transfer.answer.contentType, {bytes, length});
    if (taken.isOk()) return length;
    transfer.failure = taken.error();
    return 0;
}

size_t giveBytes(char* buffer, size_t size, size_t count, void* data) {
    auto& transfer = *static_cast<Transfer*>(data);
    transfer.moved = PacsClock::now();
    return transfer.request.body(buffer, size * count);
}

// In TLS 1.3 a server refuses those who show no certificate only after the handshake, by an alert; the end of the connection
// may overtake it.
bool wantsOurs(const std::string& detail) { return detail.find("certificate required") != std::string::npos; }

Error curlError(const Server& server, CURLcode code, const char* detail) {
    const std::string& address = server.webUrl;
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorCode::NotFound, "cannot reach " + address + ": there is no host of this name"};
        case CURLE_COULDNT_CONNECT:
            return {ErrorCode::NotFound, "cannot reach " + address + ": nothing answers there; start the server or check the address"};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorCode::NotFound, "cannot reach " + address + ": no answer within " + seconds(server.timeouts.connectMs) + "; it timed out"};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return {ErrorCode::InvalidArgument, "the certificate of " + address + " is not trusted: " + detail};
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return {ErrorCode::InvalidArgument, std::string("a certificate file of this server's settings cannot be used: ") + detail};
        case CURLE_SSL_CONNECT_ERROR:
            if (std::string_view(detail).find("wrong version number") != std::string_view::npos)
                return {ErrorCode::InvalidArgument, address + " does not speak TLS there; its address may begin with http:// or have another port"};
            return {ErrorCode::InvalidArgument, "no secure connection to " + address + " (TLS): " + detail};
        default:
            if (wantsOurs(detail))
                return {ErrorCode::InvalidArgument, address + " wants to know our certificate; give it and its private key in the server's settings"};
            return {ErrorCode::NotFound, address + " closed the connection in the middle" +
                                             (address.starts_with("https:") && server.tls.certificate.empty() ? "; it may want to know our certificate" : "")};
    }
}

}  // namespace

struct HttpClient::State {
    Server server;
    CURL* handle = nullptr;
    CURLM* multi = nullptr;
    bool isLost = false;

    void describe(const HttpRequest& request, Transfer& transfer, const std::string& url, curl_slist* headers, char* errorText);
    CURLcode run(Transfer& transfer, const RunContext& context);
};

HttpClient::HttpClient(const Server& server) : m_state(std::make_unique<State>()) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_state->server = server;
    m_state->handle = curl_easy_init();
    m_state->multi = curl_multi_init();
}

HttpClient::~HttpClient() {
    curl_easy_cleanup(m_state->handle);
    curl_multi_cleanup(m_state->multi);
}

bool HttpClient::isLost() const { return m_state->isLost; }

std::string HttpClient::escaped(const std::string& text) {
    std::string out;
    char code[4];
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~' || c == '*' || c == '?') {  // wildcards as they are: some servers do not decode them
            out.push_back(c);
        } else {
            std::snprintf(code, sizeof code, "%%%02X", byte);
            out += code;
        }
    }
    return out;
}

void HttpClient::State::describe(const HttpRequest& request, Transfer& transfer, const std::string& url, curl_slist* headers, char* errorText) {
    curl_easy_reset(handle);
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.timeouts.connectMs));
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_WRITEFUNCTION, takeBytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    set(CURLOPT_ERRORBUFFER, errorText);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, server.tls.check == TlsCheck::None ? 0L : 1L);
    set(CURLOPT_SSL_VERIFYHOST, server.tls.check == TlsCheck::CertificateAndName ? 2L : 0L);
    if (!server.tls.trusted.empty()) set(CURLOPT_CAINFO, server.tls.trusted.c_str());
    if (!server.tls.certificate.empty()) {
        set(CURLOPT_SSLCERT, server.tls.certificate.c_str());
        set(CURLOPT_SSLKEY, server.tls.key.c_str());
        if (!server.tls.keyPassword.empty()) set(CURLOPT_KEYPASSWD, server.tls.keyPassword.c_str());
    }
    if (!server.user.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, server.user.c_str());
        set(CURLOPT_PASSWORD, server.password.c_str());
    }
    if (request.bodyBytes < 0) return;
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.bodyBytes));
    set(CURLOPT_READFUNCTION, giveBytes);
    set(CURLOPT_READDATA, static_cast<void*>(&transfer));
}

CURLcode HttpClient::State::run(Transfer& transfer, const RunContext& context) {
    curl_multi_add_handle(multi, handle);
    CURLcode result = CURLE_OK;
    for (int running = 1;;) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) result = CURLE_RECV_ERROR;
        if (running == 0 || result != CURLE_OK) break;
        if (context.isCancelled()) {
            transfer.failure = Error{ErrorCode::Cancelled, "stopped"};
            break;
        }
        const auto silent = std::chrono::duration_cast<std::chrono::milliseconds>(PacsClock::now() - transfer.moved).count();
        if (silent > std::max(server.timeouts.answerMs, server.timeouts.connectMs + kPollMs)) {
            transfer.failure = Error{ErrorCode::NotFound, server.webUrl + " did not answer for " + seconds(server.timeouts.answerMs) + "; it timed out"};
            break;
        }
        curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) result = message->data.result;
    }
    curl_multi_remove_handle(multi, handle);
    return result;
}

Result<HttpAnswer> HttpClient::ask(const HttpRequest& request, const RunContext& context) {
    m_state->isLost = false;
    if (m_state->handle == nullptr || m_state->multi == nullptr) return Error{ErrorCode::OutOfMemory, "no HTTP connection can be set up"};
    std::string base = m_state->server.webUrl;
    while (base.ends_with('/')) base.pop_back();
    Transfer transfer{m_state->handle, request, {}, {}};
    curl_slist* headers = curl_slist_append(nullptr, ("Accept: " + request.accept).c_str());
    headers = curl_slist_append(headers, "Expect:");
    if (!request.contentType.empty()) headers = curl_slist_append(headers, ("Content-Type: " + request.contentType).c_str());
    char errorText[CURL_ERROR_SIZE] = "";
    m_state->describe(request, transfer, base + request.path, headers, errorText);
    const CURLcode code = m_state->run(transfer, context);
    if (!transfer.failure) transfer.readHead();
    curl_slist_free_all(headers);
    if (transfer.failure) return *transfer.failure;
    if (code == CURLE_OK) return std::move(transfer.answer);
    const bool isBroken = code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
    m_state->isLost = isBroken && !wantsOurs(errorText);
    return curlError(m_state->server, code, errorText);
}

Error httpError(const Server& server, long status, const std::string& doing) {
    const std::string number = " (HTTP " + std::to_string(status) + ")";
    if (status == 401 || status == 403)
        return {ErrorCode::InvalidArgument, server.webUrl + " refuses the user name or the password" + number};
    if (status == 404) return {ErrorCode::NotFound, server.webUrl + " has nothing there while " + doing + "; check the DICOMweb address" + number};
    if (status / 100 == 3) return {ErrorCode::InvalidArgument, server.webUrl + " has moved; ask for its present DICOMweb address" + number};
    if (status == 406 || status == 415) return {ErrorCode::Unsupported, server.webUrl + " does not offer the coding that we asked for" + number};
    if (status == 413) return {ErrorCode::TooLarge, server.webUrl + " finds the object too large" + number};
    if (status == 503 || status == 507) return {ErrorCode::NotFound, server.webUrl + " is too busy or has no room; try again later" + number};
    return {ErrorCode::Unsupported, server.webUrl + " failed while " + doing + number};
}

}  // namespace cxr
