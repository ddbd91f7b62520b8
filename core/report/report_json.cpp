// The report as JSON. Keys are stable; "schema" grows when a key changes its meaning or goes. Geometry in film pixels:
// (0, 0) is the top left corner of the first pixel, the patient's left is named by `organ`, not by side.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/report/report.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "precordia-report/1";

Json valuesOf(const std::vector<NamedValue>& values) {
    Json result = Json::array();
    for (const NamedValue& value : values) {
        Json item{{"key", value.key}, {"label", value.label}, {"value", value.value}};
        if (value.number && std::isfinite(*value.number)) item["number"] = *value.number;
        if (!value.unit.empty()) item["unit"] = value.unit;
        result.push_back(std::move(item));
    }
    return result;
}

Json pointOf(const PointPx& p) { return Json::array({std::round(p.x * 100) / 100, std::round(p.y * 100) / 100}); }
Json lineOf(const LinePx& line) { return {{"from", pointOf(line.from)}, {"to", pointOf(line.to)}}; }

Json outlineOf(const Outline& outline) {
    Json points = Json::array();
    for (const PointPx& p : outline.points) points.push_back(pointOf(p));
    return {{"organ", toString(outline.organ)}, {"edited", outline.edited}, {"points", std::move(points)}};
}

Json measurementOf(const ChestMeasurement& chest) {
    const bool isMeasured = chest.verdict != Verdict::NotMeasured && !chest.isUncertain;
    Json outlines = Json::array();
    for (const Outline& outline : chest.outlines) outlines.push_back(outlineOf(outline));
    return {{"cardiothoracic_ratio", isMeasured ? Json(chest.ratio) : Json(nullptr)},
            {"cardiothoracic_ratio_range",
             isMeasured && chest.ratioRange.high > 0 ? Json{chest.ratioRange.low, chest.ratioRange.high} : Json(nullptr)},
            {"verdict", toString(chest.verdict)},
            {"limits", {{"normal_up_to", 0.50}, {"borderline_up_to", 0.55}}},
            {"mask_uncertain", chest.isUncertain},
            {"quality", chest.quality},
            {"lines_edited", chest.linesEdited},
            {"heart_line", isMeasured ? lineOf(chest.heartLine) : Json(nullptr)},
            {"chest_line", isMeasured ? lineOf(chest.chestLine) : Json(nullptr)},
            {"outlines", std::move(outlines)}};
}

Json modelOf(const ModelStamp& model) {
    return {{"id", model.id},
            {"name", model.name},
            {"version", model.version},
            {"weights_sha256", model.weightsSha256},
            {"device", model.device}};
}

Json heartSpotOf(const HeartSpotFacts& facts) {
    const Json prior = Json::parse(facts.priorJson, nullptr, false);
    return {{"prior", facts.priorName},
            {"prior_hash", facts.priorHash},
            {"prior_spec", prior.is_discarded() ? Json(nullptr) : prior},
            {"kept_pixels", facts.keptPixels},
            {"crop_pixels", facts.cropPixels},
            {"in_memory_ratio", facts.inMemoryRatio},
            {"on_disk_ratio", facts.onDiskRatio},
            {"vector_bytes", facts.vectorBytes},
            {"jpeg_bytes", facts.jpegBytes},
            {"statement", heartSpotSentence(facts)}};
}

}  // namespace

std::string reportJson(const Report& report) {
    Json root{{"schema", kSchema},
              {"notice", kNotDiagnostic},
              {"program", {{"name", "Precordia"}, {"version", report.programVersion}}},
              {"created_at", report.createdAt},
              {"film", {{"name", report.filmName}, {"sha256", report.filmSha256}}},
              {"patient", valuesOf(report.patient)},
              {"technique", valuesOf(report.technique)},
              {"summary", report.verdict},
              {"measurement", measurementOf(report.chest)},
              {"findings", valuesOf(report.findings)},
              {"notes", report.notes},
              {"model", modelOf(report.model)},
              {"settings", valuesOf(report.settings)},
              {"heartspot", report.heartSpot ? heartSpotOf(*report.heartSpot) : Json(nullptr)}};
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cxr
