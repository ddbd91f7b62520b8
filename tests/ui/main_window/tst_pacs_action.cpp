// From the main window: what was retrieved from an archive opens, and its results go back.
#include <QLineEdit>
#include <QPushButton>
#include <QThreadPool>

#include "core/dicom_out/phantom_film.h"
#include "tests/core/pacs/pacs_servers.h"
#include "tests/ui/main_window/window_fixture.h"
#include "ui/pacs/pacs_window.h"
#include "ui/pacs/send_dialog.h"
#include "ui/pacs/study_tree.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

namespace {

constexpr int kPatienceMs = 30'000;

void click(QWidget& window, const char* name) { QTest::mouseClick(window.findChild<QPushButton*>(QLatin1String(name)), Qt::LeftButton); }

}  // namespace

class TestPacsAction : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void aStudyIsRetrievedAndItsResultsAreSent() {
        if (cxr::test::orthancProgram().isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        cxr::test::Orthanc archive;
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        WindowFixture f;
        QVERIFY(!f.action("sendResults")->isEnabled());
        QVERIFY(writePhantomFilm(makePhantom(smallSpec()), f.path("film.dcm").toStdString()).isOk());
        QVERIFY(storeFiles(archive.dimse(), {f.path("film.dcm").toStdString()}).isOk());
        f.settings.setPacsServers({QString::fromStdString(serverToJson(archive.dimse()))});
        f.settings.setPacsInbox(f.path("inbox"));
        f.action("pacs")->trigger();
        auto* pacs = f.child<PacsWindow>("pacsWindow");
        QVERIFY(pacs != nullptr && pacs->isVisible());
        click(*pacs, "pacsSearch");
        auto* tree = pacs->findChild<StudyTree*>("pacsStudies");
        QTRY_COMPARE_WITH_TIMEOUT(tree->topLevelItemCount(), 1, kPatienceMs);
        click(*pacs, "pacsRetrieve");
        QTRY_VERIFY_WITH_TIMEOUT(f.session().isOpen(), kPatienceMs);
        QVERIFY(f.session().path().startsWith(f.path("inbox")));
        QTRY_VERIFY_WITH_TIMEOUT(f.action("sendResults")->isEnabled(), kPatienceMs);

        f.action("sendResults")->trigger();
        auto* send = f.child<SendDialog>("sendDialog");
        QVERIFY(send != nullptr);
        QSignalSpy sent(send, &SendDialog::sent);
        click(*send, "sendGo");
        QTRY_COMPARE_WITH_TIMEOUT(sent.count(), 1, kPatienceMs);
        QCOMPARE(sent.first().at(0).toInt(), sent.first().at(1).toInt());
        const auto found = findStudies(archive.dimse(), {});
        QVERIFY(found.isOk());
        QCOMPARE(found.value().rows.size(), std::size_t(1));  // all belong to the film's study
        QCOMPARE(found.value().rows[0].objects, 1 + sent.first().at(0).toInt());
    }
};

QTEST_MAIN(TestPacsAction)
#include "tst_pacs_action.moc"
