// Corrections of a reader as they are kept: accepted ones are written and read again as the same, and laid over a measurement.
#include <cstdlib>

#include "core/corrections/corrections.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = correctionsOfJson({reinterpret_cast<const char*>(data), size});
    if (!read.isOk()) return 0;
    const std::string written = toJson(read.value());
    const auto again = correctionsOfJson(written);
    if (!again.isOk() || toJson(again.value()) != written) std::abort();
    ChestMeasurement found;
    found.filmWidthPx = 64;
    found.filmHeightPx = 48;
    static_cast<void>(verdictSentence(withCorrections(found, read.value())));
    return 0;
}

std::vector<std::string> cxr::fuzz::seeds() {
    Corrections corrections;
    corrections.filmWidthPx = 64;
    corrections.filmHeightPx = 48;
    corrections.outlines = {{Organ::Heart, {{20, 20}, {44, 20}, {40, 40}, {24, 40}}, true},
                            {Organ::LeftLung, {{34, 5}, {60, 8}, {58, 40}}, true},
                            {Organ::RightLung, {{4, 8}, {28, 5}, {6, 40}}, true}};
    Corrections lines = corrections;
    lines.lines = RatioLines{{{20, 30}, {44, 30}}, {{4, 40}, {60, 40}}};
    lines.boxes["cam/Cardiomegaly"] = {{{10, 12, 20, 15}, "Cardiomegaly", 0.5, "Class activation map", 2, true}};
    lines.calibration = LengthCalibration{{{1, 2}, {30, 2}}, 50};
    return {toJson(corrections), toJson(lines)};
}

std::vector<std::string> cxr::fuzz::words() {
    return {"null", "true", "-1", "1e308", "1e-308", "NaN", "{}", "[]", "\"\"", "{", "}", "[", "]", ",", ":", "\"outlines\":[", "\"lines\":{", "\"boxes\":{", "\"mm\":",
            "\"organ\":2", "[0,0]", "[1e9,-1e9]", "\xff", "4294967296", "\"\\ud800\""};
}
