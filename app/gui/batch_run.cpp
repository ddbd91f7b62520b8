// BatchRun: see batch_run.h.
#include "app/gui/batch_run.h"

#include <QApplication>
#include <QTimer>
#include <cstdio>

#include "core/base/atomic_file.h"
#include "ui/main_window.h"
#include "ui/panels/film_area.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/print/findings_painter.h"

namespace cxr::gui {

namespace {

constexpr int kHeartSpotLimitMs = 5000;  // the picture is taken without its numbers then
constexpr int kSettleMs = 300;           // animations and queued repaints end

void complain(const QString& sentence) { std::fprintf(stderr, "precordia: %s\n", qPrintable(sentence)); }

}  // namespace

BatchRun::BatchRun(ui::MainWindow& window, const Arguments& arguments, StartupTrace& trace)
    : m_window(window), m_arguments(arguments), m_trace(trace) {
    connect(&window.workbench(), &ui::Workbench::readingStarted, this, [this] { m_pulse.start(); });
    connect(&window, &ui::MainWindow::filmPainted, this, &BatchRun::onPainted);
    connect(&window, &ui::MainWindow::analysisSettled, this, &BatchRun::onSettled);
    connect(&window, &ui::MainWindow::openFailed, this, &BatchRun::onOpenFailed);
    connect(&window, &ui::MainWindow::documentShown, this, &BatchRun::onDocument);
}

void BatchRun::onPainted() { m_trace.mark("film on screen", m_pulse.takeLongest()); }

void BatchRun::onSettled(bool isMeasured) {
    if (m_isSettled || !m_window.workbench().session().isOpen()) return;
    m_isSettled = true;
    m_trace.mark(isMeasured ? "analysis done" : "analysis failed", m_pulse.takeLongest());
    if (!isMeasured) complain(m_window.filmArea().message());
    m_exitCode = isMeasured ? 0 : 1;
    finishWhenHeartSpotIsThere();
}

void BatchRun::onOpenFailed(const QString& reason) {
    if (m_isSettled) return;
    m_isSettled = true;
    m_exitCode = 1;
    complain(reason);
    QTimer::singleShot(kSettleMs, this, &BatchRun::finish);
}

// A report or document alone: its window is the picture.
void BatchRun::onDocument(QWidget* document) {
    if (m_isSettled || m_window.workbench().isReading() || m_window.workbench().session().isOpen()) return;
    m_isSettled = true;
    m_document = document;
    m_exitCode = 0;
    QTimer::singleShot(kSettleMs, this, &BatchRun::finish);
}

void BatchRun::finishWhenHeartSpotIsThere() {
    const auto look = [this] {
        if (m_window.heartSpot().facts()) QTimer::singleShot(kSettleMs, this, &BatchRun::finish);
    };
    connect(&m_window.heartSpot(), &ui::HeartSpotPanel::factsChanged, this, look);
    QTimer::singleShot(kHeartSpotLimitMs, this, &BatchRun::finish);
    look();
}

void BatchRun::finish() {
    if (m_isFinished) return;
    m_isFinished = true;
    m_trace.mark("all shown", m_pulse.takeLongest());
    if (!m_arguments.screenshot.isEmpty() && !writePicture()) m_exitCode = 1;
    if (m_arguments.traceStartup) m_trace.print();
    QApplication::exit(m_exitCode);
}

bool BatchRun::writePicture() const {
    const auto png = ui::toPng((m_document ? m_document.data() : &m_window)->grab().toImage());
    const auto written = writeFileAtomically(std::filesystem::path(m_arguments.screenshot.toStdString()), png);
    if (!written) complain(QString::fromStdString(written.error().message));
    return written.isOk();
}

}  // namespace cxr::gui
