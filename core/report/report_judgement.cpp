#include "core/report/report_judgement.h"

#include <algorithm>

namespace cxr {
namespace {

const PackJudgement* packOf(const Report& report, ModelRole role) {
    return report.judgement ? report.judgement->of(role) : nullptr;
}

FindingRow rowOf(const Report& report, const FindingProbability& finding) {
    FindingRow row;
    row.label = labelOf(finding);
    row.probability = percentText(finding.probability) + (finding.isCalibrated ? "" : ", not calibrated");
    row.limit = decisionText(finding);
    row.decision = row.limit + pointText(finding);
    if (finding.point) row.point = labelOf(*finding.point);
    row.auc = aucText(finding);
    row.isPositive = finding.isPositive();
    if (const auto prevalence = prevalenceOf(report, finding)) {
        row.predicts = predictiveText(finding, *prevalence);
        row.prevalence = percentText(*prevalence);
        if (const std::size_t words = row.predicts.find(" of such "); words != std::string::npos)
            row.predictsShort = (row.isPositive ? "PPV " : "NPV ") + row.predicts.substr(0, words);
        if (!row.predicts.empty()) row.predictive = row.predicts + ", at a prevalence of " + row.prevalence;
    }
    return row;
}

const char* labelOf(ReadingMethod method) {
    switch (method) {
        case ReadingMethod::Ratio:
            return "Cardiothoracic ratio";
        case ReadingMethod::Network:
            return "Network";
        case ReadingMethod::HeartSpot:
            return "Network on the HeartSpot picture";
    }
    return "";
}

const char* keyOf(ReadingMethod method) {
    switch (method) {
        case ReadingMethod::Ratio:
            return "cardiomegaly_ratio";
        case ReadingMethod::Network:
            return "cardiomegaly_network";
        case ReadingMethod::HeartSpot:
            return "cardiomegaly_heartspot";
    }
    return "";
}

}  // namespace

std::optional<double> prevalenceOf(const Report& report, const FindingProbability& finding) {
    const auto set = report.prevalences.find(finding.name);
    return set == report.prevalences.end() ? finding.prevalence : std::optional(set->second);
}

std::vector<FindingRow> diseaseRows(const Report& report) {
    const PackJudgement* pack = packOf(report, ModelRole::Diseases);
    if (pack == nullptr) return {};
    std::vector<FindingProbability> findings = pack->findings;
    std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) { return a.probability > b.probability; });
    std::vector<FindingRow> rows;
    for (const FindingProbability& finding : findings) rows.push_back(rowOf(report, finding));
    return rows;
}

std::string diseaseStatement(const Report& report) {
    const PackJudgement* pack = packOf(report, ModelRole::Diseases);
    if (pack == nullptr) return {};
    return "Probabilities given by the network " + pack->model.name + " " + pack->model.version +
           "; how well it tells such films apart is the AUC of its card. None of them is a diagnosis.";
}

std::vector<NamedValue> cardiomegalyValues(const Report& report) {
    std::vector<NamedValue> values;
    if (report.cardiomegaly.readings.size() < 2) return values;
    for (const CardiomegalyReading& reading : report.cardiomegaly.readings) {
        NamedValue value{keyOf(reading.method), labelOf(reading.method), reading.value + ": " + reading.decision, {}, ""};
        if (reading.finding != nullptr) {
            value.number = reading.finding->probability;
            value.unit = "1";
            if (!reading.finding->isCalibrated) value.value += ", not calibrated";
            if (const std::string auc = aucText(*reading.finding); !auc.empty()) value.value += "; " + auc;
        }
        values.push_back(std::move(value));
    }
    values.push_back({"cardiomegaly_agreement", "Together", report.cardiomegaly.sentence, {}, ""});
    return values;
}

std::vector<NamedValue> viewValues(const Report& report) {
    if (!report.judgement || !report.judgement->view) return {};
    const ViewReading& view = *report.judgement->view;
    std::string text = std::string(view.looksLateral ? "lateral" : "frontal") + " (lateral " + percentText(view.lateral.probability);
    if (view.ap) text += ", AP " + percentText(view.ap->probability);
    return {{"view_by_network", "View by network", text + ")", view.lateral.probability, "1"}};
}

std::vector<UsedModel> usedModels(const Report& report) {
    std::vector<UsedModel> models{{ModelRole::HeartLungs, report.model}};
    if (!report.judgement) return models;
    for (const PackJudgement& pack : report.judgement->packs) {
        if (pack.error.empty()) models.push_back({pack.role, pack.model});
    }
    return models;
}

}  // namespace cxr
