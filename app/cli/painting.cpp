#include "app/cli/painting.h"

#include <QGuiApplication>

#include <cstdio>

namespace cxr::cli {
namespace {

// QGuiApplication keeps references to these.
int argumentCount = 1;
char programName[] = "precordia-cli";
char* arguments[] = {programName, nullptr};

// Qt's remarks about the environment (no runtime folder, no fonts of a theme) are nothing to the user of a verb.
void keepSilent(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtCriticalMsg || type == QtFatalMsg) std::fprintf(stderr, "%s\n", qPrintable(message));
}

}  // namespace

PaintingSession::PaintingSession() {
    qInstallMessageHandler(keepSilent);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    m_application = std::make_unique<QGuiApplication>(argumentCount, arguments);
}

PaintingSession::~PaintingSession() = default;

}  // namespace cxr::cli
