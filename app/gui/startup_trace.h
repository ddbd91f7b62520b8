// StartupTrace: when things happened, in milliseconds since the kernel started this process (the one re-execution
// included), and how long the window was blocked before it. Resolution 10 ms: /proc/self/stat counts clock ticks.
//   thread rule  GUI thread only
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "app/gui/gui_pulse.h"

namespace cxr::gui {

class StartupTrace {
  public:
    // `block`: the longest one since the mark before.
    void mark(const QString& what, const std::optional<LongestBlock>& block = {});
    void print() const;  // one line each on stdout, then the peak memory

  private:
    struct Mark {
        QString what;
        double milliseconds;
        std::optional<LongestBlock> block;
    };
    std::vector<Mark> m_marks;
};

}  // namespace cxr::gui
