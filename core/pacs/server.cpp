#include "core/pacs/server.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

constexpr int kMinTimeoutMs = 100, kMaxTimeoutMs = 3'600'000;
constexpr std::size_t kMaxTitle = 16;
constexpr std::int64_t kMaxKeyBytes = 1 << 20;
constexpr int kMaxRetries = 10;

// AE: printable ASCII without backslash, not only spaces.   PS3.5 table 6.2-1
bool isTitle(const std::string& title) {
    if (title.empty() || title.size() > kMaxTitle || title.find_first_not_of(' ') == std::string::npos) return false;
    return std::all_of(title.begin(), title.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
}

bool isPort(int port) { return port > 0 && port < 65536; }

std::string problemOfDimse(const Server& server) {
    if (server.host.empty() || server.host.find_first_of(" \t/") != std::string::npos) return "Give the host name or address of the server.";
    if (!isPort(server.port)) return "The port is a number from 1 to 65535.";
    if (!isTitle(server.calledAe)) return "The server's AE title has 1 to 16 letters, digits or signs.";
    if (!isTitle(server.callingAe)) return "Our AE title has 1 to 16 letters, digits or signs.";
    if (server.retrieveBy == RetrieveMethod::Move && !isPort(server.receivePort)) return "Our own port is a number from 1 to 65535.";
    return {};
}

std::string problemOfWeb(const Server& server) {
    const bool isWeb = server.webUrl.starts_with("http://") || server.webUrl.starts_with("https://");
    if (!isWeb || server.webUrl.find_first_of(" \t?#") != std::string::npos) return "The DICOMweb address begins with http:// or https:// and has no spaces or ?.";
    if (server.webUrl.find('@') != std::string::npos) return "Leave user and password out of the DICOMweb address; they have their own fields.";
    return {};
}

template <typename T>
void read(const nlohmann::json& json, const char* key, T& value) {
    if (const auto found = json.find(key); found != json.end()) value = found->get<T>();
}

void readPath(const nlohmann::json& json, const char* key, std::filesystem::path& value) {
    std::string text = value.string();
    read(json, key, text);
    value = text;
}

Server fromJson(const nlohmann::json& json) {
    Server server;
    std::string protocol = "dimse", retrieve = "get", check = "name";
    read(json, "name", server.name);
    read(json, "protocol", protocol);
    read(json, "host", server.host);
    read(json, "port", server.port);
    read(json, "calledAe", server.calledAe);
    read(json, "callingAe", server.callingAe);
    read(json, "retrieveBy", retrieve);
    read(json, "receivePort", server.receivePort);
    read(json, "tls", server.tls.isOn);
    read(json, "tlsCheck", check);
    readPath(json, "tlsTrusted", server.tls.trusted);
    readPath(json, "tlsCertificate", server.tls.certificate);
    readPath(json, "tlsKey", server.tls.key);
    read(json, "webUrl", server.webUrl);
    read(json, "user", server.user);
    read(json, "connectMs", server.timeouts.connectMs);
    read(json, "associateMs", server.timeouts.associateMs);
    read(json, "answerMs", server.timeouts.answerMs);
    read(json, "retries", server.retries);
    server.protocol = protocol == "web" ? PacsProtocol::DicomWeb : PacsProtocol::Dimse;
    server.retrieveBy = retrieve == "move" ? RetrieveMethod::Move : RetrieveMethod::Get;
    server.tls.check = check == "none" ? TlsCheck::None : check == "certificate" ? TlsCheck::Certificate : TlsCheck::CertificateAndName;
    return server;
}

}  // namespace

std::string problemOf(const Server& server) {
    const std::string problem = server.protocol == PacsProtocol::Dimse ? problemOfDimse(server) : problemOfWeb(server);
    if (!problem.empty()) return problem;
    for (const int ms : {server.timeouts.connectMs, server.timeouts.associateMs, server.timeouts.answerMs}) {
        if (ms < kMinTimeoutMs || ms > kMaxTimeoutMs) return "Each waiting time is between 0.1 s and one hour.";
    }
    if (server.retries < 0 || server.retries > kMaxRetries) return "The number of further tries is 0 to 10.";
    if (server.tls.certificate.empty() != server.tls.key.empty()) return "Our certificate and its private key go together: give both files or none.";
    return {};
}

std::string addressOf(const Server& server) {
    return server.protocol == PacsProtocol::DicomWeb ? server.webUrl : server.host + ":" + std::to_string(server.port);
}

// "Proc-Type: 4,ENCRYPTED", or "BEGIN ENCRYPTED PRIVATE KEY" (RFC 1421, RFC 5958).
bool hasEncryptedKey(const TlsOptions& options) {
    if (options.key.empty()) return false;
    const Result<std::string> text = readWholeFile(options.key, kMaxKeyBytes);
    return text.isOk() && text.value().find("ENCRYPTED") != std::string::npos;
}

std::string serverToJson(const Server& server) {
    const char* checks[] = {"name", "certificate", "none"};
    const nlohmann::ordered_json json{{"name", server.name},
                                      {"protocol", server.protocol == PacsProtocol::DicomWeb ? "web" : "dimse"},
                                      {"host", server.host},
                                      {"port", server.port},
                                      {"calledAe", server.calledAe},
                                      {"callingAe", server.callingAe},
                                      {"retrieveBy", server.retrieveBy == RetrieveMethod::Move ? "move" : "get"},
                                      {"receivePort", server.receivePort},
                                      {"tls", server.tls.isOn},
                                      {"tlsCheck", checks[static_cast<int>(server.tls.check)]},
                                      {"tlsTrusted", server.tls.trusted.string()},
                                      {"tlsCertificate", server.tls.certificate.string()},
                                      {"tlsKey", server.tls.key.string()},
                                      {"webUrl", server.webUrl},
                                      {"user", server.user},
                                      {"connectMs", server.timeouts.connectMs},
                                      {"associateMs", server.timeouts.associateMs},
                                      {"answerMs", server.timeouts.answerMs},
                                      {"retries", server.retries}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Server> serverFromJson(const std::string& text) {
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        if (json.is_object()) return fromJson(json);
    } catch (const nlohmann::json::exception&) {
        // falls through
    }
    return Error{ErrorCode::Corrupt, "the description of the server cannot be read"};
}

}  // namespace cxr
