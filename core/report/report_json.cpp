// The report as JSON. Keys are stable; "schema" grows when a key changes its meaning or goes. Geometry in film pixels:
// (0, 0) is the top left corner of the first pixel, the patient's left is named by `organ`, not by side.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/report/report.h"
#include "core/report/report_judgement.h"
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

Json pointOf(const FindingPoint& point) {
    return {{"name", point.name},
            {"threshold", point.threshold},
            {"sensitivity", point.sensitivity},
            {"specificity", point.specificity}};
}

Json numberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json findingOf(const Report& report, const FindingProbability& finding) {
    Json json{{"name", finding.name}, {"label", labelOf(finding)}, {"meaning", finding.meaning}};
    if (!finding.code.empty()) json["code"] = {{"scheme", finding.codeScheme}, {"value", finding.code}};
    json["probability"] = finding.probability;
    json["logit"] = numberOrNull(finding.logit);
    json["calibrated"] = finding.isCalibrated;
    json["operating_point"] = finding.point ? pointOf(*finding.point) : Json(nullptr);
    json["positive"] = finding.point ? Json(finding.isPositive()) : Json(nullptr);
    json["auc"] = finding.auc ? Json(*finding.auc) : Json(nullptr);
    const auto prevalence = prevalenceOf(report, finding);
    json["prevalence"] = prevalence ? Json(*prevalence) : Json(nullptr);
    const auto values = prevalence ? predictiveValues(finding, *prevalence) : std::nullopt;
    json["predictive_value_positive"] = values ? numberOrNull(values->positive) : Json(nullptr);
    json["predictive_value_negative"] = values ? numberOrNull(values->negative) : Json(nullptr);
    return json;
}

Json findingsOf(const Report& report, ModelRole role) {
    const PackJudgement* pack = report.judgement->of(role);
    if (pack == nullptr) return nullptr;
    Json findings = Json::array();
    for (const FindingProbability& finding : pack->findings) findings.push_back(findingOf(report, finding));
    return {{"model", pack->model.id}, {"seconds", pack->seconds}, {"findings", std::move(findings)}};
}

Json viewOf(const std::optional<ViewReading>& view) {
    if (!view) return nullptr;
    return {{"probability_lateral", view->lateral.probability},
            {"probability_ap", view->ap ? Json(view->ap->probability) : Json(nullptr)},
            {"looks_lateral", view->looksLateral},
            {"measurement_refused", view->isRefused},
            {"note", view->note}};
}

const char* wordOf(Agreement agreement) {
    if (agreement == Agreement::TooFew) return "too few readings";
    return agreement == Agreement::Agree ? "agree" : "disagree";
}

Json cardiomegalyOf(const CardiomegalyReadings& all) {
    if (all.readings.size() < 2) return nullptr;
    const char* methods[] = {"ratio", "network", "heartspot"};
    Json readings = Json::array();
    for (const CardiomegalyReading& reading : all.readings) {
        readings.push_back({{"method", methods[static_cast<int>(reading.method)]},
                            {"value", reading.value},
                            {"decision", reading.decision},
                            {"positive", reading.isPositive ? Json(*reading.isPositive) : Json(nullptr)}});
    }
    return {{"readings", std::move(readings)}, {"agreement", wordOf(all.agreement)}, {"statement", all.sentence}};
}

Json judgementOf(const Report& report) {
    if (!report.judgement) return nullptr;
    return {{"statement", "Probabilities given by networks; none is a diagnosis."},
            {"view", viewOf(report.judgement->view)},
            {"diseases", findingsOf(report, ModelRole::Diseases)},
            {"cardiomegaly", cardiomegalyOf(report.cardiomegaly)},
            {"cardiomegaly_network", findingsOf(report, ModelRole::Cardiomegaly)},
            {"cardiomegaly_heartspot", findingsOf(report, ModelRole::HeartSpot)},
            {"notes", report.judgement->notes},
            {"failures", report.judgement->failures()},
            {"seconds", report.judgement->seconds}};
}

Json modelsOf(const Report& report) {
    Json models = Json::array();
    for (const UsedModel& used : usedModels(report)) {
        Json model = modelOf(used.model);
        model["role"] = toString(used.role);
        models.push_back(std::move(model));
    }
    return models;
}

Json mapsOf(const Report& report) {
    Json maps = Json::array();
    for (const ReportMap& map : report.maps) maps.push_back(Json::parse(toJson(map)));
    return maps;
}

Json readerOf(const ReaderText& text) {
    return {{"language", codeOf(text.language)},
            {"clinical_question", text.question},
            {"comparison", text.comparison},
            {"impression", text.impression},
            {"name", text.reader}};
}

// Their words; the pictures themselves are in HTML and PDF.
Json picturesOf(const Report& report) {
    Json pictures = Json::array();
    for (const ReportPicture& picture : report.pictures) pictures.push_back({{"title", picture.title}, {"caption", picture.caption}});
    return pictures;
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
              {"judgement", judgementOf(report)},
              {"explanations", mapsOf(report)},
              {"pictures", picturesOf(report)},
              {"notes", report.notes},
              {"reader", readerOf(report.text)},
              {"model", modelOf(report.model)},
              {"models", modelsOf(report)},
              {"settings", valuesOf(report.settings)},
              {"heartspot", report.heartSpot ? heartSpotOf(*report.heartSpot) : Json(nullptr)}};
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cxr
