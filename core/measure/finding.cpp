// Words and decisions on networks' answers; see finding.h.
#include "core/measure/finding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace cxr {
namespace {

std::string formatted(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// A view pack without operating points decides at one half.
FindingProbability decidable(FindingProbability finding) {
    if (!finding.point) finding.point = FindingPoint{"half", 0.5, 0, 0};
    return finding;
}

double strictestThreshold(const FindingProbability& finding) {
    double strictest = finding.point->threshold;
    for (const FindingPoint& point : finding.points) strictest = std::max(strictest, point.threshold);
    return strictest;
}

bool isFrontal(ViewPosition view) { return view == ViewPosition::PA || view == ViewPosition::AP; }

std::string lateralNote(const ViewReading& reading, ViewPosition header) {
    const std::string share = percentText(reading.lateral.probability);
    if (isFrontal(header)) {
        return std::string("The header says ") + toString(header) + ", but the view network takes the film for a side view (" +
               share + "): find out which is right before you use the ratio.";
    }
    if (reading.isRefused) {
        return "The view network takes this film for a side view (" + share + "): the ratio is defined on frontal films.";
    }
    return "The film may be a side view (" + share + " by the view network); then the ratio means nothing.";
}

std::string apNote(const FindingProbability& ap, ViewPosition header) {
    const std::string share = percentText(ap.probability);
    const std::string start = header == ViewPosition::PA ? "The header says PA, but the view network takes the film for AP ("
                                                         : "The view network takes this film for AP (";
    return start + share + "): on an AP film the heart is magnified, so the ratio comes out too large.";
}

std::string viewNote(const ViewReading& reading, ViewPosition header) {
    const bool isSide = header == ViewPosition::Lateral || header == ViewPosition::Oblique;
    if (isSide && reading.looksLateral) return {};  // both say so
    if (header == ViewPosition::Lateral) {
        return "The header says lateral, but the view network takes the film for frontal (" +
               percentText(reading.lateral.probability) + " lateral): find out which is right.";
    }
    if (reading.looksLateral) return lateralNote(reading, header);
    if (!isSide && header != ViewPosition::AP && reading.ap && reading.ap->isPositive()) return apNote(*reading.ap, header);
    return {};
}

CardiomegalyReading ratioReading(const ChestMeasurement& chest) {
    CardiomegalyReading reading;
    if (chest.isUncertain || chest.verdict == Verdict::NotMeasured) {
        reading.value = "\xE2\x80\x93";  // en dash
        reading.decision = chest.isUncertain ? "mask uncertain" : "not measured";
        return reading;
    }
    reading.value = ratioText(chest.ratio);
    reading.decision = toString(chest.verdict);
    if (chest.verdict != Verdict::Borderline) reading.isPositive = chest.verdict == Verdict::Enlarged;
    return reading;
}

CardiomegalyReading networkReading(ReadingMethod method, const FindingProbability& finding) {
    CardiomegalyReading reading{method, percentText(finding.probability), decisionText(finding), {}, &finding};
    if (finding.point) reading.isPositive = finding.isPositive();
    return reading;
}

const char* nameOf(ReadingMethod method) {
    switch (method) {
        case ReadingMethod::Ratio:
            return "ratio";
        case ReadingMethod::Network:
            return "network";
        case ReadingMethod::HeartSpot:
            return "HeartSpot";
    }
    return "";
}

const char* countWord(std::size_t count) { return count == 2 ? "Both" : "All three"; }

std::string sentenceStart(const CardiomegalyReadings& all, std::size_t decided, std::size_t positive) {
    const std::string side = positive > 0 ? "for" : "against";
    switch (all.agreement) {
        case Agreement::TooFew:
            return "Fewer than two readings decide, so there is nothing to compare: ";
        case Agreement::Disagree:
            return "The readings disagree: ";
        case Agreement::Agree:
            break;
    }
    if (decided == all.readings.size()) return std::string(countWord(decided)) + " readings speak " + side + " cardiomegaly: ";
    return "Two of three readings decide, and both speak " + side + " cardiomegaly: ";
}

// " Operating point of the networks: 90 % specificity."; empty if none decides.
std::string pointSentence(const CardiomegalyReadings& all) {
    std::vector<std::string> labels;
    for (const CardiomegalyReading& reading : all.readings) {
        if (reading.finding == nullptr || !reading.finding->point) continue;
        const std::string label = labelOf(*reading.finding->point);
        if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
    }
    if (labels.empty()) return {};
    return " Operating point of the networks: " + labels.front() + (labels.size() > 1 ? " and " + labels.back() : "") + ".";
}

std::string sentenceOf(const CardiomegalyReadings& all, std::size_t decided, std::size_t positive) {
    std::string sentence = sentenceStart(all, decided, positive);
    for (const CardiomegalyReading& reading : all.readings) {
        if (&reading != &all.readings.front()) sentence += ", ";
        sentence += std::string(nameOf(reading.method)) + " " + reading.value + " (" + reading.decision + ")";
    }
    return sentence + "." + pointSentence(all);
}

}  // namespace

const char* toString(ModelRole role) {
    switch (role) {
        case ModelRole::HeartLungs:
            return "heart and lungs";
        case ModelRole::View:
            return "view";
        case ModelRole::Diseases:
            return "diseases";
        case ModelRole::Cardiomegaly:
            return "cardiomegaly";
        case ModelRole::HeartSpot:
            return "cardiomegaly from HeartSpot";
    }
    return "";
}

std::string labelOf(const FindingPoint& point) {
    if (point.name == "youden") return "best balance";
    if (point.name == "sensitivity90") return "90 % sensitivity";
    if (point.name == "specificity90") return "90 % specificity";
    return point.name;
}

std::string labelOf(const FindingProbability& finding) {
    std::string label = finding.name;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] != '_') continue;
        label[i] = ' ';
        if (i + 1 < label.size() && label[i + 1] >= 'A' && label[i + 1] <= 'Z') label[i + 1] = static_cast<char>(label[i + 1] + 32);
    }
    return label;
}

