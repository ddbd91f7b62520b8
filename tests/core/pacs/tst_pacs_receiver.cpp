// Our own receiver during a C-MOVE: takes what was asked for under our title, refuses everything else, plain and over TLS.
#include "core/pacs/move_receiver.h"
#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

class TestPacsReceiver : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const fs::path folder = m_folder.path().toStdString();
        m_film = writeFilm(folder);
        TestFilm other;
        other.study = "1.2.3.77", other.uid = "1.2.3.77.1";
        m_stranger = writeFilm(folder, other);
    }

    void takesWhatWasAskedFor() {
        Server us;
        us.host = "127.0.0.1", us.port = us.receivePort = freePort(), us.calledAe = "PRECORDIA";
        QTemporaryDir inboxFolder;
        auto inbox = Inbox::open(inboxFolder.path().toStdString(), {"1.2.3.10", {}, 1}, {});
        QVERIFY(inbox.isOk());
        auto receiver = MoveReceiver::start(us, *inbox.value(), {}, std::make_shared<SharedActivity>());
        QVERIFY2(receiver.isOk(), qPrintable(told(receiver)));
        const auto answered = echoServer(us);
        QVERIFY2(answered.isOk(), qPrintable(told(answered)));
        Server wrong = us;
        wrong.calledAe = "SOMEBODY";
        QVERIFY(told(echoServer(wrong)).contains("is not called \"SOMEBODY\""));
        const auto stored = storeFiles(us, {m_stranger, m_film, m_film});
        QVERIFY2(stored.isOk(), qPrintable(told(stored)));
        QVERIFY(!stored.value().objects[0].isStored);
        QVERIFY2(stored.value().objects[0].answer.find("cannot process") != std::string::npos, stored.value().objects[0].answer.c_str());
        QCOMPARE(stored.value().stored(), 2);
        QCOMPARE(inbox.value()->outcome().files.size(), std::size_t(1));
        QCOMPARE(inbox.value()->outcome().failed, 1);
        QVERIFY(inbox.value()->outcome().firstFailure.find("not asked for") != std::string::npos);
    }

    void aPeerThatStaysSilentDoesNotHoldTheEnd() {
        Server us;
        us.host = "127.0.0.1", us.port = us.receivePort = freePort(), us.calledAe = "PRECORDIA";
        us.timeouts.associateMs = 600'000;
        QTemporaryDir inboxFolder;
        auto inbox = Inbox::open(inboxFolder.path().toStdString(), {"1.2.3.10", {}, 1}, {});
        int silent = -1;
        {
            auto receiver = MoveReceiver::start(us, *inbox.value(), {}, std::make_shared<SharedActivity>());
            QVERIFY2(receiver.isOk(), qPrintable(told(receiver)));
            silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            address.sin_port = htons(static_cast<std::uint16_t>(us.receivePort));
            QCOMPARE(::connect(silent, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        }  // ends although nothing was said
        ::close(silent);
        QVERIFY(!isListening(us.receivePort));
    }

    void tlsOnBothSides() {
        if (QStandardPaths::findExecutable("openssl").isEmpty()) QSKIP("openssl is not installed");
        QVERIFY(makeCertificate(m_folder.path(), "us") && makeCertificate(m_folder.path(), "them"));
        const auto pem = [this](const char* name) { return m_folder.filePath(QLatin1String(name)).toStdString(); };
        Server us;
        us.host = "127.0.0.1", us.port = us.receivePort = freePort(), us.calledAe = "PRECORDIA";
        us.timeouts = {5'000, 5'000, 5'000};
        us.tls = {true, TlsCheck::CertificateAndName, pem("them.crt"), pem("us.crt"), pem("us.key")};
        QTemporaryDir inboxFolder;
        auto inbox = Inbox::open(inboxFolder.path().toStdString(), {"1.2.3.10", {}, 1}, {});
        auto receiver = MoveReceiver::start(us, *inbox.value(), {}, std::make_shared<SharedActivity>());
        QVERIFY2(receiver.isOk(), qPrintable(told(receiver)));
        Server them = us;
        them.tls = {true, TlsCheck::CertificateAndName, pem("us.crt"), pem("them.crt"), pem("them.key")};
        const auto stored = storeFiles(them, {m_film});
        QVERIFY2(stored.isOk() && stored.value().stored() == 1, qPrintable(told(stored)));
        them.tls.certificate.clear(), them.tls.key.clear();
        QVERIFY(!echoServer(them).isOk());  // a stranger without a certificate
        them.tls.isOn = false;
        QVERIFY(!echoServer(them).isOk());
        QCOMPARE(inbox.value()->outcome().files.size(), std::size_t(1));
        Server bare = us;
        bare.tls.certificate.clear(), bare.tls.key.clear();
        QVERIFY(told(MoveReceiver::start(bare, *inbox.value(), {}, nullptr)).contains("needs our own certificate"));
    }

  private:
    QTemporaryDir m_folder;
    fs::path m_film, m_stranger;
};

QTEST_GUILESS_MAIN(TestPacsReceiver)
#include "tst_pacs_receiver.moc"
