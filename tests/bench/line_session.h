// What the benches that Python drives share: one question a line on standard input, one answer a line on standard output,
// "ok NUMBERS" or "error SENTENCE", until the input ends.
#pragma once

#include <chrono>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace cxr::bench {

struct Failure : std::exception {
    explicit Failure(std::string sentence) : text(std::move(sentence)) {}
    const char* what() const noexcept override { return text.c_str(); }
    std::string text;
};

template <typename T>
T valueOf(Result<T> result) {
    if (!result.isOk()) throw Failure(result.error().message);
    return std::move(result).value();
}

// Wall and processor time of one call, as "W C" in milliseconds.
template <typename Call>
std::string timed(const Call& call) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t startCpu = std::clock();  // of all threads
    call();
    const double cpu = 1e3 * static_cast<double>(std::clock() - startCpu) / CLOCKS_PER_SEC;
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
    std::ostringstream text;
    text << wall.count() << ' ' << cpu;
    return text.str();
}

// Raw little-endian floats.
inline std::vector<float> readFloats(const std::string& path, std::size_t count) {
    std::ifstream file(path, std::ios::binary);
    std::vector<float> values(count);
    file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)));
    if (!file) throw Failure("cannot read " + std::to_string(count) + " floats from " + path);
    return values;
}

inline void writeFloats(const float* values, std::size_t count, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(values), static_cast<std::streamsize>(count * sizeof(float)));
    if (!file) throw Failure("cannot write " + path);
}

// session.answer(line) gives the numbers or throws.
template <typename Session>
int answerLines(Session& session) {
    for (std::string line; std::getline(std::cin, line);) {
        try {
            std::cout << "ok " << session.answer(line) << std::endl;
        } catch (const std::exception& wrong) {
            const std::string reason = wrong.what();
            std::cout << "error " << reason.substr(0, reason.find('\n')) << std::endl;
        }
    }
    return 0;
}

}  // namespace cxr::bench
