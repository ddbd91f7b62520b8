#include "core/dataset/film_words.h"

#include <charconv>

#include "core/dataset/csv.h"

namespace cxr {

std::string viewFrom(std::string_view word) {
    const std::string lower = lowerCase(trimmed(word));
    if (lower == "pa" || lower == "postero-anterior") return "PA";
    if (lower == "ap" || lower.starts_with("ap ") || lower == "antero-posterior") return "AP";
    if (lower == "l" || lower == "ll" || lower == "rl" || lower == "lateral" || lower == "left lateral" || lower == "right lateral") {
        return "LATERAL";
    }
    return lower == "frontal" ? "FRONTAL" : "";
}

std::string sexFrom(std::string_view word) {
    const std::string lower = lowerCase(trimmed(word));
    if (lower == "m" || lower == "male") return "M";
    return lower == "f" || lower == "female" ? "F" : "";
}

std::optional<double> ageFrom(std::string_view word) {
    const std::string_view text = trimmed(word);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit == "M") value /= 12;
    else if (unit == "W") value /= 52.18;
    else if (unit == "D") value /= 365.25;
    else if (!unit.empty() && unit != "Y") return std::nullopt;
    if (!(value >= 0 && value <= 120)) return std::nullopt;
    return value;
}

}  // namespace cxr
