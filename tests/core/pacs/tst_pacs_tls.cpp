// TLS: DCMTK's storescp, and Orthanc (its DICOM port, and DICOMweb behind stunnel), with certificates made here; trusted, unknown, made for another host, absent.
#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

// Orthanc's DICOMweb behind a TLS server. Orthanc's own HTTPS ends with a segmentation fault at the first connection in Debian 12:
// its libcivetweb asks libssl for functions that OpenSSL 3 calls otherwise, and calls what it did not find.
class SecureArchive {
  public:
    SecureArchive(const QString& folder, const QString& certificate, const QString& key, const QString& clients = {})
        : m_port(freePort()), m_archive({{"Plugins", QJsonArray{kDicomWebPlugin}}}) {
        const Server behind = m_archive.web();
        const QString plain = QString::fromStdString(behind.webUrl).section('/', 2, 2);
        QString text = QString("foreground = yes\npid =\n[web]\naccept = 127.0.0.1:%1\nconnect = %2\ncert = %3\nkey = %4\n").arg(m_port).arg(plain, certificate, key);
        if (!clients.isEmpty()) text += "verifyPeer = yes\nCAfile = " + clients + "\n";
        const QString file = folder + "/stunnel.conf";
        const QByteArray bytes = text.toUtf8();
        if (!writeFileAtomically(file.toStdString(), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))).isOk()) return;
        m_front = std::make_unique<ServerProcess>(program(), QStringList{file});
    }
    static QString program() { return QStandardPaths::findExecutable("stunnel4", {"/usr/bin", "/usr/sbin"}); }
    bool waitUntilReady() {
        return m_front && m_archive.waitUntilReady() && m_front->waitUntil([this] { return isListening(m_port); });
    }
    [[nodiscard]] QByteArray said() const { return m_archive.said() + (m_front ? m_front->said() : QByteArray()); }
    [[nodiscard]] Server web() const {
        Server server;
        server.protocol = PacsProtocol::DicomWeb;
        server.webUrl = "https://127.0.0.1:" + std::to_string(m_port) + "/dicom-web";
        server.retries = 0;
        return server;
    }

  private:
    int m_port;
    Orthanc m_archive;
    std::unique_ptr<ServerProcess> m_front;
};

bool canServe() { return !orthancProgram().isEmpty() && fs::exists(kDicomWebPlugin) && !SecureArchive::program().isEmpty(); }

}  // namespace

class TestPacsTls : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("openssl").isEmpty()) QSKIP("openssl is not installed");
        QVERIFY(makeCertificate(m_folder.path(), "server"));
        QVERIFY(makeCertificate(m_folder.path(), "elsewhere", "DNS:elsewhere.example"));
        QVERIFY(makeCertificate(m_folder.path(), "us"));
        QVERIFY(makeCertificate(m_folder.path(), "expired"));  // its key is used for one of yesterday
        const QStringList request{"req", "-new", "-key", pem("expired", "key"), "-out", pem("expired", "csr"), "-subj", "/CN=expired", "-addext", "subjectAltName=IP:127.0.0.1"};
        QCOMPARE(QProcess::execute("openssl", request), 0);
        const QStringList old{"x509", "-req", "-in", pem("expired", "csr"), "-signkey", pem("expired", "key"), "-days", "-1", "-copy_extensions", "copy", "-out", pem("expired", "crt")};
        QCOMPARE(QProcess::execute("openssl", old), 0);
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
        QTest::newRow("expired") << "expired" << "expired" << int(TlsCheck::CertificateAndName) << true << "expired";
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
        server.tls = {true, TlsCheck::CertificateAndName, pem("server", "crt").toStdString(), pem("us", "crt").toStdString(), pem("us", "key").toStdString(), {}};
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

    // Stored, searched and retrieved; nothing of it where the certificate is not trusted.
    void aWebServiceOverTls_data() {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("trusted");
        QTest::addColumn<int>("check");
        QTest::addColumn<bool>("works");
        QTest::newRow("trusted") << "server" << "server" << int(TlsCheck::CertificateAndName) << true;
        QTest::newRow("unknown") << "server" << "us" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("not of this computer") << "server" << "" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("another host") << "elsewhere" << "elsewhere" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("another host, any name") << "elsewhere" << "elsewhere" << int(TlsCheck::Certificate) << true;
        QTest::newRow("expired") << "expired" << "expired" << int(TlsCheck::CertificateAndName) << false;
        QTest::newRow("unchecked") << "server" << "" << int(TlsCheck::None) << true;
    }
    void aWebServiceOverTls() {
        if (!canServe()) QSKIP("Orthanc, its DICOMweb plugin or stunnel are not installed (packages orthanc-dicomweb, stunnel4)");
        QFETCH(QString, certificate);
        QFETCH(QString, trusted);
        QFETCH(int, check);
        QFETCH(bool, works);
        QTemporaryDir folder, inbox;
        SecureArchive archive(folder.path(), pem(certificate, "crt"), pem(certificate, "key"));
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        Server server = archive.web();
        server.tls.check = static_cast<TlsCheck>(check);
        if (!trusted.isEmpty()) server.tls.trusted = pem(trusted, "crt").toStdString();
        const auto answered = echoServer(server);
        const auto stored = storeFiles(server, {m_film});
        const auto found = findStudies(server, {});
        const auto got = retrieve(server, {"1.2.3.10", {}, 0}, inbox.path().toStdString());
        if (works) {
            QVERIFY2(answered.isOk() && stored.isOk() && found.isOk() && got.isOk(),
                     qPrintable(told(answered) + told(stored) + told(found) + told(got)));
            QCOMPARE(stored.value().objects[0].answer, std::string("stored"));
            QCOMPARE(found.value().rows.size(), std::size_t(1));
            QCOMPARE(got.value().files.size(), std::size_t(1));
            return;
        }
        for (const QString& reason : {told(answered), told(stored), told(found), told(got)})
            QVERIFY2(reason.contains("is not trusted"), qPrintable(reason));
        QVERIFY(filesBelow(inbox.path().toStdString()).isEmpty());
    }

    // A service that wants to know who asks.
    void aWebServiceThatWantsOurCertificate() {
        if (!canServe()) QSKIP("Orthanc, its DICOMweb plugin or stunnel are not installed (packages orthanc-dicomweb, stunnel4)");
        QTemporaryDir folder;
        SecureArchive archive(folder.path(), pem("server", "crt"), pem("server", "key"), pem("us", "crt"));
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        Server server = archive.web();
        server.tls.trusted = pem("server", "crt").toStdString();
        const auto without = echoServer(server);
        QVERIFY(!without.isOk());
        QVERIFY2(told(without).contains("to know our certificate"), qPrintable(told(without)));
        server.tls.certificate = pem("us", "crt").toStdString(), server.tls.key = pem("us", "key").toStdString();
        const auto with = echoServer(server);
        QVERIFY2(with.isOk(), qPrintable(told(with)));
    }

  private:
    QString pem(const QString& name, const char* suffix) const { return m_folder.filePath(name + "." + QLatin1String(suffix)); }

    QTemporaryDir m_folder;
    fs::path m_film;
};

QTEST_GUILESS_MAIN(TestPacsTls)
#include "tst_pacs_tls.moc"
