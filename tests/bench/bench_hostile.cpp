// What it costs to refuse files that lie (tests/support/bombs.h): each is opened seven times in a process of its own; printed are the
// fewest milliseconds and the most memory above what the process had before, as a table for HOSTILE.md.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/io/image_reader.h"
#include "tests/support/bombs.h"

namespace {

constexpr int kRounds = 7;

struct Cost {
    double ms = 0, mib = 0;
    bool isRefused = false, hasCrashed = true;
    char reason[160] = {};
};

double peakMib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

Cost measure(const std::filesystem::path& file) {
    Cost cost;
    const double before = peakMib();
    const auto start = std::chrono::steady_clock::now();
    const auto film = cxr::readImage(file);
    cost.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    cost.mib = peakMib() - before;
    cost.isRefused = !film.isOk();
    cost.hasCrashed = false;
    std::snprintf(cost.reason, sizeof cost.reason, "%s", film.isOk() ? "opened" : film.error().message.c_str());
    return cost;
}

// In a child: a crash is seen, memory starts afresh.
Cost inChild(const std::filesystem::path& file) {
    int ends[2];
    Cost cost;
    if (pipe(ends) != 0) return cost;
    const pid_t child = fork();
    if (child == 0) {
        const Cost measured = measure(file);
        _exit(write(ends[1], &measured, sizeof measured) == sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &cost, sizeof cost) != sizeof cost) cost = {};
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return cost;
}

}  // namespace

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("precordia-bombs-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::printf("| file | its size, KB | ms | MiB above idle | answer |\n|---|--:|--:|--:|---|\n");
    for (const auto& [name, file] : cxr::test::writeBombs(folder)) {
        Cost best = inChild(file);
        for (int round = 1; round < kRounds; ++round) {
            const Cost cost = inChild(file);
            best.ms = std::min(best.ms, cost.ms);
            best.mib = std::max(best.mib, cost.mib);
        }
        std::printf("| %s | %.0f | %.1f | %.1f | %s |\n", name.c_str(), static_cast<double>(std::filesystem::file_size(file)) / 1000,
                    best.ms, best.mib, best.hasCrashed ? "CRASHED" : best.reason);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
