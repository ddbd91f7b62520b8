// GuiPulse: how long the GUI thread was away from its event loop. A timer beats every millisecond; what lies between two
// beats is one block, during which the window neither painted nor answered.
//   wall       what the user sees, another program's use of the cores included
//   computing  the GUI thread's own part of it: what this program can be blamed for
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QTimer>

namespace cxr::gui {

// The two maxima may come from different blocks.
struct LongestBlock {
    double wallMs = 0;
    double computingMs = 0;
};

class GuiPulse : public QObject {
  public:
    explicit GuiPulse(QObject* parent = nullptr);

    // Beats from now on.
    void start();
    // The longest block that ended since start() or since it was last taken: one under way belongs to the next.
    LongestBlock takeLongest();

  private:
    void beat();

    QTimer m_timer;
    LongestBlock m_longest;
    double m_wallMs = 0, m_computingMs = 0;  // at the last beat
};

}  // namespace cxr::gui
