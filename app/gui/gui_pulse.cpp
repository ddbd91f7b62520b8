// GuiPulse: see gui_pulse.h.
#include "app/gui/gui_pulse.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace cxr::gui {

namespace {

constexpr int kBeatMs = 1;

double clockMs(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

GuiPulse::GuiPulse(QObject* parent) : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kBeatMs);
    connect(&m_timer, &QTimer::timeout, this, &GuiPulse::beat);
}

void GuiPulse::start() {
    m_wallMs = clockMs(CLOCK_MONOTONIC);
    m_computingMs = clockMs(CLOCK_THREAD_CPUTIME_ID);
    m_longest = {};
    m_timer.start();
}

void GuiPulse::beat() {
    const double wall = clockMs(CLOCK_MONOTONIC), computing = clockMs(CLOCK_THREAD_CPUTIME_ID);
    m_longest.wallMs = std::max(m_longest.wallMs, wall - m_wallMs - kBeatMs);
    m_longest.computingMs = std::max(m_longest.computingMs, computing - m_computingMs);
    m_wallMs = wall;
    m_computingMs = computing;
}

LongestBlock GuiPulse::takeLongest() { return std::exchange(m_longest, {}); }

}  // namespace cxr::gui
