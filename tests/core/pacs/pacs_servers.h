// Servers of this computer for the tests of core/pacs: Orthanc, DCMTK's storescp, sockets that misbehave, certificates.
//   Every one takes a free port, is waited for by connecting or by what it says, and ends with its object.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <functional>
#include <random>
#include <thread>

#include "core/base/atomic_file.h"
#include "core/image/phantom.h"
#include "core/pacs/pacs.h"
#include "tests/support/dicom_bytes.h"

namespace cxr::test {

// Port 0: any.
inline sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

// A listening socket of loopback; port 0 when there is none.
inline int listenAnywhere(int& port) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    port = ::bind(handle, where, length) == 0 && ::listen(handle, 8) == 0 && ::getsockname(handle, where, &length) == 0 ? ntohs(address.sin_port) : 0;
    return handle;
}

// Below the ports that the system gives to connections of its own: one of those may be taken before a server gets it.
inline int freePort() {
    static std::mt19937 random(std::random_device{}());
    for (int tried = 0; tried < 100; ++tried) {
        const int port = 20'000 + static_cast<int>(random() % 12'000U);
        const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(port);
        const bool isFree = ::bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(handle);
        if (isFree) return port;
    }
    return 0;
}

inline bool isListening(int port) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    const bool is = ::connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(handle);
    return is;
}

// A program that serves, killed with this object, or with the test if that crashes.
class ServerProcess {
  public:
    ServerProcess(const QString& program, const QStringList& arguments, const QString& folder = {}) {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        if (!folder.isEmpty()) m_process.setWorkingDirectory(folder);
        m_process.start(program, arguments);
    }
    ~ServerProcess() {
        m_process.kill();
        m_process.waitForFinished();
    }
    // Until `ready` holds, the program is gone, or a minute is over.
    bool waitUntil(const std::function<bool()>& ready) {
        const QDeadlineTimer deadline(60'000);
        while (!deadline.hasExpired()) {
            m_process.waitForReadyRead(20);
            m_said += m_process.readAll();
            if (ready()) return true;
            if (m_process.state() == QProcess::NotRunning) break;
        }
        return ready();
    }
    [[nodiscard]] const QByteArray& said() const { return m_said; }

  private:
    QProcess m_process;
    QByteArray m_said;
};

inline QString orthancProgram() { return QStandardPaths::findExecutable("Orthanc", {"/usr/sbin", "/usr/bin"}); }
inline const char* const kDicomWebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

// Orthanc with an empty storage of its own. `more` overrides its configuration.
class Orthanc {
  public:
    explicit Orthanc(const QJsonObject& more = {}) : m_http(freePort()), m_dicom(freePort()), m_receive(freePort()) {
        QJsonObject configuration{{"Name", "test"},
                                  {"HttpPort", m_http},
                                  {"DicomPort", m_dicom},
                                  {"DicomAet", "ARCHIVE"},
                                  {"DicomCheckCalledAet", true},
                                  {"StorageDirectory", m_folder.path()},
                                  {"IndexDirectory", m_folder.path()},
                                  {"Plugins", QJsonArray()},
                                  {"RemoteAccessAllowed", false},
                                  {"AuthenticationEnabled", false},
                                  {"DicomModalities", QJsonObject{{"us", QJsonObject{{"AET", "PRECORDIA"},
                                                                                   {"Host", "127.0.0.1"},
                                                                                   {"Port", m_receive},
                                                                                   {"UseDicomTls", more["DicomTlsEnabled"].toBool()}}}}}};
        for (auto entry = more.begin(); entry != more.end(); ++entry) configuration[entry.key()] = entry.value();
        const std::string file = m_folder.filePath("orthanc.json").toStdString();
        const QByteArray text = QJsonDocument(configuration).toJson();
        if (!writeFileAtomically(file, std::string_view(text.constData(), static_cast<std::size_t>(text.size()))).isOk()) return;
        m_process = std::make_unique<ServerProcess>(orthancProgram(), QStringList{QString::fromStdString(file)});
    }
    bool waitUntilReady() {
        return m_process && m_process->waitUntil([this] { return m_process->said().contains("Orthanc has started"); });
    }
    [[nodiscard]] QByteArray said() const { return m_process ? m_process->said() : QByteArray(); }

    [[nodiscard]] Server dimse() const {
        Server server;
        server.name = "test";
        server.host = "127.0.0.1";
        server.port = m_dicom;
        server.calledAe = "ARCHIVE";
        server.receivePort = m_receive;
        return server;
    }
    [[nodiscard]] Server web(const std::string& scheme = "http") const {
        Server server;
        server.name = "test";
        server.protocol = PacsProtocol::DicomWeb;
        server.webUrl = scheme + "://127.0.0.1:" + std::to_string(m_http) + "/dicom-web";
        return server;
    }

