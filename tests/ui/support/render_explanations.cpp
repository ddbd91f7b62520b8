// Draws the window with heatmaps of a real film, by the installed networks: pictures to look at, and the manual's.
// Usage: render_explanations FILM FOLDER [dark|light] [WIDTHxHEIGHT] [METHOD...]   methods as the command line names them
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "build_paths.h"
#include "core/engine/engine.h"
#include "core/engine/explain_methods.h"
#include "ui/compare/compare_window.h"
#include "ui/dialogs/export_job.h"
#include "ui/main_window.h"
#include "ui/panels/explanation_panel.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

constexpr int kLongMs = 300000;

void save(QWidget& widget, const QString& folder, const QString& name) {
    QTest::qWait(250);
    const QString file = QDir(folder).filePath(name + QStringLiteral(".png"));
    if (!widget.grab().save(file)) std::fprintf(stderr, "cannot write %s\n", qPrintable(file));
}

// The map of this method on the film; false: it did not come.
bool showMap(MainWindow& window, ExplainMethod method) {
    ExplanationPanel& panel = window.explanationPanel();
    auto* combo = panel.findChild<QComboBox*>(QStringLiteral("methodCombo"));
    const auto isThere = [&] { return combo->findData(static_cast<int>(method)) >= 0; };
    if (!QTest::qWaitFor(isThere, 30000)) return false;
    panel.setMethod(method);
    const auto isDone = [&] {
        const auto& shown = panel.shownMap();
        return shown && shown->map->method == method && shown->map->doneShare >= 1 && panel.story();
    };
    return QTest::qWaitFor(isDone, kLongMs);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList words = application.arguments().mid(1);
    if (words.size() < 2) return std::fprintf(stderr, "usage: render_explanations FILM FOLDER [dark|light] [WxH] [METHOD...]\n"), 2;
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("s.ini")));
    settings.setTheme(words.value(2) == QLatin1String("light") ? Theme::Light : Theme::Dark);
    setEngineFolder(CXR_BIN_DIR);
    applyTheme(application, settings.theme());
    MainWindow window(settings);
    const QStringList size = words.value(3, QStringLiteral("1600x1000")).split(QLatin1Char('x'));
    window.resize(size.value(0).toInt(), size.value(1).toInt());
    window.show();
    window.openPaths({words[0]});
    if (!QTest::qWaitFor([&] { return window.workbench().session().measurement().has_value(); }, kLongMs)) return std::fprintf(stderr, "not analysed\n"), 1;
    window.findChild<QDockWidget*>(QStringLiteral("dock.explanations"))->raise();
    window.actions()["heatmap"]->trigger();
    const QStringList methods = words.size() > 4 ? words.mid(4) : QStringList{QStringLiteral("cam")};
    for (const QString& id : methods) {
        const auto method = explainMethodById(id.toStdString());
        if (!method || !showMap(window, *method)) std::fprintf(stderr, "no map: %s\n", qPrintable(id));
        save(window, words[1], QStringLiteral("window-%1-%2").arg(id, words.value(2)));
    }
    window.actions()["compare"]->trigger();
    auto* compare = window.findChild<CompareWindow*>();
    compare->setLayoutKind(CompareWindow::Layout::TwoByTwo);
    const auto isShown = [&] { return compare->tile(2).map() && compare->tile(2).map()->doneShare >= 1; };
    if (!QTest::qWaitFor(isShown, kLongMs)) std::fprintf(stderr, "no map to compare\n");
    save(*compare, words[1], QStringLiteral("compare-%1").arg(words.value(2)));
    compare->setLayoutKind(CompareWindow::Layout::Curtain);
    save(*compare, words[1], QStringLiteral("curtain-%1").arg(words.value(2)));
    ExportContext context{window.workbench().session().image(), window.filmView().voi(), false, *window.workbench().session().measurement(),
                          window.workbench().session().model(), {}, nullptr, {}};
    if (const auto map = window.explanationPanel().currentMap()) context.heatmap = ExportedMap{*map, window.explanationPanel().rawMap()};
    context.hasHeatmap = true;
    exportPicture(context, 1200).save(QDir(words[1]).filePath(QStringLiteral("export.png")));
    return 0;
}
