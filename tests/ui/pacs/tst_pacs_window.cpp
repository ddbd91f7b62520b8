// The windows of ui/pacs with Orthanc on loopback: servers are described, tested, searched; studies retrieved and opened;
// results sent. What fails is said in the window.
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QThreadPool>

#include "core/dicom_out/phantom_film.h"
#include "core/io/image_reader.h"
#include "tests/core/pacs/pacs_servers.h"
#include "tests/ui/support/control_check.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/pacs/pacs_window.h"
#include "ui/pacs/send_dialog.h"
#include "ui/pacs/server_dialog.h"
#include "ui/pacs/server_list.h"
#include "ui/pacs/study_tree.h"
#include "ui/state/settings.h"

using namespace cxr;
using namespace cxr::ui;
using cxr::test::Orthanc;
using cxr::test::TestFilm;

namespace {

constexpr int kPatienceMs = 30'000;

// Settings, list and window of one test.
struct Desk {
    Desk() : settings(folder.filePath("settings.ini")), servers(settings) {}

    template <typename T>
    static T* in(QWidget& window, const char* name) {
        return window.findChild<T*>(QLatin1String(name));
    }
    QTemporaryDir folder;
    Settings settings;
    ServerList servers;
};

void click(QWidget& window, const char* name) { QTest::mouseClick(window.findChild<QPushButton*>(QLatin1String(name)), Qt::LeftButton); }
QString messageOf(const QWidget& window, const char* name = "pacsMessage") { return window.findChild<QLabel*>(QLatin1String(name))->text(); }

}  // namespace