  private:
    int m_http, m_dicom, m_receive;
    QTemporaryDir m_folder;
    std::unique_ptr<ServerProcess> m_process;
};

// A server of raw bytes: `serve` gets each connection, one after the other, and the time to stop.
class SocketServer {
  public:
    explicit SocketServer(std::function<void(int socket, const std::atomic<bool>& isOver)> serve) : m_handle(listenAnywhere(m_port)), m_serve(std::move(serve)) {
        m_thread = std::thread([this] { run(); });
    }
    ~SocketServer() {
        m_isOver = true;
        m_thread.join();
        ::close(m_handle);
    }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] int connections() const { return m_connections; }
    [[nodiscard]] Server dimse() const {
        Server server;
        server.host = "127.0.0.1";
        server.port = m_port;
        server.retries = 0;
        server.timeouts = {2'000, 400, 400};
        return server;
    }

    // Waits until there is something to read; false: it is over or the peer is gone.
    static bool awaitBytes(int socket, const std::atomic<bool>& isOver) {
        pollfd watched{socket, POLLIN, 0};
        while (!isOver) {
            if (::poll(&watched, 1, 20) <= 0) continue;
            char byte = 0;
            return ::recv(socket, &byte, 1, MSG_PEEK) == 1;
        }
        return false;
    }
    static void stayUntilClosed(int socket, const std::atomic<bool>& isOver) {
        char sink[4096];
        while (awaitBytes(socket, isOver)) {
            if (::recv(socket, sink, sizeof sink, 0) <= 0) return;
        }
    }

  private:
    void run() {
        pollfd watched{m_handle, POLLIN, 0};
        while (!m_isOver) {
            if (::poll(&watched, 1, 20) <= 0) continue;
            const int socket = ::accept4(m_handle, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            ++m_connections;
            m_serve(socket, m_isOver);
            ::close(socket);
        }
    }

    int m_port = 0;
    int m_handle;
    std::function<void(int, const std::atomic<bool>&)> m_serve;
    std::atomic<bool> m_isOver = false;
    std::atomic<int> m_connections = 0;
    std::thread m_thread;
};

// Copies bytes between a client and the server behind it until `mayPass` bytes went back to the client; then both ends close.
class CuttingRelay {
  public:
    CuttingRelay(int behind, int mayPass, int cuts)
        : m_server([this, behind](int client, const std::atomic<bool>& isOver) { serve(client, behind, isOver); }), m_mayPass(mayPass), m_cutsLeft(cuts) {}
    [[nodiscard]] int port() const { return m_server.port(); }
    [[nodiscard]] int connections() const { return m_server.connections(); }
    void limitForward() { m_isForward = true; }  // count what the client sends instead

  private:
    void serve(int client, int behind, const std::atomic<bool>& isOver) {
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(behind));
        const bool cuts = m_cutsLeft-- > 0;
        int left = m_mayPass;
        if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            pollfd watched[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            char bytes[4096];
            while (!isOver && (!cuts || left > 0)) {
                if (::poll(watched, 2, 20) <= 0) continue;
                const int from = watched[0].revents != 0 ? 0 : 1;
                const ssize_t count = ::recv(watched[from].fd, bytes, sizeof bytes, 0);
                if (count <= 0 || ::send(watched[1 - from].fd, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL) != count) break;
                if ((from == 0) == m_isForward) left -= static_cast<int>(count);
            }
        }
        ::close(server);
    }

    SocketServer m_server;
    int m_mayPass;
    std::atomic<int> m_cutsLeft;
    std::atomic<bool> m_isForward = false;
};

struct TestFilm {
    std::string study = "1.2.3.10", series = "1.2.3.10.1", uid = "1.2.3.10.1.1", name = "Roe^Jane", id = "T-17";
    std::string sopClass = "1.2.840.10008.5.1.4.1.1.1";
    int side = 128;
};

// A film of the phantom in this folder, named after its UID.
inline std::filesystem::path writeFilm(const std::filesystem::path& folder, const TestFilm& film = {}, const std::string& characterSet = {}) {
    PhantomSpec spec;
    spec.width = spec.height = film.side;
    const Image image = makePhantom(spec).image;
    DicomBytes data;
    if (!characterSet.empty()) data.text(0x00080005, "CS", characterSet);
    data.text(0x00080016, "UI", film.sopClass).text(0x00080018, "UI", film.uid).text(0x00080020, "DA", "20261121").text(0x00080050, "SH", "A1");
    data.text(0x00080060, "CS", "CR").text(0x00081030, "LO", "CHEST PA").text(0x00100010, "PN", film.name).text(0x00100020, "LO", film.id);
    data.text(0x00185101, "CS", "PA").text(0x0020000D, "UI", film.study).text(0x0020000E, "UI", film.series).text(0x00200011, "IS", "1");
    data.picture(image.height(), image.width());
    data.words(0x7FE00010, {image.samples.ptr<std::uint16_t>(), image.samples.total()});
    const std::filesystem::path file = folder / (film.uid + ".dcm");
    const std::vector<std::uint8_t> bytes = dicomFile(data.bytes, kExplicitLittle);
    const bool isWritten = writeFileAtomically(file, std::as_bytes(std::span(bytes))).isOk();
    return isWritten ? file : std::filesystem::path();
}

// Every file below, hidden ones too.
inline QStringList filesBelow(const std::filesystem::path& folder) {
    QStringList names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) names << QString::fromStdString(entry.path().filename().string());
    }
    names.sort();
    return names;
}

// What a call failed with; empty: it did not.
template <typename T>
QString told(const Result<T>& result) {
    return result.isOk() ? QString() : QString::fromStdString(result.error().message);
}

// A certificate that signs itself and its key: <folder>/<name>.crt and .key, for 127.0.0.1 unless `host` says otherwise.
inline bool makeCertificate(const QString& folder, const QString& name, const QString& host = "IP:127.0.0.1") {
    QProcess openssl;
    openssl.start("openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/" + name + ".key", "-out", folder + "/" + name + ".crt",
                              "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=" + host});
    return openssl.waitForFinished(60'000) && openssl.exitCode() == 0;
}

}  // namespace cxr::test
