// Draws the window with films and the objects that belong to them, with the real networks, to look at.
// Usage: render_companions PICTURE.png FILE...     the first film is measured, the objects are shown over it
#include <QApplication>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "ui/main_window.h"
#include "ui/state/settings.h"
#include "ui/theme.h"

using namespace cxr::ui;

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 3) {
        std::fprintf(stderr, "usage: render_companions PICTURE.png FILE...\n");
        return 2;
    }
    QTemporaryDir folder;
    Settings settings(folder.filePath("settings.ini"));
    MainWindow window(settings, {});
    window.resize(1500, 1050);
    window.show();
    QObject::connect(&window, &MainWindow::openFailed, [](const QString& sentence) { std::printf("%s\n", qPrintable(sentence)); });
    window.openPaths(arguments.mid(2));
    const bool isMeasured = QTest::qWaitFor([&] { return window.workbench().session().measurement().has_value(); }, 60'000);
    QTest::qWait(3000);
    std::printf("measured: %s\n", isMeasured ? "yes" : "no");
    return window.grab().save(arguments[1]) ? 0 : 1;
}
