// Draws the relief view of a real film, by the installed networks: pictures to look at, the manual's, and frames per second.
// Usage: render_relief FILM FOLDER [dark|light] [WIDTHxHEIGHT] [METHOD]   method as the command line names it
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "build_paths.h"
#include "core/engine/engine.h"
#include "core/engine/explain_methods.h"
#include "ui/main_window.h"
#include "ui/panels/explanation_panel.h"
#include "ui/relief/relief_window.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kLongMs = 300000;
constexpr int kTurns = 40;

// All landscapes stand, none is on its way.
bool waitForLandscapes(MainWindow& window, ReliefWindow& relief) {
    const auto isDone = [&] {
        for (int number = 1; number <= ReliefWindow::kMostTiles; ++number) {
            ReliefTile& tile = relief.tile(number);
            const bool isDrawn = tile.landscape() && (!tile.canvas().frame().isNull() || !tile.landscape()->sentence.isEmpty());
            if (tile.isVisible() && (tile.isWaiting() || !isDrawn)) return false;
        }
        return !window.workbench().explanations().isBusy();
    };
    const bool isThere = QTest::qWaitFor(isDone, kLongMs);
    QTest::qWait(600);  // the last fine frame
    return isThere;
}

// One frame after the other, as fast as they come.
void measure(ReliefWindow& relief, bool isMoving) {
    int drawn = 0;
    double drawing = 0;
    const auto connection = QObject::connect(&relief, &ReliefWindow::frameDrawn, &relief, [&](double seconds, bool) { ++drawn, drawing += seconds; });
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < kTurns; ++i) {
        const int before = drawn;
        relief.setCamera(turned(relief.camera(), 9, 0), isMoving);
        if (!QTest::qWaitFor([&] { return drawn > before; }, 20000)) break;
    }
    std::printf("%s: %.1f frames/s on screen, %.1f drawn (4 landscapes, window %d x %d)\n", isMoving ? "turning" : "still", drawn * 1000.0 / static_cast<double>(clock.elapsed()),
                drawn / drawing, relief.width(), relief.height());
    QObject::disconnect(connection);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList words = application.arguments().mid(1);
    if (words.size() < 2) return std::fprintf(stderr, "usage: render_relief FILM FOLDER [dark|light] [WxH] [METHOD]\n"), 2;
    const QString theme = words.value(2, QStringLiteral("dark"));
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("s.ini")));
    settings.setTheme(theme == QLatin1String("light") ? Theme::Light : Theme::Dark);
    setEngineFolder(CXR_BIN_DIR);
    applyTheme(application, settings.theme());
    MainWindow window(settings);
    window.show();
    window.openPaths({words[0]});
    if (!QTest::qWaitFor([&] { return window.workbench().session().measurement() && window.explanationPanel().currentWish(); }, kLongMs)) return std::fprintf(stderr, "not analysed\n"), 1;
    if (const auto method = explainMethodById(words.value(4).toStdString())) {
        auto* combo = window.explanationPanel().findChild<QComboBox*>(QStringLiteral("methodCombo"));
        if (!QTest::qWaitFor([&] { return combo->findData(static_cast<int>(*method)) >= 0; }, 30000)) std::fprintf(stderr, "no such method\n");
        window.explanationPanel().setMethod(*method);
    }
    window.actions()["relief"]->trigger();
    auto* relief = window.findChild<ReliefWindow*>();
    const QStringList size = words.value(3, QStringLiteral("1200x900")).split(QLatin1Char('x'));
    relief->resize(size.value(0).toInt(), size.value(1).toInt());
    if (!waitForLandscapes(window, *relief)) std::fprintf(stderr, "not all landscapes came\n");
    relief->grab().save(QDir(words[1]).filePath(QStringLiteral("relief-%1.png").arg(theme)));
    relief->setMark(PointPx{window.workbench().session().image()->width() * 0.55, window.workbench().session().image()->height() * 0.6});
    relief->setCamera(turned(relief->camera(), 50, -12));
    waitForLandscapes(window, *relief);
    relief->grab().save(QDir(words[1]).filePath(QStringLiteral("relief-turned-%1.png").arg(theme)));
    bool isSaved = false;
    QObject::connect(relief, &ReliefWindow::saved, relief, [&] { isSaved = true; });
    relief->savePicture(QDir(words[1]).filePath(QStringLiteral("relief-picture.png")));
    if (!QTest::qWaitFor([&] { return isSaved; }, kLongMs)) std::fprintf(stderr, "picture not saved\n");
    measure(*relief, true);
    measure(*relief, false);
    return 0;
}
