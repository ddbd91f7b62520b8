#include "app/cli/pacs_options.h"

#include <charconv>
#include <cstdlib>

#include "core/base/atomic_file.h"

namespace cxr::cli {
namespace {

constexpr const char* kPasswordVariable = "PRECORDIA_PACS_PASSWORD";
constexpr const char* kKeyPasswordVariable = "PRECORDIA_PACS_KEY_PASSWORD";
constexpr std::int64_t kMaxPasswordBytes = 4096;

// "host:port", "[::1]:104".
bool splitAddress(const std::string& address, Server& server) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0) return false;
    server.host = address.substr(0, colon);
    if (server.host.size() > 2 && server.host.front() == '[' && server.host.back() == ']') server.host = server.host.substr(1, server.host.size() - 2);
    const char* end = address.data() + address.size();
    const auto [stop, code] = std::from_chars(address.data() + colon + 1, end, server.port);
    return code == std::errc() && stop == end;
}

Result<std::string> password(const std::string& file, const char* variable) {
    const char* given = std::getenv(variable);
    if (file.empty()) return std::string(given != nullptr ? given : "");
    Result<std::string> text = readWholeFile(file, kMaxPasswordBytes);
    if (!text.isOk()) return text.error();
    return text.value().substr(0, text.value().find_first_of("\r\n"));
}

}  // namespace

void PacsOptions::addTo(CLI::App& verb) {
    verb.add_option("--server", address, "HOST:PORT of a DICOM node, or the address of a DICOMweb service (https://...)")->required();
    verb.add_option("--aec", server.calledAe, "AE title of the server")->capture_default_str();
    verb.add_option("--aet", server.callingAe, "Our AE title")->capture_default_str();
    verb.add_flag("--tls", isTls, "Speak TLS with a DICOM node");
    verb.add_option("--tls-check", tlsCheck, "name (trusted and made for this host), certificate (trusted), or none")
        ->check(CLI::IsMember({"name", "certificate", "none"}))
        ->capture_default_str();
    verb.add_option("--ca", trusted, "PEM file with the authorities to trust; else those of this computer");
    verb.add_option("--cert", certificate, "PEM file with our certificate");
    verb.add_option("--key", key, std::string("PEM file with its private key; the password of an encrypted one comes from ") + kKeyPasswordVariable + " or --key-password-file");
    verb.add_option("--key-password-file", keyPasswordFile, "File whose first line is the password of the private key");
    verb.add_option("--user", server.user, std::string("User of a DICOMweb service; the password comes from ") + kPasswordVariable + " or --password-file");
    verb.add_option("--password-file", passwordFile, "File whose first line is the password");
    verb.add_option("--connect-timeout", connectSeconds, "Seconds to wait for a connection")->capture_default_str();
    verb.add_option("--associate-timeout", associateSeconds, "Seconds to wait for an answer to the association request")->capture_default_str();
    verb.add_option("--answer-timeout", answerSeconds, "Seconds of silence in the middle of work")->capture_default_str();
    verb.add_option("--retries", server.retries, "Further tries when the connection breaks in the middle")->capture_default_str();
}

Result<Server> PacsOptions::described() const {
    Server made = server;
    made.name = address;
    if (address.starts_with("http://") || address.starts_with("https://")) {
        made.protocol = PacsProtocol::DicomWeb;
        made.webUrl = address;
    } else if (!splitAddress(address, made)) {
        return Error{ErrorCode::InvalidArgument, "--server is HOST:PORT or an address that begins with http:// or https://"};
    }
    made.tls = {isTls, tlsCheck == "none" ? TlsCheck::None : tlsCheck == "certificate" ? TlsCheck::Certificate : TlsCheck::CertificateAndName, trusted, certificate, key, {}};
    if (!key.empty()) {
        Result<std::string> secret = password(keyPasswordFile, kKeyPasswordVariable);
        if (!secret.isOk()) return secret.error();
        made.tls.keyPassword = std::move(secret).value();
    }
    made.timeouts = {static_cast<int>(connectSeconds * 1000), static_cast<int>(associateSeconds * 1000), static_cast<int>(answerSeconds * 1000)};
    if (movePort != 0) {
        made.retrieveBy = RetrieveMethod::Move;
        made.receivePort = movePort;
    }
    if (!made.user.empty()) {
        Result<std::string> secret = password(passwordFile, kPasswordVariable);
        if (!secret.isOk()) return secret.error();
        made.password = std::move(secret).value();
    }
    if (const std::string problem = problemOf(made); !problem.empty()) return Error{ErrorCode::InvalidArgument, problem};
    return made;
}

}  // namespace cxr::cli
