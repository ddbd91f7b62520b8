// TLS: DCMTK's storescp and an HTTPS Orthanc with certificates made here; trusted, unknown, made for another host, absent.
#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

const char* const kSecureService = R"(
import http.server, ssl, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'application/dicom+json')
        self.end_headers()
        self.wfile.write(b'[]')
server = http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
server.socket = context.wrap_socket(server.socket, server_side=True)
print('ready', flush=True)
server.serve_forever()
)";

}  // namespace

class TestPacsTls : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("openssl").isEmpty()) QSKIP("openssl is not installed");
        QVERIFY(makeCertificate(m_folder.path(), "server"));
        QVERIFY(makeCertificate(m_folder.path(), "elsewhere", "DNS:elsewhere.example"));
        QVERIFY(makeCertificate(m_folder.path(), "us"));
        m_film = writeFilm(m_folder.path().toStdString());
    }

    // storescp with the server's certificate; it knows ours.
    void aNodeOverTls_data() {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("trusted");
        QTest::addColumn<int>("check");
        QTest::addColumn<bool>("showsOurs");
        QTest::addColumn<QString>("word");  // empty: it works
        QTest::newRow("trusted") << "server" << "server" << int(TlsCheck::CertificateAndName) << true << "";
        QTest::newRow("unknown") << "server" << "us" << int(TlsCheck::CertificateAndName) << true << "is not trusted";
        QTest::newRow("of this computer") << "server" << "" << int(TlsCheck::CertificateAndName) << true << "is not trusted";
        QTest::newRow("another host") << "elsewhere" << "elsewhere" << int(TlsCheck::CertificateAndName) << true << "is not trusted";
        QTest::newRow("another host, any name") << "elsewhere" << "elsewhere" << int(TlsCheck::Certificate) << true << "";
        QTest::newRow("unchecked") << "server" << "us" << int(TlsCheck::None) << true << "";
        QTest::newRow("without ours") << "server" << "server" << int(TlsCheck::CertificateAndName) << false << "127.0.0.1";
    }
    void aNodeOverTls() {
        QFETCH(QString, certificate);
        QFETCH(QString, trusted);
        QFETCH(int, check);
        QFETCH(bool, showsOurs);
        QFETCH(QString, word);
        const QString storescp = QStandardPaths::findExecutable("storescp");
        if (storescp.isEmpty()) QSKIP("storescp is not installed (package dcmtk)");
        QTemporaryDir storage;
        const int port = freePort();
        ServerProcess scp(storescp, {"+tls", pem(certificate, "key"), pem(certificate, "crt"), "+cf", pem("us", "crt"), "-od", storage.path(), QString::number(port)});
        QVERIFY2(scp.waitUntil([port] { return isListening(port); }), scp.said().constData());
        Server server;
        server.host = "127.0.0.1", server.port = port, server.retries = 0;
        server.timeouts = {10'000, 10'000, 10'000};
        server.tls.isOn = true;
        server.tls.check = static_cast<TlsCheck>(check);
        if (!trusted.isEmpty()) server.tls.trusted = pem(trusted, "crt").toStdString();
        if (showsOurs) server.tls.certificate = pem("us", "crt").toStdString(), server.tls.key = pem("us", "key").toStdString();
        const auto answered = echoServer(server);
        const auto stored = storeFiles(server, {m_film});
        if (word.isEmpty()) {
            QVERIFY2(answered.isOk(), qPrintable(told(answered)));
            QVERIFY2(stored.isOk(), qPrintable(told(stored)));
            QCOMPARE(stored.value().stored(), 1);
            return;
        }
        QVERIFY(!answered.isOk() && !stored.isOk());
        QVERIFY2(told(answered).contains(word), qPrintable(told(answered)));
        QVERIFY(filesBelow(storage.path().toStdString()).isEmpty());
    }

    void plainAndTlsDoNotMeet() {
        const QString storescp = QStandardPaths::findExecutable("storescp");
        if (storescp.isEmpty()) QSKIP("storescp is not installed (package dcmtk)");
        QTemporaryDir storage;
        const int port = freePort();
        ServerProcess scp(storescp, {"+tls", pem("server", "key"), pem("server", "crt"), "-ic", "-od", storage.path(), QString::number(port)});
        QVERIFY2(scp.waitUntil([port] { return isListening(port); }), scp.said().constData());
        Server server;
        server.host = "127.0.0.1", server.port = port;
        server.timeouts = {10'000, 10'000, 10'000};
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("TLS") || told(answered).contains("DICOM server"), qPrintable(told(answered)));
    }

    void aPeerThatFallsSilentInTheHandshake() {
        SocketServer silent(SocketServer::stayUntilClosed);
        Server server = silent.dimse();
        server.tls.isOn = true;
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("0.4 s"), qPrintable(told(answered)));
    }

    void unusableFilesAreNamed() {
        Server server;
        server.host = "127.0.0.1", server.port = freePort(), server.tls.isOn = true;
        server.tls.trusted = m_film;
        auto answered = echoServer(server);
        QVERIFY(!answered.isOk() && told(answered).contains("1.2.3.10.1.1.dcm"));
        server.tls.trusted.clear();
        server.tls.certificate = pem("us", "crt").toStdString(), server.tls.key = pem("server", "key").toStdString();
        answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("private key"), qPrintable(told(answered)));
    }

    // A key with a password, as openssl writes it in both of its forms.
    void encryptedKeys() {
        const QString storescp = QStandardPaths::findExecutable("storescp");
        if (storescp.isEmpty()) QSKIP("storescp is not installed (package dcmtk)");
        const QString locked = m_folder.filePath("locked.key");
        QCOMPARE(QProcess::execute("openssl", {"pkcs8", "-topk8", "-in", pem("us", "key"), "-out", locked, "-passout", "pass:open sesame"}), 0);
        QTemporaryDir storage;
        const int port = freePort();
        ServerProcess scp(storescp, {"+tls", pem("server", "key"), pem("server", "crt"), "+cf", pem("us", "crt"), "-od", storage.path(), QString::number(port)});
        QVERIFY2(scp.waitUntil([port] { return isListening(port); }), scp.said().constData());
        Server server;
        server.host = "127.0.0.1", server.port = port, server.retries = 0;
        server.tls = {true, TlsCheck::CertificateAndName, pem("server", "crt").toStdString(), pem("us", "crt").toStdString(), locked.toStdString(), "open sesame"};
        const auto answered = echoServer(server);
        QVERIFY2(answered.isOk(), qPrintable(told(answered)));
        server.tls.keyPassword = "wrong";
        QVERIFY2(told(echoServer(server)).contains("password does not open"), qPrintable(told(echoServer(server))));
        server.tls.keyPassword.clear();
        QVERIFY2(told(echoServer(server)).contains("is encrypted; give its password"), qPrintable(told(echoServer(server))));
        QVERIFY(serverToJson(server).find("sesame") == std::string::npos);
    }

    void anArchiveOverTls() {
        if (orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        Orthanc archive({{"DicomTlsEnabled", true},
                         {"DicomTlsCertificate", pem("server", "crt")},
                         {"DicomTlsPrivateKey", pem("server", "key")},
                         {"DicomTlsTrustedCertificates", pem("us", "crt")}});
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        Server server = archive.dimse();
        server.tls = {true, TlsCheck::CertificateAndName, pem("server", "crt").toStdString(), pem("us", "crt").toStdString(), pem("us", "key").toStdString()};
        const auto stored = storeFiles(server, {m_film});
        QVERIFY2(stored.isOk(), qPrintable(told(stored)));
        for (const RetrieveMethod method : {RetrieveMethod::Get, RetrieveMethod::Move}) {
            server.retrieveBy = method;
            QTemporaryDir inbox;
            const auto got = retrieve(server, {"1.2.3.10", {}, 0}, inbox.path().toStdString());
            QVERIFY2(got.isOk(), qPrintable(told(got)));
            QCOMPARE(got.value().files.size(), std::size_t(1));
        }
    }

    void aWebServiceOverTls_data() {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("trusted");
        QTest::addColumn<int>("check");
        QTest::addColumn<bool>("works");
        QTest::newRow("trusted") << "server" << "server" << int(TlsCheck::CertificateAndName) << true;
        QTest::newRow("unknown") << "server" << "" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("another host") << "elsewhere" << "elsewhere" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("unchecked") << "server" << "" << int(TlsCheck::None) << true;
    }
    void aWebServiceOverTls() {
        // Orthanc's HTTPS ends with a segmentation fault in Debian 12, so a few lines of Python serve an empty search.
        const QString python = QStandardPaths::findExecutable("python3");
        if (python.isEmpty()) QSKIP("python3 is not installed");
        QFETCH(QString, certificate);
        QFETCH(QString, trusted);
        QFETCH(int, check);
        QFETCH(bool, works);
        const int port = freePort();
        ServerProcess service(python, {"-c", kSecureService, QString::number(port), pem(certificate, "crt"), pem(certificate, "key")});
        QVERIFY2(service.waitUntil([&service] { return service.said().contains("ready"); }), service.said().constData());
        Server server;
        server.protocol = PacsProtocol::DicomWeb;
        server.webUrl = "https://127.0.0.1:" + std::to_string(port) + "/dicom-web";
        server.tls.check = static_cast<TlsCheck>(check);
        if (!trusted.isEmpty()) server.tls.trusted = pem(trusted, "crt").toStdString();
        const auto answered = echoServer(server);
        if (works) {
            QVERIFY2(answered.isOk(), qPrintable(told(answered)));
        } else {
            QVERIFY(!answered.isOk());
            QVERIFY2(told(answered).contains("is not trusted"), qPrintable(told(answered)));
        }
    }

  private:
    QString pem(const QString& name, const char* suffix) const { return m_folder.filePath(name + "." + QLatin1String(suffix)); }

    QTemporaryDir m_folder;
    fs::path m_film;
};

QTEST_GUILESS_MAIN(TestPacsTls)
#include "tst_pacs_tls.moc"
