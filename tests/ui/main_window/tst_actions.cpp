// The table of actions: complete, unambiguous, and what it says is what the window has.
#include <QMenu>
#include <QSet>

#include "tests/ui/main_window/window_fixture.h"
#include "ui/icons.h"

using namespace cxr;
using namespace cxr::ui;
using namespace cxr::ui::test;

class TestActions : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyRowIsComplete() {
        for (const ActionSpec& spec : actionTable()) {
            QVERIFY2(*spec.id && *spec.text && *spec.toolTip && *spec.shortcuts, spec.id);
            QVERIFY2(hasIcon(spec.icon), spec.icon);
            QVERIFY2(spec.handler != nullptr, spec.id);
        }
    }

    void idsAndShortcutsAreUnique() {
        QSet<QString> ids;
        QSet<QString> keys;
        for (const ActionSpec& spec : actionTable()) {
            QVERIFY2(!ids.contains(spec.id), spec.id);
            ids.insert(spec.id);
            for (const QString& text : QString(spec.shortcuts).split(' ')) {
                const QString key = QKeySequence(text, QKeySequence::PortableText).toString();
                QVERIFY2(!key.isEmpty() && !keys.contains(key), qPrintable(text));
                keys.insert(key);
            }
        }
    }

    void everyActionIsInAMenuWithItsIconAndShortcut() {
        WindowFixture f;
        QSet<const QAction*> inMenus;
        for (const QMenu* menu : f.window.findChildren<QMenu*>()) {
            for (const QAction* action : menu->actions()) inMenus.insert(action);
        }
        Q_EMIT f.child<QMenu>("menu.recent")->aboutToShow();
        for (const QAction* action : f.child<QMenu>("menu.recent")->actions()) inMenus.insert(action);
        for (const ActionSpec& spec : actionTable()) {
            const QAction* action = f.action(spec.id);
            QVERIFY2(inMenus.contains(action), spec.id);
            QVERIFY2(!action->icon().isNull() && !action->icon().pixmap(20, 20).isNull(), spec.id);
            QVERIFY2(!action->shortcut().isEmpty() && !action->text().isEmpty() && !action->toolTip().isEmpty(), spec.id);
            QCOMPARE(action->objectName(), QString("action.") + spec.id);
        }
    }

    void iconsFollowTheTheme() {
        const QPalette before = qApp->palette();
        const auto paints = [](const QColor& color) {
            QPalette palette;
            palette.setColor(QPalette::WindowText, color);
            qApp->setPalette(palette);
            const QImage image = themedIcon("tool-window").pixmap(32, 32).toImage();
            return image.pixelColor(image.width() * 3 / 4, image.height() / 2);  // the filled half
        };
        QCOMPARE(paints(Qt::white), QColor(Qt::white));
        QCOMPARE(paints(QColor(10, 20, 30)), QColor(10, 20, 30));
        qApp->setPalette(before);
    }

    void filmActionsWaitForAFilm() {
        WindowFixture f;
        for (const char* id : {"invert", "export", "undo", "redo", "cancel", "analyze", "close", "next"}) {
            QVERIFY2(!f.action(id)->isEnabled(), id);
        }
        for (const char* id : {"open", "openFolder", "openSample", "help", "settings"}) QVERIFY2(f.action(id)->isEnabled(), id);
    }

    void toolsExcludeEachOther() {
        WindowFixture f;
        QVERIFY(f.action("toolWindow")->isChecked());
        f.action("toolRuler")->trigger();
        QVERIFY(f.action("toolRuler")->isChecked() && !f.action("toolWindow")->isChecked());
        QCOMPARE(f.view().tool(), FilmTool::Ruler);
    }
};

QTEST_MAIN(TestActions)
#include "tst_actions.moc"
