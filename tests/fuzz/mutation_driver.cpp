// Runs a fuzz target without libFuzzer.
//   fuzz_x COUNT SEED [FIRST]   inputs FIRST..FIRST+COUNT-1 of the run SEED; whatever goes wrong names its input
//   fuzz_x --seconds S COUNT SEED   the same from 0, then inputs of the next seed until S seconds are over; with the variable
//                                   CXR_FUZZ_SEED of that seed, or of a new one if it is "random"
//   fuzz_x FILE...              these inputs
//   fuzz_x --write NUMBER SEED FILE   writes one input, to keep it
// Says at the end how many inputs ran and how long the slowest took.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutation.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

using Clock = std::chrono::steady_clock;
using Long = unsigned long long;

std::uint64_t current = 0, currentSeed = 0;

void nameInput() {
    char line[96];
    const int length = std::snprintf(line, sizeof line, "\nfuzz: input %llu of seed %llu\n", static_cast<Long>(current), static_cast<Long>(currentSeed));
    [[maybe_unused]] const auto written = ::write(2, line, static_cast<std::size_t>(length));
}

void onSignal(int number) {
    nameInput();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void watchForTrouble() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(nameInput);
    std::signal(SIGABRT, onSignal);
#else
    for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, onSignal);
#endif
}

double run(const std::string& input) {
    // A copy of exactly this length: a sanitizer then sees every byte too far.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    const auto start = Clock::now();
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return std::chrono::duration<double>(Clock::now() - start).count();
}

bool isNumber(const char* text) { return *text != '\0' && std::string(text).find_first_not_of("0123456789") == std::string::npos; }
std::uint64_t numberOf(const char* text) { return std::strtoull(text, nullptr, 10); }

int runFiles(int count, char** files) {
    for (int i = 0; i < count; ++i) {
        std::ifstream stream(files[i], std::ios::binary);
        if (!stream) return std::fprintf(stderr, "cannot read %s\n", files[i]), 2;
        run({std::istreambuf_iterator<char>(stream), {}});
        std::printf("%s: ran\n", files[i]);
    }
    return 0;
}

class Runner {
  public:
    Runner() {
        for (const std::string& seed : m_seeds) run(seed);
    }

    // Until `count` inputs ran or the time is over.
    void runMany(std::uint64_t seed, std::uint64_t first, std::uint64_t count, Clock::time_point end) {
        currentSeed = seed;
        double slowest = 0;
        std::uint64_t slowestInput = first;
        for (current = first; current - first < count && Clock::now() < end; ++current) {
            const double seconds = run(cxr::fuzz::mutated(m_seeds, m_words, seed, current));
            if (seconds > slowest) slowest = seconds, slowestInput = current;
            if (current % 1'000'000 == 999'999) std::printf("%llu\n", static_cast<Long>(current + 1)), std::fflush(stdout);
        }
        std::printf("%llu inputs of seed %llu ran; the slowest, %llu, took %.1f ms\n", static_cast<Long>(current - first), static_cast<Long>(seed),
                    static_cast<Long>(slowestInput), slowest * 1000);
        std::fflush(stdout);
    }

  private:
    std::vector<std::string> m_seeds = cxr::fuzz::seeds(), m_words = cxr::fuzz::words();
};

// The same inputs every time, then others: what they find is repeated by `fuzz_x COUNT SEED`.
// So that a build machine repeats what was tried before, and whoever looks for more finds more.
std::uint64_t seedAfter(std::uint64_t seed) {
    const char* wish = std::getenv("CXR_FUZZ_SEED");
    if (wish == nullptr) return seed + 1;
    return isNumber(wish) ? numberOf(wish) : std::random_device()();
}

int runSeconds(std::uint64_t seconds, std::uint64_t count, std::uint64_t seed) {
    const auto end = Clock::now() + std::chrono::seconds(seconds);
    Runner runner;
    runner.runMany(seed, 0, count, Clock::time_point::max());
    runner.runMany(seedAfter(seed), 0, std::numeric_limits<std::uint64_t>::max(), end);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string first = argc > 1 ? argv[1] : "";
    if (first == "--write" && argc == 5) {
        const std::string input = cxr::fuzz::mutated(cxr::fuzz::seeds(), cxr::fuzz::words(), numberOf(argv[3]), numberOf(argv[2]));
        return std::ofstream(argv[4], std::ios::binary).write(input.data(), static_cast<std::streamsize>(input.size())) ? 0 : 2;
    }
    watchForTrouble();
    if (first == "--seconds" && argc == 5) return runSeconds(numberOf(argv[2]), numberOf(argv[3]), numberOf(argv[4]));
    if (first.empty() || first.starts_with("--"))
        return std::fprintf(stderr, "usage: %s COUNT SEED [FIRST] | --seconds S COUNT SEED | FILE... | --write NUMBER SEED FILE\n", argv[0]), 2;
    if (!isNumber(argv[1])) return runFiles(argc - 1, argv + 1);
    Runner().runMany(argc > 2 ? numberOf(argv[2]) : 1, argc > 3 ? numberOf(argv[3]) : 0, numberOf(argv[1]), Clock::time_point::max());
    return 0;
}
