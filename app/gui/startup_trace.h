// StartupTrace: when things happened, in milliseconds since the kernel started this process (the one re-execution
// included). Resolution 10 ms: /proc/self/stat counts clock ticks.
//   thread rule  GUI thread only
#pragma once

#include <QString>
#include <utility>
#include <vector>

namespace cxr::gui {

class StartupTrace {
  public:
    void mark(const QString& what);
    void print() const;  // one line each on stdout, then the peak memory

  private:
    std::vector<std::pair<QString, double>> m_marks;
};

}  // namespace cxr::gui
