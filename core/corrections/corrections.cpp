#include "core/corrections/corrections.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace cxr {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kMostItems = 10'000;

// Thrown inside this file only; correctionsOfJson() turns it into an Error.
struct BadText {};

json lineJson(const LinePx& line) { return {line.from.x, line.from.y, line.to.x, line.to.y}; }

json boxJson(const FindingBox& box) {
    return {{"box", {box.box.left, box.box.top, box.box.width, box.box.height}},
            {"class", box.className},
            {"score", box.score},
            {"method", box.method},
            {"peak", box.peak},
            {"edited", box.isEdited}};
}

double finite(const json& number) {
    const double value = number.get<double>();
    if (!std::isfinite(value)) throw BadText{};
    return value;
}

int whole(const json& number) {
    if (!number.is_number_integer() || number < 0 || number > std::numeric_limits<int>::max()) throw BadText{};
    return number.get<int>();
}

const json& bounded(const json& list, std::size_t least, std::size_t most) {
    if (!list.is_array() || list.size() < least || list.size() > most) throw BadText{};
    return list;
}

LinePx lineOf(const json& list) {
    bounded(list, 4, 4);
    return {{finite(list[0]), finite(list[1])}, {finite(list[2]), finite(list[3])}};
}

Outline outlineOf(const json& item) {
    Outline outline;
    const int organ = whole(item.at("organ"));
    if (organ >= kOrganCount) throw BadText{};
    outline.organ = static_cast<Organ>(organ);
    outline.edited = true;
    for (const json& point : bounded(item.at("points"), 3, kMostItems)) {
        bounded(point, 2, 2);
        outline.points.push_back({finite(point[0]), finite(point[1])});
    }
    return outline;
}

FindingBox boxOf(const json& item) {
    const json& box = bounded(item.at("box"), 4, 4);
    return {{finite(box[0]), finite(box[1]), finite(box[2]), finite(box[3])},
            item.at("class").get<std::string>(),
            finite(item.at("score")),
            item.at("method").get<std::string>(),
            finite(item.at("peak")),
            item.at("edited").get<bool>()};
}

json textJson(const ReaderText& text) {
    return {{"language", codeOf(text.language)}, {"question", text.question}, {"comparison", text.comparison}, {"impression", text.impression}, {"reader", text.reader}};
}

ReaderText textOf(const json& item) {
    const auto words = [&item](const char* key) {
        std::string text = item.at(key).get<std::string>();
        if (text.size() > kMostReaderBytes) throw BadText{};
        return text;
    };
    const ReportLanguage language = languageOfCode(words("language")).value_or(ReportLanguage::English);
    return {language, words("question"), words("comparison"), words("impression"), words("reader")};
}

Corrections readAll(const json& tree) {
    if (whole(tree.at("version")) != kVersion) throw BadText{};
    Corrections corrections;
    corrections.filmWidthPx = whole(tree.at("width"));
    corrections.filmHeightPx = whole(tree.at("height"));
    for (const json& item : bounded(tree.at("outlines"), 0, kOrganCount)) corrections.outlines.push_back(outlineOf(item));
    if (tree.contains("lines")) {
        corrections.lines = RatioLines{lineOf(tree["lines"].at("heart")), lineOf(tree["lines"].at("chest"))};
    }
    if (tree.at("boxes").size() > kMostItems) throw BadText{};
    for (const auto& [key, list] : tree.at("boxes").items()) {
        std::vector<FindingBox>& boxes = corrections.boxes[key];
        for (const json& item : bounded(list, 0, kMostItems)) boxes.push_back(boxOf(item));
    }
    if (tree.contains("calibration")) {
        const json& calibration = tree["calibration"];
        corrections.calibration = LengthCalibration{lineOf(calibration.at("line")), finite(calibration.at("mm"))};
    }
    if (tree.contains("text")) corrections.text = textOf(tree["text"]);
    return corrections;
}

}  // namespace

Corrections correctionsOf(const ChestMeasurement& chest, const EditedBoxes& boxes, const std::optional<LengthCalibration>& calibration,
                          const ReaderText& text) {
    Corrections corrections{chest.filmWidthPx, chest.filmHeightPx, {}, std::nullopt, boxes, calibration, text};
    for (const Outline& outline : chest.outlines) {
        if (outline.edited) corrections.outlines.push_back(outline);
    }
    if (chest.linesEdited) corrections.lines = RatioLines{chest.heartLine, chest.chestLine};
    return corrections;
}

ChestMeasurement withCorrections(ChestMeasurement found, const Corrections& corrections) {
    if (found.filmWidthPx != corrections.filmWidthPx || found.filmHeightPx != corrections.filmHeightPx) return found;
    for (const Outline& outline : corrections.outlines) found = withOutline(std::move(found), outline);
    if (corrections.lines) found = withLines(std::move(found), corrections.lines->heart, corrections.lines->chest);
    return found;
}

std::string toJson(const Corrections& corrections) {
    json tree{{"version", kVersion},
              {"width", corrections.filmWidthPx},
              {"height", corrections.filmHeightPx},
              {"outlines", json::array()},
              {"boxes", json::object()}};
    for (const Outline& outline : corrections.outlines) {
        json points = json::array();
        for (const PointPx& point : outline.points) points.push_back({point.x, point.y});
        tree["outlines"].push_back({{"organ", static_cast<int>(outline.organ)}, {"points", std::move(points)}});
    }
    if (corrections.lines) {
        tree["lines"] = {{"heart", lineJson(corrections.lines->heart)}, {"chest", lineJson(corrections.lines->chest)}};
    }
    for (const auto& [key, boxes] : corrections.boxes) {
        json& list = tree["boxes"][key] = json::array();
        for (const FindingBox& box : boxes) list.push_back(boxJson(box));
    }
    if (corrections.calibration) {
        tree["calibration"] = {{"line", lineJson(corrections.calibration->line)}, {"mm", corrections.calibration->lengthMm}};
    }
    if (!corrections.text.isEmpty()) tree["text"] = textJson(corrections.text);
    return tree.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Corrections> correctionsOfJson(const std::string& text) {
    const Error corrupt{ErrorCode::Corrupt, "the corrections kept for this film are damaged and were left out"};
    const json tree = json::parse(text, nullptr, false);
    if (!tree.is_object()) return corrupt;
    try {
        return readAll(tree);
    } catch (const json::exception&) {
        return corrupt;
    } catch (const BadText&) {
        return corrupt;
    }
}

}  // namespace cxr
