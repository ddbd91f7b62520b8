// StartupTrace: see startup_trace.h.
#include "app/gui/startup_trace.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace cxr::gui {

namespace {

constexpr int kStartTimeField = 22;  // man 5 proc, /proc/pid/stat
constexpr int kFieldsBeforeState = 2;

// Milliseconds after boot at which this process was started.
double processStartMs() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 1));  // the name may hold spaces
    std::string field;
    for (int number = kFieldsBeforeState + 1; number <= kStartTimeField; ++number) fields >> field;
    return std::strtod(field.c_str(), nullptr) * 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double nowMs() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

void StartupTrace::mark(const QString& what, const std::optional<LongestBlock>& block) {
    m_marks.push_back({what, nowMs() - processStartMs(), block});
}

void StartupTrace::print() const {
    for (const auto& [what, milliseconds, block] : m_marks) {
        std::printf("%8.0f ms  %s", milliseconds, qPrintable(what));
        if (block) std::printf("; longest block %.1f ms, computing %.1f ms", block->wallMs, block->computingMs);
        std::printf("\n");
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%8.0f MB  peak memory\n", static_cast<double>(usage.ru_maxrss) / 1024);
    std::fflush(stdout);
}

}  // namespace cxr::gui
