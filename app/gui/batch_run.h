// Runs of the window that end by themselves: --screenshot and --trace-startup.
//   end     0: the film was opened and measured; 1: not (the sentence is on stderr, the picture is written all the same)
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>

#include "app/gui/arguments.h"
#include "app/gui/startup_trace.h"

namespace cxr::ui {
class MainWindow;
}

namespace cxr::gui {

class BatchRun : public QObject {
  public:
    // Listens from now on; quits the application at the end.
    BatchRun(ui::MainWindow& window, const Arguments& arguments, StartupTrace& trace);

  private:
    void onPainted();
    void onSettled(bool isMeasured);
    void onOpenFailed(const QString& reason);
    void onDocument(QWidget* document);
    void finishWhenHeartSpotIsThere();
    void finish();
    [[nodiscard]] bool writePicture() const;

    ui::MainWindow& m_window;
    const Arguments& m_arguments;
    StartupTrace& m_trace;
    GuiPulse m_pulse;  // from the opening of the film
    QPointer<QWidget> m_document;  // shown instead of a film
    int m_exitCode = 1;
    bool m_isSettled = false;
    bool m_isFinished = false;
};

}  // namespace cxr::gui
