#include "app/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace cxr::cli {
namespace {

constexpr int kWidth = 30;  // characters of the bar

}  // namespace

ProgressBar::ProgressBar(std::string label) : m_label(std::move(label)), m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    const std::lock_guard lock(m_mutex);
    clear();
}

void ProgressBar::show(double done, const std::string& text) {
    if (!m_isTerminal) return;
    const int filled = static_cast<int>(std::lround(std::clamp(done, 0.0, 1.0) * kWidth));
    const std::string bar = std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(kWidth - filled), '.');
    const std::string line = m_label + " [" + bar + "] " + text;
    const std::lock_guard lock(m_mutex);
    if (line == m_shown) return;
    m_shown = line;
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    std::fflush(stderr);
}

void ProgressBar::print(const std::string& line) {
    const std::lock_guard lock(m_mutex);
    clear();
    std::fprintf(stderr, "%s\n", line.c_str());
}

void ProgressBar::clear() {
    if (!m_isTerminal || m_shown.empty()) return;
    m_shown.clear();
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

}  // namespace cxr::cli
