#include "core/measure/polygon_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cxr {
namespace {

constexpr double kFarthestPx = 1e6;
constexpr std::size_t kMostVertices = 1'000'000;

void skipBlanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r' || text.front() == ',')) {
        text.remove_prefix(1);
    }
}

bool readNumber(std::string_view& text, double& value) {
    skipBlanks(text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return std::isfinite(value) && std::abs(value) <= kFarthestPx && (text.empty() || text.front() == ' ' || text.front() == '\t' ||
                                                                      text.front() == '\r' || text.front() == ',');
}

void appendNumber(std::string& text, double value) {
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text.append(digits.data(), end);
}

}  // namespace

std::string polygonText(const Polygon& polygon) {
    std::string text;
    for (const PointPx& point : polygon) {
        appendNumber(text, point.x);
        text += ' ';
        appendNumber(text, point.y);
        text += '\n';
    }
    return text;
}

Result<Polygon> parsePolygon(std::string_view text) {
    Polygon polygon;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        skipBlanks(line);
        if (line.empty() || line.front() == '#') continue;
        PointPx point;
        const bool isPoint = readNumber(line, point.x) && readNumber(line, point.y);
        skipBlanks(line);
        if (!isPoint || !line.empty()) {
            return Error{ErrorCode::Corrupt, "line " + std::to_string(number) + " of the trace is no \"x y\" in film pixels; correct it"};
        }
        if (polygon.size() == kMostVertices) return Error{ErrorCode::Corrupt, "the trace has more than 10^6 vertices; this is no outline"};
        polygon.push_back(point);
    }
    if (polygon.size() >= 3) return polygon;
    return Error{ErrorCode::Corrupt, "the trace has fewer than 3 vertices; an outline needs 3 lines of \"x y\""};
}

}  // namespace cxr
