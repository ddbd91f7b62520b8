// A server that keeps films, as the user describes it: a DICOM node (C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE) or a DICOMweb
// service (QIDO-RS, WADO-RS, STOW-RS).   DICOM PS3.7, PS3.8, PS3.15 B.9 (TLS), PS3.18
//   passwords  only ever in memory: serverToJson() leaves them out
// Plain values; thread-safe.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace cxr {

enum class PacsProtocol { Dimse, DicomWeb };
// Get: the films come over our own connection. Move: the server opens one to us; it must know our title, host and port.
enum class RetrieveMethod { Get, Move };
enum class TlsCheck {
    CertificateAndName,  // trusted, and made for this host
    Certificate,         // trusted, whatever host it names
    None,                // encrypted, but with whoever answers
};

struct TlsOptions {
    bool isOn = false;  // of DIMSE; DICOMweb follows its address
    TlsCheck check = TlsCheck::CertificateAndName;
    std::filesystem::path trusted;           // PEM with the authorities that are trusted; empty: those of this computer
    std::filesystem::path certificate, key;  // PEM, ours; empty: we show none
    std::string keyPassword;                 // of an encrypted key; only ever in memory
    bool operator==(const TlsOptions&) const = default;
};

// How long to wait for a sign of life, milliseconds.
struct PacsTimeouts {
    int connectMs = 10'000;
    int associateMs = 15'000;  // answer to the association request
    int answerMs = 60'000;     // silence in the middle of work
    bool operator==(const PacsTimeouts&) const = default;
};

struct Server {
    std::string name;
    PacsProtocol protocol = PacsProtocol::Dimse;
    std::string host;
    int port = 104;
    std::string calledAe = "ANY-SCP", callingAe = "PRECORDIA";
    RetrieveMethod retrieveBy = RetrieveMethod::Get;
    int receivePort = 11112;  // of our receiver, for Move
    TlsOptions tls;
    std::string webUrl;  // "https://host/dicom-web"
    std::string user;    // of DICOMweb; empty: none
    std::string password;
    PacsTimeouts timeouts;
    int retries = 2;  // after a connection that was lost in the middle
    bool operator==(const Server&) const = default;
};

// What is wrong with the description, one sentence; empty = nothing.
std::string problemOf(const Server& server);
// "host:port", or the web address.
std::string addressOf(const Server& server);

// Our private key is a PEM file with a password. Reads the file; false where it cannot be read.
bool hasEncryptedKey(const TlsOptions& options);

std::string serverToJson(const Server& server);
Result<Server> serverFromJson(const std::string& json);  // fails Corrupt; what is absent keeps its default

}  // namespace cxr
