#include "app/cli/painting.h"

#include <QGuiApplication>

namespace cxr::cli {
namespace {

// QGuiApplication keeps references to these.
int argumentCount = 1;
char programName[] = "precordia-cli";
char* arguments[] = {programName, nullptr};

}  // namespace

PaintingSession::PaintingSession() {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    m_application = std::make_unique<QGuiApplication>(argumentCount, arguments);
}

PaintingSession::~PaintingSession() = default;

}  // namespace cxr::cli
