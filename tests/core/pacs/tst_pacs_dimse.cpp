// DICOM nodes: Orthanc as a plain process on loopback is tested, searched, filled and emptied; what it refuses has a cause.
#include "tests/core/pacs/pacs_servers.h"

#include <opencv2/core.hpp>

#include "core/io/image_reader.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

constexpr int kFilms = 3;


}  // namespace

class TestPacsDimse : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        if (orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        m_archive = std::make_unique<Orthanc>();
        QVERIFY2(m_archive->waitUntilReady(), m_archive->said().constData());
        m_server = m_archive->dimse();
        const fs::path folder = m_films.path().toStdString();
        for (int i = 1; i <= kFilms; ++i) {
            TestFilm film;
            film.uid = "1.2.3.10.1." + std::to_string(i);
            if (i == kFilms) film.series = "1.2.3.10.2";
            m_files.push_back(writeFilm(folder, film));
        }
        TestFilm other;
        other.study = "1.2.3.20", other.series = "1.2.3.20.1", other.uid = "1.2.3.20.1.1", other.id = "T-18";
        other.name = "M\xFCller^Bj\xF8rn";  // ISO_IR 100
        m_files.push_back(writeFilm(folder, other, "ISO_IR 100"));
    }

    void stores() {
        double last = 0;
        RunContext context;
        context.progress = [&](double fraction) { last = fraction; };
        const auto outcome = storeFiles(m_server, m_files, context);
        QVERIFY2(outcome.isOk(), qPrintable(told(outcome)));
        for (const SentObject& object : outcome.value().objects) QCOMPARE(object.answer, std::string("stored"));
        QCOMPARE(last, 1.0);
        const auto again = storeFiles(m_server, m_files);
        QVERIFY(again.isOk());
        QCOMPARE(again.value().stored(), kFilms + 1);
        const auto found = findStudies(m_server, {});
        QVERIFY(found.isOk());
        QCOMPARE(found.value().rows.size(), std::size_t(2));  // nothing twice
    }

    void echoes() {
        const auto answered = echoServer(m_server);
        QVERIFY2(answered.isOk(), qPrintable(told(answered)));
    }

    void findsByEachFilter() {
        const auto count = [this](const StudyFilter& filter) {
            const auto found = findStudies(m_server, filter);
            return found.isOk() ? static_cast<int>(found.value().rows.size()) : -1;
        };
        StudyFilter filter;
        filter.patientName = "roe";
        QCOMPARE(count(filter), 1);
        filter.patientName = "Roe, Ja";
        QCOMPARE(count(filter), 1);
        filter.patientName = "*jane";
        QCOMPARE(count(filter), 1);
        filter.patientName = "x";
        QCOMPARE(count(filter), 0);
        filter = {};
        filter.patientId = "T-18";
        QCOMPARE(count(filter), 1);
        filter = {};
        filter.dateFrom = "20261101", filter.dateTo = "20261231";
        QCOMPARE(count(filter), 2);
        filter.dateFrom = "20261122";
        QCOMPARE(count(filter), 0);
        filter = {};
        filter.accession = "A1", filter.modality = "CR";
        QCOMPARE(count(filter), 2);
        filter.modality = "MR";
        QCOMPARE(count(filter), 0);
    }

    void findsWhatItSays() {
        StudyFilter filter;
        filter.patientName = "m\u00FCller";
        const auto found = findStudies(m_server, filter);
        QVERIFY2(found.isOk(), qPrintable(told(found)));
        QCOMPARE(found.value().rows.size(), std::size_t(1));
        const StudyRow& row = found.value().rows.front();
        QCOMPARE(row.patientName, std::string("M\u00FCller^Bj\u00F8rn"));
        QCOMPARE(row.studyUid, std::string("1.2.3.20"));
        QCOMPARE(row.date, std::string("20261121"));
        QCOMPARE(row.modalities, std::string("CR"));
        QCOMPARE(row.objects, 1);
        const auto series = findSeries(m_server, "1.2.3.10");
        QVERIFY(series.isOk());
        QCOMPARE(series.value().rows.size(), std::size_t(2));
        QCOMPARE(series.value().rows[0].modality, std::string("CR"));
        QCOMPARE(series.value().rows[0].objects + series.value().rows[1].objects, kFilms);
    }

    void stopsAtTheLimit() {
        StudyFilter filter;
        filter.limit = 1;
        const auto found = findStudies(m_server, filter);
        QVERIFY2(found.isOk(), qPrintable(told(found)));
        QCOMPARE(found.value().rows.size(), std::size_t(1));
        QVERIFY(found.value().isCut);
    }

    void retrieves_data() {
        QTest::addColumn<bool>("isMove");
        QTest::newRow("C-GET") << false;
        QTest::newRow("C-MOVE") << true;
    }
    void retrieves() {
        QFETCH(bool, isMove);
        m_server.retrieveBy = isMove ? RetrieveMethod::Move : RetrieveMethod::Get;
        QTemporaryDir inbox;
        const fs::path folder = inbox.path().toStdString();
        for (int times = 0; times < 2; ++times) {  // the second replaces
            double last = 0;
            RunContext context;
            context.progress = [&](double fraction) { last = fraction; };
            const auto outcome = retrieve(m_server, {"1.2.3.10", {}, 0}, folder, {}, context);
            QVERIFY2(outcome.isOk(), qPrintable(told(outcome)));
            QCOMPARE(outcome.value().failed, 0);
            QCOMPARE(outcome.value().files.size(), std::size_t(kFilms));
            QVERIFY(last > 0.5);
        }
        QCOMPARE(filesBelow(folder), (QStringList{"1.2.3.10.1.1.dcm", "1.2.3.10.1.2.dcm", "1.2.3.10.1.3.dcm"}));
        const auto sent = readImage(m_files.front()), received = readImage(folder / "1.2.3.10" / "1.2.3.10.1.1.dcm");
        QVERIFY(sent.isOk() && received.isOk());
        QCOMPARE(cv::norm(sent.value()->samples, received.value()->samples, cv::NORM_L1), 0.0);

        const auto series = retrieve(m_server, {"1.2.3.10", "1.2.3.10.2", 1}, folder / "one");
        QVERIFY2(series.isOk(), qPrintable(told(series)));
        QCOMPARE(filesBelow(folder / "one"), (QStringList{"1.2.3.10.1.3.dcm"}));
    }

    void anUnknownStudyHasNoFilms() {
        QTemporaryDir inbox;
        m_server.retrieveBy = RetrieveMethod::Get;
        const auto outcome = retrieve(m_server, {"1.2.3.99", {}, 0}, inbox.path().toStdString());
        QVERIFY(!outcome.isOk());
        QVERIFY2(told(outcome).contains("no films") || told(outcome).contains("may not have this study"), qPrintable(told(outcome)));
        QVERIFY(fs::is_empty(inbox.path().toStdString()));
    }

    void theServersTitleIsNamed() {
        Server wrong = m_server;
        wrong.calledAe = "SOMEBODY";
        const auto answered = echoServer(wrong);
        QVERIFY(!answered.isOk());
        QVERIFY2(told(answered).contains("is not called \"SOMEBODY\""), qPrintable(told(answered)));
    }

    void ourTitleIsNamedWhenAFilmIsAskedFor() {
        Server unknown = m_server;  // Orthanc moves to those that it knows only
        unknown.callingAe = "NOBODY";
        unknown.retrieveBy = RetrieveMethod::Move;
        QTemporaryDir inbox;
        const auto outcome = retrieve(unknown, {"1.2.3.10", {}, 0}, inbox.path().toStdString());
        QVERIFY(!outcome.isOk());
        QVERIFY(!told(outcome).isEmpty());
        QVERIFY(fs::is_empty(inbox.path().toStdString()));
    }

    // Orthanc accepts everybody and ends the connection of those whom it does not let search: it gives no reason, so we name the likely one.
    void whoMayNotSearchIsToldWhy() {
        Server unknown = m_server;
        unknown.callingAe = "NOBODY";
        unknown.retries = 0;
        const auto found = findStudies(unknown, {});
        QVERIFY(!found.isOk());
        QVERIFY2(told(found).contains("may not allow this for our AE title \"NOBODY\"") && told(found).contains("administrator"), qPrintable(told(found)));
        QTemporaryDir inbox;
        unknown.retrieveBy = RetrieveMethod::Get;
        const auto got = retrieve(unknown, {"1.2.3.10", {}, 0}, inbox.path().toStdString());
        QVERIFY(!got.isOk());
        QVERIFY2(told(got).contains("our AE title \"NOBODY\""), qPrintable(told(got)));
    }

    void cancelStopsBeforeItBegins() {
        std::stop_source source;
        source.request_stop();
        const auto answered = echoServer(m_server, {source.get_token(), {}});
        QVERIFY(!answered.isOk());
        QCOMPARE(answered.error().code, ErrorCode::Cancelled);
    }

    void aFileThatIsNoObjectHasItsAnswer() {
        const fs::path text = fs::path(m_films.path().toStdString()) / "notes.txt";
        QVERIFY(writeFileAtomically(text, std::string_view("not a film")).isOk());
        const auto outcome = storeFiles(m_server, {text, m_files.front()});
        QVERIFY(outcome.isOk());
        QVERIFY(!outcome.value().objects[0].isStored);
        QVERIFY(outcome.value().objects[0].answer.find("not a DICOM object") == 0);
        QVERIFY(outcome.value().objects[1].isStored);
    }

  private:
    QTemporaryDir m_films;
    std::unique_ptr<Orthanc> m_archive;
    Server m_server;
    std::vector<fs::path> m_files;
};

QTEST_GUILESS_MAIN(TestPacsDimse)
#include "tst_pacs_dimse.moc"
