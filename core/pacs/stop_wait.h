// Waiting that hears "stop": slices of 50 ms. Inner header of core/pacs.   Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <thread>

namespace cxr {

using PacsClock = std::chrono::steady_clock;
inline constexpr int kWaitSliceMs = 50;

// What is left of `ms` since `begin`, at most one slice; never negative.
inline int sliceLeft(PacsClock::time_point begin, int ms) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(PacsClock::now() - begin).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms - passed, 0, kWaitSliceMs));
}

// False when it was stopped before the time was over.
inline bool pauseFor(int ms, const std::stop_token& stop) {
    const auto begin = PacsClock::now();
    for (int slice = sliceLeft(begin, ms); slice > 0; slice = sliceLeft(begin, ms)) {
        if (stop.stop_requested()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(slice));
    }
    return !stop.stop_requested();
}

}  // namespace cxr
