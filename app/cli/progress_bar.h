// One line of progress on stderr, drawn only when stderr is a terminal. Thread-safe.
#pragma once

#include <mutex>
#include <string>

namespace cxr::cli {

class ProgressBar {
  public:
    explicit ProgressBar(std::string label);
    ~ProgressBar();  // clears the line
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // `done` in [0, 1]; `text` stands behind the bar. Drawn when the shown line changes.
    void show(double done, const std::string& text);
    // A line above the bar, on stderr, terminal or not.
    void print(const std::string& line);

  private:
    void clear();

    std::mutex m_mutex;
    std::string m_label, m_shown;
    bool m_isTerminal = false;
};

}  // namespace cxr::cli
