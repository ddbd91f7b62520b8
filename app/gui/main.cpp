// precordia: the window. Composition only: arguments, settings, theme, MainWindow.
#include <QApplication>
#include <QIcon>
#include <QTemporaryDir>
#include <cstdio>
#include <memory>

#include "app/gui/arguments.h"
#include "app/gui/batch_run.h"
#include "app/gui/startup_trace.h"
#include "app/reexec.h"
#include "ui/main_window.h"
#include "ui/state/plural_forms.h"
#include "ui/state/settings.h"
#include "ui/theme.h"

namespace cxr::gui {
namespace {

constexpr int kUsageError = 2;

bool hasDisplay() {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

// True: a window can be made. A batch run makes its picture without a display.
bool choosePlatform(const Arguments& arguments) {
    if (hasDisplay()) return true;
    if (!arguments.isBatch()) return false;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return true;
}

int runWindow(QApplication& application, const Arguments& arguments, StartupTrace& trace) {
    const bool isTemporary = arguments.noSettings || arguments.isBatch();
    const QTemporaryDir folder;
    ui::Settings settings(isTemporary ? folder.filePath("settings.ini") : QString());
    if (arguments.theme) settings.setTheme(*arguments.theme);
    ui::applyTheme(application, settings.theme());
    QApplication::setWindowIcon(QIcon(":/precordia.svg"));

    ui::MainWindow window(settings);
    std::unique_ptr<BatchRun> batch;
    if (arguments.isBatch()) {
        window.resize(arguments.size);
        batch = std::make_unique<BatchRun>(window, arguments, trace);
    }
    window.show();
    trace.mark("window shown");
    window.openPaths(arguments.paths);
    if (arguments.sample || (arguments.isBatch() && arguments.paths.isEmpty())) window.openSample();
    return QApplication::exec();
}

int run(int argc, char** argv) {
    StartupTrace trace;
    trace.mark("main");
    QStringList words;
    for (int i = 1; i < argc; ++i) words << QString::fromLocal8Bit(argv[i]);
    const auto arguments = parseArguments(words);
    if (!arguments) {
        std::fprintf(stderr, "precordia: %s See --help.\n", arguments.error().message.c_str());
        return kUsageError;
    }
    if (arguments.value().showVersion) return std::printf("precordia %s\n", CXR_VERSION) < 0;
    if (!choosePlatform(arguments.value()) && !arguments.value().showHelp) {
        std::fprintf(stderr, "precordia: there is no display; use precordia-cli, or --screenshot.\n");
        return 1;
    }
    if (arguments.value().showHelp) {
        const QCoreApplication application(argc, argv);  // gives the help its program name
        return std::printf("%s", qPrintable(helpText())) < 0;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName("Precordia");
    QApplication::setApplicationVersion(CXR_VERSION);
    QApplication::setDesktopFileName("precordia");
    ui::PluralForms plurals;
    QApplication::installTranslator(&plurals);
    return runWindow(application, arguments.value(), trace);
}

}  // namespace
}  // namespace cxr::gui

int main(int argc, char** argv) {
    cxr::reexecuteWithWaitPolicy(argv);
    return cxr::gui::run(argc, argv);
}
