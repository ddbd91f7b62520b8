// What goes wrong, and what is said about it: servers that are absent, silent, speak something else, break off in the
// middle, refuse a coding; a disk that is full. Nothing partial is left, nothing comes or goes twice.
#include "core/io/image_reader.h"
#include "tests/core/pacs/pacs_servers.h"
#include "tests/support/full_disk.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

// A stop that comes from another thread once somebody waits.
class LaterStop {
  public:
    explicit LaterStop(std::function<bool()> when)
        : m_thread([this, when = std::move(when)] {
              while (!when() && !m_isOver) std::this_thread::yield();
              m_source.request_stop();
          }) {}
    ~LaterStop() {
        m_isOver = true;
        m_thread.join();
    }
    [[nodiscard]] RunContext context() const { return {m_source.get_token(), {}}; }

  private:
    std::stop_source m_source;
    std::atomic<bool> m_isOver = false;
    std::thread m_thread;
};

}  // namespace

class TestPacsFaults : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { m_film = writeFilm(m_films.path().toStdString()); }

    void anAbsentServer() {
        Server server;
        server.host = "127.0.0.1";
        server.port = freePort();
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QCOMPARE(answered.error().code, ErrorCode::NotFound);
        QVERIFY2(told(answered).contains("cannot reach 127.0.0.1") && told(answered).contains("nothing listens"), qPrintable(told(answered)));
    }

    void anUnknownHost() {
        Server server;
        server.host = "no-such-host.invalid";
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("cannot reach no-such-host.invalid"), qPrintable(told(answered)));
    }

    void aSilentServerTimesOut() {
        SocketServer silent(SocketServer::stayUntilClosed);
        const auto answered = echoServer(silent.dimse());
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("did not answer for 0.4 s"), qPrintable(told(answered)));
        const auto stored = storeFiles(silent.dimse(), {m_film});
        QVERIFY(!stored.isOk());
        QVERIFY(told(stored).contains("timed out"));
    }

    void aSilentServerIsLeftAtOnceWhenTheUserCancels() {
        SocketServer silent(SocketServer::stayUntilClosed);
        Server server = silent.dimse();
        server.timeouts.associateMs = 600'000;
        LaterStop later([&silent] { return silent.connections() > 0; });
        const auto answered = echoServer(server, later.context());
        QVERIFY(!answered.isOk());
        QCOMPARE(answered.error().code, ErrorCode::Cancelled);
    }

    void somethingThatIsNotDicom() {
        SocketServer web([](int socket, const std::atomic<bool>& isOver) {
            if (SocketServer::awaitBytes(socket, isOver)) ::send(socket, "HTTP/1.0 400 Bad Request\r\n\r\n", 28, MSG_NOSIGNAL);
            SocketServer::stayUntilClosed(socket, isOver);
        });
        const auto answered = echoServer(web.dimse());
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("does not answer as a DICOM server"), qPrintable(told(answered)));
    }

    void aServerThatCloses() {
        SocketServer closing([](int socket, const std::atomic<bool>& isOver) { SocketServer::awaitBytes(socket, isOver); });
        const auto answered = echoServer(closing.dimse());
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("closed the connection"), qPrintable(told(answered)));
    }

    // A-ASSOCIATE-RJ with a reason of the service user.   PS3.8 9.3.4
    void rejections_data() {
        QTest::addColumn<int>("result");
        QTest::addColumn<int>("reason");
        QTest::addColumn<QString>("word");
        QTest::newRow("our title") << 1 << 3 << "does not know us as \"PRECORDIA\"";
        QTest::newRow("its title") << 1 << 7 << "is not called \"ANY-SCP\"";
        QTest::newRow("busy") << 2 << 1 << "too busy";
        QTest::newRow("no reason") << 1 << 1 << "refused the connection";
    }
    void rejections() {
        QFETCH(int, result);
        QFETCH(int, reason);
        QFETCH(QString, word);
        SocketServer refusing([result, reason](int socket, const std::atomic<bool>& isOver) {
            const char pdu[10] = {3, 0, 0, 0, 0, 4, 0, static_cast<char>(result), 1, static_cast<char>(reason)};
            if (SocketServer::awaitBytes(socket, isOver)) ::send(socket, pdu, sizeof pdu, MSG_NOSIGNAL);
            SocketServer::stayUntilClosed(socket, isOver);
        });
        const auto answered = echoServer(refusing.dimse());
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains(word), qPrintable(told(answered)));
    }

    void anAbortWhileWeIntroduceOurselves() {
        SocketServer aborting([](int socket, const std::atomic<bool>& isOver) {
            const char pdu[10] = {7, 0, 0, 0, 0, 4, 0, 0, 0, 0};
            if (SocketServer::awaitBytes(socket, isOver)) ::send(socket, pdu, sizeof pdu, MSG_NOSIGNAL);
            SocketServer::stayUntilClosed(socket, isOver);
        });
        const auto answered = echoServer(aborting.dimse());
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("aborted"), qPrintable(told(answered)));
    }

    void aCodingThatIsRefused() {
        const QString storescp = QStandardPaths::findExecutable("storescp");
        if (storescp.isEmpty()) QSKIP("storescp is not installed (package dcmtk)");
        QTemporaryDir storage;
        const int port = freePort();
        ServerProcess scp(storescp, {"+xi", "-od", storage.path(), QString::number(port)});  // implicit little endian only
        QVERIFY2(scp.waitUntil([port] { return isListening(port); }), scp.said().constData());
        Server server;
        server.host = "127.0.0.1", server.port = port;
        const fs::path coded = fs::path(m_films.path().toStdString()) / "coded.dcm";
        DicomBytes data;
        data.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, "UI", "1.2.3.9").text(0x0020000D, "UI", "1.2.3").picture(8, 8);
        const ByteVector item{0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0, 4, 0, 0, 0, 0xFF, 0x4F, 0xFF, 0xD9, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
        data.header(0x7FE00010, "OB", DicomBytes::kUndefined);
        data.bytes.insert(data.bytes.end(), item.begin(), item.end());
        const ByteVector bytes = dicomFile(data.bytes, "1.2.840.10008.1.2.4.90");
        QVERIFY(writeFileAtomically(coded, std::as_bytes(std::span(bytes))).isOk());
        const auto outcome = storeFiles(server, {coded, m_film});
        QVERIFY2(outcome.isOk(), qPrintable(told(outcome)));
        QVERIFY(!outcome.value().objects[0].isStored);
        QVERIFY2(outcome.value().objects[0].answer.find("coding, JPEG 2000") != std::string::npos, outcome.value().objects[0].answer.c_str());
        QVERIFY(outcome.value().objects[1].isStored);  // explicit little endian, written anew as implicit
        const auto alone = storeFiles(server, {coded});
        QVERIFY(alone.isOk());
        QVERIFY(!alone.value().objects[0].isStored);
        QCOMPARE(filesBelow(storage.path().toStdString()).size(), 1);
    }

    void aConnectionThatBreaksIsTriedAgain_data() {
        QTest::addColumn<int>("cuts");
        QTest::addColumn<bool>("isStored");
        QTest::newRow("once") << 1 << true;
        QTest::newRow("always") << 100 << false;
    }
    void aConnectionThatBreaksIsTriedAgain() {
        QFETCH(int, cuts);
        QFETCH(bool, isStored);
        const QString storescp = QStandardPaths::findExecutable("storescp");
        if (storescp.isEmpty()) QSKIP("storescp is not installed (package dcmtk)");
        QTemporaryDir storage, films;
        const int port = freePort();
        ServerProcess scp(storescp, {"--fork", "-od", storage.path(), QString::number(port)});
        QVERIFY2(scp.waitUntil([port] { return isListening(port); }), scp.said().constData());
        std::vector<fs::path> files;
        for (int i = 1; i <= 3; ++i) {
            TestFilm film;
            film.uid = "1.2.3.10.1." + std::to_string(i);
            files.push_back(writeFilm(films.path().toStdString(), film));
        }
        CuttingRelay relay(port, 50'000, cuts);  // in the middle of the second film
        relay.limitForward();
        Server server;
        server.host = "127.0.0.1", server.port = relay.port(), server.retries = 1;
        const auto outcome = storeFiles(server, files);
        QVERIFY(outcome.isOk());
        QCOMPARE(outcome.value().stored() == 3, isStored);
        QCOMPARE(relay.connections(), 2);
        QCOMPARE(QString::fromStdString(outcome.value().objects[2].answer).contains("tried 2 times"), !isStored);
        QVERIFY(outcome.value().objects[0].isStored);
        QVERIFY(filesBelow(storage.path().toStdString()).size() <= 3);
    }

    void aRetrieveThatBreaksLeavesNothingHalf() {
        if (orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        Orthanc archive;
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        std::vector<fs::path> files;
        for (int i = 1; i <= 3; ++i) {
            TestFilm film;
            film.uid = "1.2.3.10.1." + std::to_string(i);
            files.push_back(writeFilm(m_films.path().toStdString(), film));
        }
        Server server = archive.dimse();
        QVERIFY(storeFiles(server, files).isOk());
        QTemporaryDir inbox;
        const fs::path folder = inbox.path().toStdString();
        CuttingRelay relay(server.port, 50'000, 1);
        Server through = server;
        through.port = relay.port();
        through.retries = 0;
        const auto cut = retrieve(through, {"1.2.3.10", {}, 0}, folder);
        QVERIFY(!cut.isOk());
        QVERIFY2(told(cut).contains("closed the connection while sending the films") && !told(cut).contains("AE title"), qPrintable(told(cut)));
        QCOMPARE(filesBelow(folder).size(), 1);
        for (const auto& entry : fs::directory_iterator(folder / "1.2.3.10")) QVERIFY(readImage(entry.path()).isOk());
        CuttingRelay again(server.port, 50'000, 1);
        through.port = again.port();
        through.retries = 1;
        const auto whole = retrieve(through, {"1.2.3.10", {}, 0}, folder);
        QVERIFY2(whole.isOk(), qPrintable(told(whole)));
        QCOMPARE(again.connections(), 2);
        QCOMPARE(filesBelow(folder).size(), 3);

        // A file may not grow past 16 KiB: as on a full disk, a write fails in the middle.
        QTemporaryDir small;
        FullDisk disk(16 * 1024);
        const auto full = retrieve(server, {"1.2.3.10", {}, 0}, small.path().toStdString());
        server.retrieveBy = RetrieveMethod::Move;
        const auto moved = retrieve(server, {"1.2.3.10", {}, 0}, small.path().toStdString());
        QVERIFY(disk.end());
        for (const auto* outcome : {&full, &moved}) {
            QVERIFY(!outcome->isOk());
            QCOMPARE(outcome->error().code, ErrorCode::WriteFailed);
            QVERIFY2(told(*outcome).contains("is full"), qPrintable(told(*outcome)));
        }
        QVERIFY(fs::is_empty(small.path().toStdString()));

        server.retrieveBy = RetrieveMethod::Get;
        const auto large = retrieve(server, {"1.2.3.10", {}, 0}, small.path().toStdString(), {.maxObjectBytes = 10'000});
        QVERIFY(!large.isOk());
        QCOMPARE(large.error().code, ErrorCode::TooLarge);
        const auto many = retrieve(server, {"1.2.3.10", {}, 0}, small.path().toStdString(), {.maxObjects = 2});
        QVERIFY(!many.isOk());
        QCOMPARE(many.error().code, ErrorCode::TooLarge);
        QCOMPARE(filesBelow(small.path().toStdString()).size(), 2);  // whole ones
    }

    void ourPortIsTaken() {
        int port = 0;
        const int taken = listenAnywhere(port);
        Server server;
        server.host = "127.0.0.1", server.port = freePort(), server.retrieveBy = RetrieveMethod::Move, server.receivePort = port;
        QTemporaryDir inbox;
        const auto outcome = retrieve(server, {"1.2.3", {}, 0}, inbox.path().toStdString());
        ::close(taken);
        QVERIFY(!outcome.isOk());
        QVERIFY2(told(outcome).contains("our own port"), qPrintable(told(outcome)));
    }

  private:
    QTemporaryDir m_films;
    fs::path m_film;
};

QTEST_GUILESS_MAIN(TestPacsFaults)
#include "tst_pacs_faults.moc"
#include "tests/support/full_disk.h"
