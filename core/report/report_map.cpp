// Explanations as rows and JSON.
#include "core/report/report_map.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/engine/explain_methods.h"
#include "core/localize/map_scale.h"
#include "core/localize/map_support.h"
#include "core/report/report.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

Json numberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double rounded(double value) { return std::round(value * 100) / 100; }

std::string boxText(const FindingBox& box, const Spacing& spacing) {
    const std::string place = "left " + fixedText(box.box.left, 0) + ", top " + fixedText(box.box.top, 0) + " px";
    return sizeText(box.box, spacing) + " at " + place + (box.isEdited ? " (corrected by hand)" : "");
}

Json boxJson(const FindingBox& one, const Spacing& spacing) {
    const RectPx& box = one.box;
    Json json{{"class", one.className},
              {"score", one.score},
              {"method", one.method},
              {"peak", one.peak},
              {"edited", one.isEdited},
              {"px", {{"left", rounded(box.left)}, {"top", rounded(box.top)}, {"width", rounded(box.width)}, {"height", rounded(box.height)}}}};
    json["mm"] = spacing.isKnown() ? Json{{"width", rounded(box.width * spacing.columnMm)}, {"height", rounded(box.height * spacing.rowMm)}}
                                   : Json(nullptr);
    return json;
}

Json attentionJson(const Attention& attention) {
    Json shares = Json::array();
    for (const RegionShare& share : attention.shares) {
        shares.push_back({{"region", idOf(share.region)}, {"relevance", share.relevance}, {"area", share.area}, {"factor", share.factor()}});
    }
    return {{"sentence", attention.sentence}, {"shares", std::move(shares)}};
}

Json sanityJson(const SanityCheck& check) {
    Json curves = Json::array();
    for (const SanityCurve& curve : check.curves) {
        curves.push_back({{"name", curve.name}, {"share", curve.share}, {"probability", curve.value}});
    }
    return {{"id", check.id},           {"name", check.name},         {"value", check.value},    {"number", numberOrNull(check.number)},
            {"verdict", toString(check.verdict)}, {"sentence", check.sentence}, {"meaning", check.meaning}, {"curves", std::move(curves)}};
}

void add(std::vector<NamedValue>& values, const char* key, const std::string& label, const std::string& text) {
    if (!text.empty()) values.push_back({key, label, text, std::nullopt, ""});
}

std::string methodWords(const ReportMap& map) { return map.parameters.empty() ? map.method : map.method + ", " + map.parameters; }

std::string scaleWords(const ReportMap& map) {
    if (!(map.scaleHigh > map.scaleLow)) return "none: the map has nothing to show";
    return legendText(map.scaleLow) + " to " + legendText(map.scaleHigh) + (map.unit.empty() ? "" : " " + map.unit);
}

}  // namespace

ReportMap reportMapOf(const Heatmap& shown, const Heatmap& raw, const FilmRegions& regions, const MapBoxes& boxes, const Spacing& spacing) {
    const MapScale scale = scaleOf(shown, false);
    const MapSupport support = supportOf(shown);
    ReportMap map;
    map.className = shown.className;
    map.methodId = explainMethodInfo(shown.method).id;
    map.method = explainMethodInfo(shown.method).name;
    map.parameters = shown.parameters;
    map.probability = shown.probability;
    map.logit = shown.logit;
    map.scaleLow = scale.low;
    map.scaleHigh = scale.high;
    map.unit = scale.unit;
    map.hasSupport = support.hasSupport;
    map.support = support.sentence;
    map.attention = attentionOf(raw, regions);
    map.boxes = boxes.boxes;
    map.boxesSentence = boxes.sentence;
    map.spacing = spacing;
    map.model = shown.model;
    return map;
}

std::string titleOf(const ReportMap& map) { return "Why: " + spokenName(map.className) + " " + percentText(map.probability); }

std::vector<NamedValue> mapValues(const ReportMap& map) {
    std::vector<NamedValue> values;
    add(values, "method", "Method", methodWords(map));
    add(values, "support", "What speaks for it", map.support);
    if (map.hasSupport) add(values, "attention", "Where the network looks", map.attention.sentence);
    add(values, "scale", "Colours", scaleWords(map));
    add(values, "boxes", "Boxes", map.boxesSentence);
    for (std::size_t i = 0; i < map.boxes.size(); ++i) {
        add(values, "box", "Box " + std::to_string(i + 1), boxText(map.boxes[i], map.spacing));
    }
    for (const SanityCheck& check : map.sanity) {
        add(values, "sanity", check.name, std::string(toString(check.verdict)) + ": " + check.value + ". " + check.sentence);
    }
    add(values, "three_way", "Ratio, network and map", map.threeWay);
    for (const std::string& reason : map.threeWayReasons) add(values, "reason", "", reason);
    add(values, "model", "Model", map.model.name + " " + map.model.version);
    return values;
}

std::string lineOf(const ReportMap& map) { return map.className + " (" + methodWords(map) + "): " + map.attention.sentence; }

std::string toJson(const ReportMap& map) {
    Json boxes = Json::array(), sanity = Json::array();
    for (const FindingBox& box : map.boxes) boxes.push_back(boxJson(box, map.spacing));
    for (const SanityCheck& check : map.sanity) sanity.push_back(sanityJson(check));
    const Json json{{"class", map.className},
                    {"probability", map.probability},
                    {"logit", numberOrNull(map.logit)},
                    {"method", {{"id", map.methodId}, {"name", map.method}, {"parameters", map.parameters}}},
                    {"scale", {{"low", map.scaleLow}, {"high", map.scaleHigh}, {"unit", map.unit}}},
                    {"has_support", map.hasSupport},
                    {"support", map.support},
                    {"attention", attentionJson(map.attention)},
                    {"boxes", {{"sentence", map.boxesSentence}, {"list", std::move(boxes)}}},
                    {"sanity", std::move(sanity)},
                    {"three_way", {{"sentence", map.threeWay}, {"reasons", map.threeWayReasons}}},
                    {"model", {{"id", map.model.id}, {"name", map.model.name}, {"version", map.model.version},
                               {"weights_sha256", map.model.weightsSha256}, {"device", map.model.device}}},
                    {"notice", kNotDiagnostic}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cxr
