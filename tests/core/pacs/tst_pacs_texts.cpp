// The parts of core/pacs that need no server: descriptions, filters, multipart bodies, DICOM JSON, the inbox.
#include "tests/core/pacs/pacs_servers.h"

#include "core/pacs/dicom_json.h"
#include "core/pacs/inbox.h"
#include "core/pacs/multipart.h"
#include "core/pacs/query_texts.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

class TestPacsTexts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aServerKeepsItsDescriptionButNotItsPassword() {
        Server server;
        server.name = "ward", server.host = "pacs", server.port = 11112, server.calledAe = "ARCHIVE", server.user = "me", server.password = "s3cret";
        server.tls = {true, TlsCheck::Certificate, "ca.pem", "us.pem", "us.key"};
        server.retrieveBy = RetrieveMethod::Move, server.timeouts.answerMs = 1234, server.retries = 0;
        const std::string json = serverToJson(server);
        QVERIFY(json.find("s3cret") == std::string::npos);
        const auto back = serverFromJson(json);
        QVERIFY(back.isOk());
        server.password.clear();
        QVERIFY(back.value() == server);
        QVERIFY(!serverFromJson("[1]").isOk());
        QVERIFY(!serverFromJson("{\"port\": \"x\"}").isOk());
    }

    void wrongDescriptionsAreNamed_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("word");
        QTest::newRow("host") << R"({"host":""})" << "host";
        QTest::newRow("port") << R"({"host":"a","port":0})" << "port";
        QTest::newRow("title") << R"({"host":"a","calledAe":"12345678901234567"})" << "AE title";
        QTest::newRow("backslash") << R"({"host":"a","callingAe":"A\\B"})" << "AE title";
        QTest::newRow("web") << R"({"protocol":"web","webUrl":"ftp://a"})" << "http";
        QTest::newRow("password in it") << R"({"protocol":"web","webUrl":"http://a:b@c"})" << "password";
        QTest::newRow("key") << R"({"host":"a","tlsCertificate":"c.pem"})" << "private key";
        QTest::newRow("time") << R"({"host":"a","answerMs":5})" << "waiting";
    }
    void wrongDescriptionsAreNamed() {
        QFETCH(QString, json);
        QFETCH(QString, word);
        const auto server = serverFromJson(json.toStdString());
        QVERIFY(server.isOk());
        QVERIFY2(QString::fromStdString(problemOf(server.value())).contains(word), problemOf(server.value()).c_str());
    }

    void filtersBecomeQueries() {
        QCOMPARE(namePattern("  Roe "), std::string("Roe*"));
        QCOMPARE(namePattern("Roe, Jane"), std::string("Roe^Jane*"));
        QCOMPARE(namePattern("R?e*"), std::string("R?e*"));
        QCOMPARE(namePattern(" "), std::string());
        QCOMPARE(dateRange("20260101", ""), std::string("20260101-"));
        QCOMPARE(dateRange("20260101", "20260101"), std::string("20260101"));
        QCOMPARE(encodeText("Roe").characterSet, std::string());
        QCOMPARE(encodeText("M\u00FCller").characterSet, std::string("ISO_IR 100"));
        QCOMPARE(encodeText("M\u00FCller").bytes, std::string("M\xFCller"));
        QCOMPARE(encodeText("\u5C71\u7530").characterSet, std::string("ISO_IR 192"));
        StudyFilter filter;
        QVERIFY(problemOf(filter).empty());
        filter.dateFrom = "20261301";
        QVERIFY(!problemOf(filter).empty());
        filter = {};
        filter.patientName = "a\\b";
        QVERIFY(!problemOf(filter).empty());
        QCOMPARE(oneLine("a\nb\xFF"), std::string("a b?"));
    }

    // Every cut of the bytes gives the same parts.
    void multipartIsReadInPieces() {
        const std::string body = "ignored\r\n--b1\r\nContent-Type: application/dicom\r\n\r\none\r\n--b\r\n\r\n--b1 \r\nX: y\r\n\r\ntwo\r\n--b1--\r\nrest";
        QCOMPARE(multipartBoundary("multipart/related; type=\"application/dicom\"; boundary=\"b1\"").value_or(""), std::string("b1"));
        QVERIFY(!multipartBoundary("text/html; boundary=b1"));
        for (std::size_t step = 1; step <= body.size(); ++step) {
            std::vector<std::string> parts;
            int ended = 0;
            MultipartReader reader("b1", {[&]() -> Result<Done> { return parts.emplace_back(), Done{}; },
                                          [&](std::string_view bytes) -> Result<Done> { return parts.back() += bytes, Done{}; },
                                          [&]() -> Result<Done> { return ++ended, Done{}; }});
            for (std::size_t at = 0; at < body.size(); at += step) QVERIFY(reader.feed(std::string_view(body).substr(at, step)).isOk());
            QVERIFY(reader.finish().isOk());
            QCOMPARE(parts, (std::vector<std::string>{"one\r\n--b\r\n", "two"}));
            QCOMPARE(ended, 2);
        }
    }

    void brokenMultipartIsRefused() {
        const PartSink nothing{[]() -> Result<Done> { return Done{}; }, [](std::string_view) -> Result<Done> { return Done{}; }, []() -> Result<Done> { return Done{}; }};
        MultipartReader cut("b", nothing);
        QVERIFY(cut.feed("--b\r\n\r\nhalf").isOk());
        QVERIFY(!cut.finish().isOk());
        MultipartReader endless("b", nothing);
        QVERIFY(!endless.feed("--b\r\n" + std::string(20'000, 'h')).isOk());
        MultipartReader none("b", nothing);
        QVERIFY(!none.feed(std::string(70'000, 'x')).isOk());
    }

    void jsonAnswersAreRead() {
        const auto rows = studiesFromJson(R"([{"0020000D":{"vr":"UI","Value":["1.2"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Roe^Jane"}]},
            "00080061":{"vr":"CS","Value":["CR","SR"]},"00201208":{"vr":"IS","Value":[3]},"00081030":{"vr":"LO"}}, 7])");
        QVERIFY(rows.isOk());
        QCOMPARE(rows.value().size(), std::size_t(1));
        QCOMPARE(rows.value()[0].patientName, std::string("Roe^Jane"));
        QCOMPARE(rows.value()[0].modalities, std::string("CR\\SR"));
        QCOMPARE(rows.value()[0].objects, 3);
        QVERIFY(!studiesFromJson("{}").isOk());
        QVERIFY(!studiesFromJson("<html>").isOk());
        QVERIFY(storedFromJson(R"({"00081199":{"vr":"SQ","Value":[{}]}})").isStored);
        const SentObject failed = storedFromJson(R"({"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[42752]}}]}})");
        QVERIFY(!failed.isStored);
        QVERIFY2(failed.answer.find("0xA700") != std::string::npos, failed.answer.c_str());
    }

    void uidsBecomeNames() {
        QCOMPARE(safeUid("1.2.3 "), std::string("1.2.3"));
        QCOMPARE(safeUid("../../etc"), std::string());
        QCOMPARE(safeUid("1/../2"), std::string("1_.._2"));
        QCOMPARE(safeUid(std::string(65, '1')), std::string());
    }

    void theInboxTakesWhatWasAskedFor() {
        QTemporaryDir films, folder;
        const fs::path inboxFolder = folder.path().toStdString();
        const fs::path film = writeFilm(films.path().toStdString());
        const auto put = [&](Inbox& inbox, const std::string& announced) {
            const auto staged = inbox.stage();
            if (!staged.isOk()) return staged.error().message;
            fs::copy_file(film, staged.value());
            const auto done = inbox.publish(staged.value(), announced);
            return done.isOk() ? std::string() : done.error().message;
        };
        {
            auto inbox = Inbox::open(inboxFolder, {"1.2.3.10", {}, 4}, {});
            QVERIFY(inbox.isOk());
            QCOMPARE(put(*inbox.value(), "1.2.3.10.1.1"), std::string());
            QCOMPARE(put(*inbox.value(), ""), std::string());
            QCOMPARE(inbox.value()->outcome().files.size(), std::size_t(1));
            QCOMPARE(inbox.value()->fractionDone(), 0.25);
            QVERIFY(put(*inbox.value(), "1.2.3.9").find("announced") != std::string::npos);
        }
        QCOMPARE(filesBelow(inboxFolder), QStringList{"1.2.3.10.1.1.dcm"});
        auto other = Inbox::open(inboxFolder, {"1.2.3.11", {}, 0}, {});
        QVERIFY(put(*other.value(), "").find("not asked for") != std::string::npos);
        auto series = Inbox::open(inboxFolder, {"1.2.3.10", "1.2.3.10.9", 0}, {});
        QVERIFY(put(*series.value(), "").find("not asked for") != std::string::npos);
        auto few = Inbox::open(inboxFolder, {"1.2.3.10", {}, 0}, {.maxObjects = 1});
        QCOMPARE(put(*few.value(), ""), std::string());
        QVERIFY(put(*few.value(), "").find("more than 1 objects") != std::string::npos);
        auto full = Inbox::open(inboxFolder, {"1.2.3.10", {}, 0}, {.minFreeBytes = 1LL << 60});
        QVERIFY(put(*full.value(), "").find("disk is full") != std::string::npos);
    }

    void whatAKilledProgramLeftGoes() {
        QTemporaryDir folder;
        const fs::path study = fs::path(folder.path().toStdString()) / "1.2.3";
        QProcess gone;
        gone.start("true", QStringList());
        QVERIFY(gone.waitForStarted());
        const qint64 process = gone.processId();
        QVERIFY(gone.waitForFinished());
        fs::create_directories(study / (".incoming-" + std::to_string(process) + "-1"));
        fs::create_directories(study / (".incoming-" + std::to_string(::getpid()) + "-999"));
        auto inbox = Inbox::open(folder.path().toStdString(), {"1.2.3", {}, 0}, {});
        QVERIFY(inbox.isOk());
        QVERIFY(!fs::exists(study / (".incoming-" + std::to_string(process) + "-1")));
        QVERIFY(fs::exists(study / (".incoming-" + std::to_string(::getpid()) + "-999")));
    }
};

QTEST_GUILESS_MAIN(TestPacsTexts)
#include "tst_pacs_texts.moc"
