// Keys of the main window: windows by digits, findings and the bare film, panels.
#include <QCheckBox>
#include <QDockWidget>
#include <QDoubleSpinBox>

#include "tests/ui/main_window/window_fixture.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

class TestMainWindowKeys : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Theme::Dark); }

    void digitsChooseWindows() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.action("preset5")->isEnabled());  // the heart is known
        const VoiSetting opened = f.view().voi();
        QTest::keyClick(&f.view(), Qt::Key_5);
        const VoiSetting heart = f.view().voi();
        QVERIFY(!(heart == opened));
        QTest::keyClick(&f.view(), Qt::Key_4);
        QVERIFY(f.view().voi().center < heart.center);  // lungs are darker than the heart
        QTest::keyClick(&f.view(), Qt::Key_1);
        QVERIFY(f.view().voi() == opened);
    }

    void gTogglesTheFindings() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        QVERIFY(f.view().overlaysVisible());
        const QImage with = f.view().grab().toImage();
        QTest::keyClick(&f.view(), Qt::Key_G);
        QVERIFY(!f.view().overlaysVisible() && !f.action("overlays")->isChecked());
        QVERIFY(f.view().grab().toImage() != with);
        QTest::keyClick(&f.view(), Qt::Key_G);
        QVERIFY(f.view().overlaysVisible() && f.action("overlays")->isChecked());
    }

    void spaceShowsTheOriginalWhileHeld() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        QTest::keyClick(&f.view(), Qt::Key_I);
        f.child<QDoubleSpinBox>("windowWidth")->setValue(50);
        const VoiSetting mine = f.view().voi();
        QTest::keyPress(&f.view(), Qt::Key_Space);
        QVERIFY(!f.view().overlaysVisible() && !f.view().isInverted());
        QVERIFY(f.view().voi() == f.view().image()->defaultVoi);
        QTest::keyRelease(&f.view(), Qt::Key_Space);
        QVERIFY(f.view().overlaysVisible() && f.view().isInverted());
        QVERIFY(f.view().voi() == mine);
    }

    // Space is the film's also after a click into a panel; a control that Tab reached keeps it.
    void spaceIsHeldFromEveryPanel() {
        WindowFixture f;
        f.window.openPaths({f.writePng("film.png")});
        QTRY_VERIFY(f.session().measurement());
        auto* check = new QCheckBox("Control", &f.window);
        check->setGeometry(10, 200, 80, 20);
        check->show();
        f.window.activateWindow();
        check->setFocus(Qt::MouseFocusReason);
        QTRY_VERIFY(check->hasFocus());
        QTest::keyPress(check, Qt::Key_Space);
        QVERIFY(!f.view().overlaysVisible() && !check->isDown());
        QTest::keyRelease(check, Qt::Key_Space);
        QVERIFY(f.view().overlaysVisible() && !check->isChecked());
        f.view().setFocus();
        check->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(check->hasFocus());
        QTest::keyClick(check, Qt::Key_Space);
        QVERIFY(check->isChecked() && f.view().overlaysVisible() && !f.action("original")->isChecked());
    }

    void keysBringPanelsToTheFront() {
        WindowFixture f;
        auto* behind = f.child<QDockWidget>("dock.explanations");
        f.child<QDockWidget>("dock.heartspot")->raise();
        QTRY_VERIFY(behind->visibleRegion().isEmpty());
        f.action("explanations")->trigger();
        QTRY_VERIFY(!behind->visibleRegion().isEmpty());
        QVERIFY(f.action("explanations")->isChecked());
        f.action("explanations")->trigger();
        QVERIFY(!behind->isVisible() && !f.action("explanations")->isChecked());
    }
};

QTEST_MAIN(TestMainWindowKeys)
#include "tst_main_window_keys.moc"