void choosePoint(FindingProbability& finding, const std::string& name) {
    for (const std::string& wanted : {name, std::string(kBalancedPoint)}) {
        for (const FindingPoint& point : finding.points) {
            if (point.name != wanted) continue;
            finding.point = point;
            return;
        }
    }
    finding.point = finding.points.empty() ? std::nullopt : std::optional(finding.points.front());
}

const FindingProbability* PackJudgement::find(const std::string& name) const {
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.name == name; });
    return found == findings.end() ? nullptr : &*found;
}

const PackJudgement* Judgement::of(ModelRole role) const {
    for (const PackJudgement& pack : packs) {
        if (pack.role == role && pack.error.empty()) return &pack;
    }
    return nullptr;
}

std::vector<std::string> Judgement::failures() const {
    std::vector<std::string> sentences;
    for (const PackJudgement& pack : packs) {
        if (!pack.error.empty()) {
            sentences.push_back("The model " + pack.model.id + " (" + toString(pack.role) + ") was not used: " + pack.error);
        }
    }
    return sentences;
}

JudgementPtr withPoint(const JudgementPtr& judgement, const std::string& pointName) {
    if (!judgement) return judgement;
    auto decided = std::make_shared<Judgement>(*judgement);
    for (PackJudgement& pack : decided->packs) {
        if (pack.role == ModelRole::View) continue;  // it has refused or allowed the measurement already
        for (FindingProbability& finding : pack.findings) choosePoint(finding, pointName);
    }
    return decided;
}

ViewReading readView(const PackJudgement& pack, ViewPosition header) {
    ViewReading reading;
    const FindingProbability* lateral = pack.find("Lateral");
    if (lateral == nullptr) return reading;
    reading.lateral = decidable(*lateral);
    if (const FindingProbability* ap = pack.find("AP")) reading.ap = decidable(*ap);
    reading.looksLateral = reading.lateral.isPositive();
    const bool isCertain = reading.lateral.probability >= strictestThreshold(reading.lateral);
    reading.isRefused = reading.looksLateral && isCertain && !isFrontal(header);
    reading.note = viewNote(reading, header);
    return reading;
}

CardiomegalyReadings cardiomegalyReadings(const ChestMeasurement& chest, const Judgement& judgement) {
    CardiomegalyReadings all;
    all.readings.push_back(ratioReading(chest));
    for (const auto& [role, method] : {std::pair{ModelRole::Cardiomegaly, ReadingMethod::Network},
                                       std::pair{ModelRole::HeartSpot, ReadingMethod::HeartSpot}}) {
        const PackJudgement* pack = judgement.of(role);
        const FindingProbability* finding = pack != nullptr ? pack->find("Cardiomegaly") : nullptr;
        if (finding != nullptr) all.readings.push_back(networkReading(method, *finding));
    }
    if (all.readings.size() < 2) return all;
    std::size_t decided = 0, positive = 0;
    for (const CardiomegalyReading& reading : all.readings) {
        decided += reading.isPositive ? 1 : 0;
        positive += reading.isPositive.value_or(false) ? 1 : 0;
    }
    if (decided >= 2) all.agreement = positive == 0 || positive == decided ? Agreement::Agree : Agreement::Disagree;
    all.sentence = sentenceOf(all, decided, positive);
    return all;
}

std::string percentText(double probability) {
    const double percent = probability * 100;
    if (percent < 0.1) return "< 0.1 %";
    if (percent > 99.9) return "> 99.9 %";
    const bool needsDecimal = percent < 9.95 || percent > 99;
    return formatted(needsDecimal ? "%.1f %%" : "%.0f %%", percent);
}

// A threshold that would print like the value below it gets two decimals more.
std::string decisionText(const FindingProbability& finding) {
    if (!finding.point) return "no operating point";
    const double threshold = finding.point->threshold;
    if (finding.isPositive()) return "at or above " + percentText(threshold);
    const bool printsAlike = percentText(threshold) == percentText(finding.probability);
    return "below " + (printsAlike ? formatted("%.2f %%", threshold * 100) : percentText(threshold));
}

std::string pointText(const FindingProbability& finding) { return finding.point ? " (" + labelOf(*finding.point) + ")" : std::string(); }

std::optional<PredictiveValues> predictiveValues(const FindingProbability& finding, double prevalence) {
    if (!finding.point || (finding.point->sensitivity <= 0 && finding.point->specificity <= 0)) return std::nullopt;
    return predictiveValues(finding.point->sensitivity, finding.point->specificity, prevalence);
}

std::string predictiveText(const FindingProbability& finding, double prevalence) {
    const auto values = predictiveValues(finding, prevalence);
    if (!values) return {};
    const double share = finding.isPositive() ? values->positive : values->negative;
    if (!std::isfinite(share)) return {};
    return percentText(share) + (finding.isPositive() ? " of such positives have it" : " of such negatives do not have it");
}

std::string aucText(const FindingProbability& finding) {
    if (!finding.auc) return {};
    const auto& [value, low, high] = *finding.auc;
    return "AUC " + formatted("%.2f", value) + " (" + formatted("%.2f", low) + " to " + formatted("%.2f", high) + ")";
}

}  // namespace cxr