class TestPacsWindow : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");  // no keyring: this is nobody's desktop
        if (cxr::test::orthancProgram().isEmpty()) return;
        m_archive = std::make_unique<Orthanc>();
        QVERIFY2(m_archive->waitUntilReady(), m_archive->said().constData());
        std::vector<std::filesystem::path> files;
        for (int i = 1; i <= 2; ++i) {
            TestFilm film;
            film.uid = "1.2.3.10.1." + std::to_string(i);
            files.push_back(cxr::test::writeFilm(m_films.path().toStdString(), film));
        }
        QVERIFY(storeFiles(m_archive->dimse(), files).isOk());
    }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void everyControlIsNamed() {
        Desk desk;
        PacsWindow window(desk.servers, desk.settings);
        QCOMPARE(cxr::ui::test::controlFaults(window), QStringList());
        ServerDialog dialog(Server{}, false);
        QCOMPARE(cxr::ui::test::controlFaults(dialog), QStringList());
        SendDialog send(desk.servers, context());
        QCOMPARE(cxr::ui::test::controlFaults(send), QStringList());
    }

    void withoutAServerNothingCanBeAsked() {
        Desk desk;
        PacsWindow window(desk.servers, desk.settings);
        QVERIFY(!Desk::in<QPushButton>(window, "pacsSearch")->isEnabled());
        QVERIFY(!Desk::in<QPushButton>(window, "pacsTest")->isEnabled());
        QVERIFY(messageOf(window).contains("Add a server"));
    }

    void aServerIsDescribed() {
        Desk desk;
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        click(window, "pacsAdd");
        auto* dialog = Desk::in<ServerDialog>(window, "serverDialog");
        QVERIFY(dialog != nullptr);
        auto* ok = Desk::in<QPushButton>(*dialog, "serverOk");
        QVERIFY(!ok->isEnabled());  // no host yet
        QTest::keyClicks(Desk::in<QLineEdit>(*dialog, "serverHost"), "127.0.0.1");
        QVERIFY(ok->isEnabled());
        Desk::in<QLineEdit>(*dialog, "serverCalled")->setText("A TITLE THAT IS FAR TOO LONG");
        QVERIFY(!ok->isEnabled());
        QVERIFY(messageOf(*dialog, "serverProblem").contains("AE title"));
        Desk::in<QLineEdit>(*dialog, "serverCalled")->setText("ARCHIVE");
        Desk::in<QSpinBox>(*dialog, "serverPort")->setValue(4242);
        QTest::mouseClick(ok, Qt::LeftButton);
        QCOMPARE(desk.servers.servers().size(), std::size_t(1));
        QCOMPARE(Desk::in<QComboBox>(window, "pacsServer")->currentText(), QString("127.0.0.1:4242"));
        ServerList again(desk.settings);  // as the next session reads it
        QVERIFY(again.servers() == desk.servers.servers());
        click(window, "pacsRemove");
        QVERIFY(desk.servers.servers().empty());
    }

    void aPasswordStaysOutOfTheSettings() {
        Desk desk;
        Server server;
        server.protocol = PacsProtocol::DicomWeb, server.webUrl = "http://127.0.0.1:1/web", server.user = "me", server.password = "s3cret";
        desk.servers.put(0, server);
        desk.servers.setPassword(server, "s3cret", false);
        QVERIFY(desk.servers.servers()[0].password.empty());
        std::string given;
        desk.servers.complete(desk.servers.servers()[0], this, [&](const Server& complete, bool) { given = complete.password; });
        QCOMPARE(given, std::string("s3cret"));
        for (const QString& json : desk.settings.pacsServers()) QVERIFY(!json.contains("s3cret"));
    }

    void aServerThatIsAbsentSaysSo() {
        Desk desk;
        Server server;
        server.host = "127.0.0.1", server.port = cxr::test::freePort();
        desk.servers.put(0, server);
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        click(window, "pacsTest");
        QTRY_VERIFY_WITH_TIMEOUT(messageOf(window).startsWith("Failed: cannot reach 127.0.0.1"), kPatienceMs);
        QVERIFY(!Desk::in<QPushButton>(window, "pacsStop")->isEnabled());
    }

    void aPasswordThatNobodyKeptIsAskedFor() {
        Desk desk;
        Server server;
        server.protocol = PacsProtocol::DicomWeb, server.user = "me";
        server.webUrl = "http://127.0.0.1:" + std::to_string(cxr::test::freePort()) + "/web";
        desk.servers.put(0, server);
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        click(window, "pacsTest");
        QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QInputDialog*>("pacsPassword") != nullptr, kPatienceMs);
        auto* asked = window.findChild<QInputDialog*>("pacsPassword");
        QVERIFY(asked->labelText().contains("me"));
        asked->setTextValue("s3cret");
        asked->accept();
        QVERIFY(desk.servers.hasPassword(server));
        QTRY_VERIFY_WITH_TIMEOUT(messageOf(window).startsWith("Failed: cannot reach"), kPatienceMs);
        QSignalSpy failed(&desk.servers, &ServerList::keyringFailed);
        desk.servers.setPassword(server, "s3cret", true);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatienceMs);
        QVERIFY(messageOf(window).contains("until the program ends"));
    }

    void anEncryptedKeyIsAskedForItsPassword() {
        Desk desk;
        const QString key = desk.folder.filePath("us.key");
        QFile file(key);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("-----BEGIN ENCRYPTED PRIVATE KEY-----\n") > 0);
        file.close();
        Server server;
        server.host = "127.0.0.1", server.port = cxr::test::freePort(), server.retries = 0;
        server.tls.isOn = true, server.tls.certificate = key.toStdString(), server.tls.key = key.toStdString();
        desk.servers.put(0, server);
        QCOMPARE(ServerList::missingSecret(server), std::optional(ServerSecret::Key));
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        click(window, "pacsTest");
        QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QInputDialog*>("pacsPassword") != nullptr, kPatienceMs);
        auto* asked = window.findChild<QInputDialog*>("pacsPassword");
        QVERIFY(asked->labelText().contains("us.key"));
        asked->setTextValue("s3cret");
        asked->accept();
        QVERIFY(desk.servers.hasPassword(server, ServerSecret::Key) && !desk.servers.hasPassword(server));
        QTRY_VERIFY_WITH_TIMEOUT(messageOf(window).startsWith("Failed"), kPatienceMs);
        QVERIFY(!desk.settings.pacsServers().join(' ').contains("s3cret"));
        std::string given;
        desk.servers.complete(desk.servers.servers()[0], this, [&](const Server& complete, bool) { given = complete.tls.keyPassword; });
        QCOMPARE(given, std::string("s3cret"));
    }

    void patientsAndTheirStudies() {
        if (!m_archive) QSKIP("Orthanc is not installed (package orthanc)");
        Desk desk;
        desk.servers.put(0, m_archive->dimse());
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        auto* what = Desk::in<QComboBox>(window, "pacsWhat");
        what->setCurrentIndex(1);
        QVERIFY(!Desk::in<QLineEdit>(window, "pacsAccession")->isEnabled() && !Desk::in<QPushButton>(window, "pacsStudiesOfPatient")->isEnabled());
        click(window, "pacsSearch");
        auto* tree = Desk::in<StudyTree>(window, "pacsStudies");
        QTRY_COMPARE_WITH_TIMEOUT(tree->topLevelItemCount(), 1, kPatienceMs);
        QCOMPARE(tree->topLevelItem(0)->text(0), QString("Roe, Jane (T-17)"));
        QCOMPARE(tree->chosenPatient(), QString("T-17"));
        QVERIFY(tree->targets().empty() && !Desk::in<QPushButton>(window, "pacsRetrieve")->isEnabled());
        click(window, "pacsStudiesOfPatient");
        QCOMPARE(what->currentIndex(), 0);
        QCOMPARE(Desk::in<QLineEdit>(window, "pacsId")->text(), QString("T-17"));
        QTRY_VERIFY_WITH_TIMEOUT(tree->topLevelItemCount() == 1 && tree->topLevelItem(0)->childCount() == 1, kPatienceMs);
        QVERIFY(Desk::in<QPushButton>(window, "pacsRetrieve")->isEnabled());
        what->setCurrentIndex(2);
        QVERIFY(Desk::in<QLineEdit>(window, "pacsStation")->isEnabled());
        click(window, "pacsSearch");  // this archive has none
        QTRY_VERIFY2_WITH_TIMEOUT(messageOf(window).startsWith("Failed"), qPrintable(messageOf(window)), kPatienceMs);
    }

    void plannedStepsAreRows() {
        WorklistRow row;
        row.patientName = "Roe^Jane", row.patientId = "T-17", row.date = "20261121", row.time = "081500", row.modality = "DX";
        row.step = "Thorax PA", row.stationAe = "ROOM1", row.accession = "A1";
        StudyTree tree;
        WorklistRow later;
        later.date = row.date, later.time = "0930";
        tree.setPlanned({later, row});
        QCOMPARE(tree.topLevelItem(1)->text(1), QString("2026-11-21 09:30"));
        QCOMPARE(tree.topLevelItem(0)->text(1), QString("2026-11-21 08:15"));
        QCOMPARE(tree.topLevelItem(0)->text(3), QString("Thorax PA, ROOM1, order A1"));
        QCOMPARE(tree.chosenPatient(), QString("T-17"));
        tree.setCurrentItem(tree.topLevelItem(1));
        QCOMPARE(tree.chosenPatient(), QString());
        QVERIFY(tree.targets().empty());
    }

    void stopEndsWhatRuns() {
        cxr::test::SocketServer silent(cxr::test::SocketServer::stayUntilClosed);
        Desk desk;
        Server server = silent.dimse();
        server.timeouts.associateMs = 600'000;
        desk.servers.put(0, server);
        PacsWindow window(desk.servers, desk.settings);
        window.show();
        click(window, "pacsSearch");
        QTRY_COMPARE_WITH_TIMEOUT(silent.connections(), 1, kPatienceMs);
        QVERIFY(Desk::in<QPushButton>(window, "pacsStop")->isEnabled());
        click(window, "pacsStop");
        QVERIFY(messageOf(window).startsWith("Stopped"));
        QVERIFY(Desk::in<QPushButton>(window, "pacsSearch")->isEnabled());
    }

    void searchesRetrievesAndTellsTheFolder() {
        if (!m_archive) QSKIP("Orthanc is not installed (package orthanc)");
        Desk desk;
        desk.servers.put(0, m_archive->dimse());
        desk.settings.setPacsInbox(desk.folder.filePath("inbox"));
        PacsWindow window(desk.servers, desk.settings);
        QSignalSpy retrieved(&window, &PacsWindow::retrieved);
        window.show();
        click(window, "pacsTest");
        QTRY_VERIFY_WITH_TIMEOUT(messageOf(window).endsWith("answers."), kPatienceMs);
        Desk::in<QLineEdit>(window, "pacsName")->setText("nobody");
        click(window, "pacsSearch");
        QTRY_COMPARE_WITH_TIMEOUT(messageOf(window), QString("Nothing matches."), kPatienceMs);
        Desk::in<QLineEdit>(window, "pacsName")->setText("roe");
        click(window, "pacsSearch");
        auto* tree = Desk::in<StudyTree>(window, "pacsStudies");
        QTRY_COMPARE_WITH_TIMEOUT(tree->topLevelItemCount(), 1, kPatienceMs);
        QCOMPARE(tree->topLevelItem(0)->text(0), QString("Roe, Jane (T-17)"));
        QTreeWidgetItem* study = tree->topLevelItem(0)->child(0);
        QCOMPARE(study->text(1), QString("2026-11-21"));
        study->setExpanded(true);
        QTRY_COMPARE_WITH_TIMEOUT(study->childCount(), 1, kPatienceMs);
        QVERIFY(study->isSelected());
        click(window, "pacsRetrieve");
        QTRY_COMPARE_WITH_TIMEOUT(retrieved.count(), 1, kPatienceMs);
        const QStringList folders = retrieved.first().first().toStringList();
        QCOMPARE(folders, QStringList{desk.folder.filePath("inbox/1.2.3.10")});
        QCOMPARE(listFilms(folders.front().toStdString()).size(), std::size_t(2));
        QVERIFY(messageOf(window).startsWith("2 object"));
    }

    void sendsResultsAndShowsEachAnswer() {
        if (!m_archive) QSKIP("Orthanc is not installed (package orthanc)");
        Desk desk;
        desk.servers.put(0, m_archive->dimse());
        SendDialog dialog(desk.servers, context());
        QSignalSpy sent(&dialog, &SendDialog::sent);
        dialog.show();
        QVERIFY(!Desk::in<QCheckBox>(dialog, "sendMap")->isEnabled());  // there is no heatmap
        Desk::in<QCheckBox>(dialog, "sendPdf")->setChecked(false);
        click(dialog, "sendGo");
        QTRY_COMPARE_WITH_TIMEOUT(sent.count(), 1, kPatienceMs);
        QCOMPARE(sent.first().at(0).toInt(), 4);
        auto* answers = Desk::in<QTreeWidget>(dialog, "sendAnswers");
        QCOMPARE(answers->topLevelItemCount(), 4);
        for (int i = 0; i < 4; ++i) QCOMPARE(answers->topLevelItem(i)->text(1), QString("stored"));
        QVERIFY(messageOf(dialog, "sendMessage").contains("4 of 4"));
        const auto countObjects = [this] {
            int count = 0;
            const auto found = findStudies(m_archive->dimse(), {});
            for (const StudyRow& row : found.isOk() ? found.value().rows : std::vector<StudyRow>()) count += row.objects;
            return count;
        };
        const int before = countObjects();
        click(dialog, "sendGo");
        QTRY_COMPARE_WITH_TIMEOUT(sent.count(), 2, kPatienceMs);
        QCOMPARE(sent.last().at(0).toInt(), 4);
        QCOMPARE(countObjects(), before);  // the same objects
    }

  private:
    // The phantom as a DICOM film, measured.
    ExportContext context() {
        const auto sample = cxr::ui::test::sampleFilm();
        const std::filesystem::path file = std::filesystem::path(m_films.path().toStdString()) / "open.dcm";
        PhantomSpec spec;
        spec.cardiothoracicRatio = 0.57;
        if (!writePhantomFilm(makePhantom(spec), file).isOk()) qFatal("cannot write a test film");
        const Result<ImagePtr> image = readImage(file);
        if (!image.isOk()) qFatal("cannot read a test film");
        ExportContext made{image.value(), image.value()->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}};
        made.file = file;
        return made;
    }

    QTemporaryDir m_films;
    std::unique_ptr<Orthanc> m_archive;
};

QTEST_MAIN(TestPacsWindow)
#include "tst_pacs_window.moc"
