// DICOMweb: Orthanc with its plugin is tested, searched, filled and emptied; servers that misbehave have a cause.
#include <opencv2/core.hpp>

#include "core/io/image_reader.h"
#include "tests/core/pacs/pacs_servers.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

Server webOf(const SocketServer& socket) {
    Server server;
    server.protocol = PacsProtocol::DicomWeb;
    server.webUrl = "http://127.0.0.1:" + std::to_string(socket.port()) + "/web";
    server.retries = 0;
    server.timeouts = {400, 400, 400};
    return server;
}

std::function<void(int, const std::atomic<bool>&)> saying(const std::string& bytes) {
    return [bytes](int socket, const std::atomic<bool>& isOver) {
        if (!SocketServer::awaitBytes(socket, isOver)) return;
        char request[8192];
        if (::recv(socket, request, sizeof request, 0) > 0) ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    };
}

}  // namespace

class TestPacsWeb : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        const fs::path folder = m_films.path().toStdString();
        for (int i = 1; i <= 3; ++i) {
            TestFilm film;
            film.uid = "1.2.3.10.1." + std::to_string(i);
            if (i == 3) film.series = "1.2.3.10.2";
            m_files.push_back(writeFilm(folder, film));
        }
    }

    void storesFindsAndRetrieves() {
        if (orthancProgram().isEmpty() || !fs::exists(kDicomWebPlugin)) QSKIP("Orthanc and its DICOMweb plugin are not installed (package orthanc-dicomweb)");
        Orthanc archive({{"Plugins", QJsonArray{kDicomWebPlugin}},
                         {"AuthenticationEnabled", true},
                         {"RegisteredUsers", QJsonObject{{"reader", "s3cret"}}}});
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        Server server = archive.web();
        server.user = "reader", server.password = "wrong";
        const auto refused = echoServer(server);
        QVERIFY(!refused.isOk());
        QVERIFY2(told(refused).contains("user name or the password") && !told(refused).contains("wrong"), qPrintable(told(refused)));
        server.password = "s3cret";
        const auto answered = echoServer(server);
        QVERIFY2(answered.isOk(), qPrintable(told(answered)));

        const auto stored = storeFiles(server, m_files);
        QVERIFY2(stored.isOk(), qPrintable(told(stored)));
        for (const SentObject& object : stored.value().objects) QCOMPARE(object.answer, std::string("stored"));

        StudyFilter filter;
        filter.patientName = "roe", filter.dateFrom = "20261121", filter.modality = "CR";
        const auto found = findStudies(server, filter);
        QVERIFY2(found.isOk(), qPrintable(told(found)));
        QCOMPARE(found.value().rows.size(), std::size_t(1));
        QCOMPARE(found.value().rows[0].patientName, std::string("Roe^Jane"));
        QCOMPARE(found.value().rows[0].description, std::string("CHEST PA"));
        QCOMPARE(found.value().rows[0].objects, 3);
        filter.patientName = "x";
        QCOMPARE(findStudies(server, filter).value().rows.size(), std::size_t(0));
        const auto series = findSeries(server, "1.2.3.10");
        QVERIFY2(series.isOk(), qPrintable(told(series)));
        QCOMPARE(series.value().rows.size(), std::size_t(2));

        QTemporaryDir inbox;
        const fs::path folder = inbox.path().toStdString();
        for (int times = 0; times < 2; ++times) {
            double last = 0;
            RunContext context;
            context.progress = [&](double fraction) { last = fraction; };
            const auto got = retrieve(server, {"1.2.3.10", {}, 3}, folder, {}, context);
            QVERIFY2(got.isOk(), qPrintable(told(got)));
            QCOMPARE(got.value().files.size(), std::size_t(3));
            QCOMPARE(last, 1.0);
        }
        QCOMPARE(filesBelow(folder), (QStringList{"1.2.3.10.1.1.dcm", "1.2.3.10.1.2.dcm", "1.2.3.10.1.3.dcm"}));
        const auto sent = readImage(m_files.front()), received = readImage(folder / "1.2.3.10" / "1.2.3.10.1.1.dcm");
        QVERIFY(sent.isOk() && received.isOk());
        QCOMPARE(cv::norm(sent.value()->samples, received.value()->samples, cv::NORM_L1), 0.0);
        QCOMPARE(retrieve(server, {"1.2.3.10", "1.2.3.10.2", 1}, folder / "one").value().files.size(), std::size_t(1));

        const auto none = retrieve(server, {"1.2.3.99", {}, 0}, folder);
        QVERIFY(!none.isOk());
        QVERIFY2(told(none).contains("no films"), qPrintable(told(none)));
        const auto full = retrieve(server, {"1.2.3.10", {}, 0}, folder / "full", {.minFreeBytes = 1LL << 60});
        QVERIFY(!full.isOk());
        QCOMPARE(full.error().code, ErrorCode::WriteFailed);
        Server elsewhere = server;
        elsewhere.webUrl += "/nowhere";
        QVERIFY(!echoServer(elsewhere).isOk());
    }

    void anAbsentService() {
        Server server;
        server.protocol = PacsProtocol::DicomWeb;
        server.webUrl = "http://127.0.0.1:" + std::to_string(freePort());
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("cannot reach"), qPrintable(told(answered)));
    }

    void aSilentServiceTimesOut() {
        SocketServer silent(SocketServer::stayUntilClosed);
        const auto answered = echoServer(webOf(silent));
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("timed out"), qPrintable(told(answered)));
    }

    void otherPagesAreNoService() {
        SocketServer page(saying("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>"));
        const auto answered = echoServer(webOf(page));
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("not as a DICOMweb service"), qPrintable(told(answered)));
        QTemporaryDir inbox;
        const auto got = retrieve(webOf(page), {"1.2.3", {}, 0}, inbox.path().toStdString());
        QVERIFY(!got.isOk());
        QVERIFY2(told(got).contains("text/html"), qPrintable(told(got)));
    }

    void aServiceWithoutTlsIsToldSo() {
        SocketServer plain(saying("HTTP/1.0 400 Bad Request\r\n\r\n"));
        Server server = webOf(plain);
        server.webUrl.replace(0, 4, "https");
        server.timeouts = {5'000, 5'000, 5'000};
        const auto answered = echoServer(server);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("does not speak TLS"), qPrintable(told(answered)));
    }

    void redirectsAreNotFollowed() {
        SocketServer moved(saying("HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"));
        const auto answered = echoServer(webOf(moved));
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("has moved"), qPrintable(told(answered)));
        QCOMPARE(moved.connections(), 1);
    }

    void anAnswerThatBreaksOff() {
        SocketServer cut(saying("HTTP/1.1 200 OK\r\nContent-Type: multipart/related; boundary=b\r\nContent-Length: 5000\r\n\r\n--b\r\n\r\nDICM"));
        Server server = webOf(cut);
        server.retries = 1;
        QTemporaryDir inbox;
        const auto got = retrieve(server, {"1.2.3", {}, 0}, inbox.path().toStdString());
        QVERIFY(!got.isOk());
        QVERIFY2(told(got).contains("in the middle") && told(got).contains("tried 2 times"), qPrintable(told(got)));
        QCOMPARE(cut.connections(), 2);
        QVERIFY(fs::is_empty(inbox.path().toStdString()));
    }

    void whatWasNotAskedForIsRefused() {
        QFile film(QString::fromStdString(m_files.front().string()));
        QVERIFY(film.open(QIODevice::ReadOnly));
        const std::string body = "--b\r\nContent-Type: application/dicom\r\n\r\n" + film.readAll().toStdString() + "\r\n--b--\r\n";
        SocketServer other(saying("HTTP/1.0 200 OK\r\nContent-Type: multipart/related; boundary=b\r\n\r\n" + body));
        Server server = webOf(other);
        server.timeouts.answerMs = 10'000;
        QTemporaryDir inbox;
        const auto got = retrieve(server, {"1.2.77", {}, 0}, inbox.path().toStdString());
        QVERIFY(!got.isOk());
        QVERIFY2(told(got).contains("not asked for"), qPrintable(told(got)));
        QVERIFY(fs::is_empty(inbox.path().toStdString()));
    }

  private:
    QTemporaryDir m_films;
    std::vector<fs::path> m_files;
};

QTEST_GUILESS_MAIN(TestPacsWeb)
#include "tst_pacs_web.moc"
