// Runs a fuzz target without libFuzzer.
//   fuzz_x COUNT SEED [FIRST]   inputs FIRST..FIRST+COUNT-1 of the run SEED; whatever goes wrong names its input
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
#include <string>

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutation.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

std::uint64_t current = 0, currentSeed = 0;

void nameInput() {
    char line[96];
    const int length = std::snprintf(line, sizeof line, "\nfuzz: input %llu of seed %llu\n", static_cast<unsigned long long>(current),
                                     static_cast<unsigned long long>(currentSeed));
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
    const auto start = std::chrono::steady_clock::now();
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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

int runMany(std::uint64_t count, std::uint64_t first) {
    const auto seeds = cxr::fuzz::seeds(), words = cxr::fuzz::words();
    for (const std::string& seed : seeds) run(seed);
    double slowest = 0;
    std::uint64_t slowestInput = 0;
    for (current = first; current < first + count; ++current) {
        const double seconds = run(cxr::fuzz::mutated(seeds, words, currentSeed, current));
        if (seconds > slowest) slowest = seconds, slowestInput = current;
        if (current % 100'000 == 99'999) std::printf("%llu\n", static_cast<unsigned long long>(current + 1)), std::fflush(stdout);
    }
    std::printf("%llu inputs of seed %llu ran; the slowest, %llu, took %.1f ms\n", static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(currentSeed), static_cast<unsigned long long>(slowestInput), slowest * 1000);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 5 && std::string(argv[1]) == "--write") {
        const std::string input = cxr::fuzz::mutated(cxr::fuzz::seeds(), cxr::fuzz::words(), numberOf(argv[3]), numberOf(argv[2]));
        return std::ofstream(argv[4], std::ios::binary).write(input.data(), static_cast<std::streamsize>(input.size())) ? 0 : 2;
    }
    if (argc < 2) return std::fprintf(stderr, "usage: %s COUNT SEED [FIRST] | FILE... | --write NUMBER SEED FILE\n", argv[0]), 2;
    watchForTrouble();
    if (!isNumber(argv[1])) return runFiles(argc - 1, argv + 1);
    currentSeed = argc > 2 ? numberOf(argv[2]) : 1;
    return runMany(numberOf(argv[1]), argc > 3 ? numberOf(argv[3]) : 0);
}
