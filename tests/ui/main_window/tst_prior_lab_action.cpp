// From the window: a bundle opened like a film gets a window of its own, and the Prior lab follows the open film.
#include <QPushButton>
#include <QTextBrowser>

#include "core/pipeline/analysis.h"
#include "core/pipeline/seal_heartspot.h"
#include "tests/ui/main_window/window_fixture.h"
#include "ui/dialogs/bundle_window.h"
#include "ui/dialogs/prior_lab.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

class TestPriorLabAction : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aBundleIsNoFilm() {
        WindowFixture f;
        const Image image = makePhantom(smallSpec()).image;
        const HeartSpotBundle bundle = sealHeartSpot(networkFilm(image, kSidePx, nullptr), priorByName("hline").value()).value().bundle;
        QVERIFY(writeBundle(f.path("x.heartspot").toStdString(), bundle).isOk());
        f.window.openPaths({f.path("x.heartspot"), f.writePng("film.png")});
        auto* window = f.child<BundleWindow>("bundleWindow");
        QVERIFY(window != nullptr);
        QTRY_VERIFY(window->findChild<QLabel*>("bundleKeeps")->text().startsWith("Keeps 6.3 %"));
        QTRY_VERIFY(f.session().isOpen());
        QCOMPARE(f.films().count(), 1);  // the film alone is in the list
    }

    void aBrokenBundleIsToldOf() {
        WindowFixture f;
        QSignalSpy failed(&f.window, &MainWindow::openFailed);
        f.window.openPaths({f.write("bad.heartspot", {1, 2, 3})});
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(f.films().count(), 0);
    }

    void theLabFollowsTheFilm() {
        WindowFixture f;
        f.action("priorLab")->trigger();
        auto* lab = f.child<PriorLab>("priorLab");
        QVERIFY(lab != nullptr && lab->isVisible());
        auto* compare = lab->findChild<QPushButton*>("compareFilmButton");
        QVERIFY(!compare->isEnabled());
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(compare->isEnabled());
        QVERIFY(lab->findChild<QLabel*>("priorLabFilm")->text().contains("film.png"));
        f.action("closeAll")->trigger();
        QTRY_VERIFY(!compare->isEnabled());
        QTest::mouseClick(lab->findChild<QPushButton*>("priorLabHelpButton"), Qt::LeftButton);
        auto* page = f.window.findChild<QTextBrowser*>("helpPage");
        QVERIFY(page != nullptr);
        QTRY_VERIFY(page->source().toString().endsWith("priorlab.html"));
    }
};

QTEST_MAIN(TestPriorLabAction)
#include "tst_prior_lab_action.moc"
