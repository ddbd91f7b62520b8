// Ratio, network and map side by side.
#include "core/localize/three_way.h"

#include <algorithm>
#include <cstdio>

namespace cxr {
namespace {

using Outcome = ThreeWayCheck::Outcome;

constexpr double kLowQuality = 0.5;  // of the outlines; told, not silenced: isUncertain does that

std::string factorText(double factor) {
    char text[48];
    std::snprintf(text, sizeof text, "%.1f times chance", factor);
    return text;
}

bool isAp(ViewPosition header, const ViewReading* view) {
    if (header == ViewPosition::AP) return true;
    return header == ViewPosition::Unknown && view != nullptr && view->ap && view->ap->isPositive();
}

// Why the film is not judged; empty: it is.
std::string refusalOf(ViewPosition header, const ViewReading* view) {
    if (header == ViewPosition::Lateral || header == ViewPosition::Oblique) {
        return "The header says that this is no frontal film: neither ratio nor network means anything here.";
    }
    if (view != nullptr && view->isRefused) return "The view network takes this film for a side view: neither ratio nor network means anything here.";
    return {};
}

void readRatio(ThreeWayCheck& check, const ChestMeasurement& chest, bool isApView) {
    if (chest.isUncertain) {
        check.reasons.emplace_back("The outlines are uncertain, so the ratio does not count.");
        return;
    }
    if (chest.verdict == Verdict::NotMeasured) {
        check.reasons.emplace_back("The ratio was not measured.");
        return;
    }
    if (chest.verdict == Verdict::Borderline) {
        check.reasons.emplace_back("The ratio is borderline, so it decides neither way.");
        return;
    }
    const bool isEnlarged = chest.verdict == Verdict::Enlarged;
    if (isEnlarged && isApView) {
        check.reasons.emplace_back("On an AP film the heart is magnified, so an enlarged ratio decides neither way.");
        return;
    }
    check.ratio = isEnlarged;
}

// After the network was read.
void readMap(ThreeWayCheck& check, const Attention& attention, bool isUncertain) {
    if (!attention.hasSupport) {
        check.map = false;
        return;
    }
    if (!check.network.value_or(false)) return;
    const RegionShare* heart = attention.of(AttentionRegion::Heart);
    if (isUncertain || heart == nullptr) {
        check.reasons.emplace_back(isUncertain ? "The heart's outline is uncertain, so it is unknown whether the network looks at it."
                                               : "The heart was not found, so it is unknown whether the network looks at it.");
        return;
    }
    check.map = heart->factor() > 1;
}

Outcome outcomeOf(const ThreeWayCheck& check) {
    int decided = 0, positive = 0;
    for (const auto& reading : {check.ratio, check.network, check.map}) {
        decided += reading ? 1 : 0;
        positive += reading.value_or(false) ? 1 : 0;
    }
    if (decided < 2) return Outcome::TooFew;
    return positive == 0 || positive == decided ? Outcome::Agree : Outcome::Disagree;
}

std::string pointPart(const FindingProbability& finding) { return finding.point ? ", point: " + labelOf(*finding.point) : std::string(); }

std::string mapText(const Attention& attention) {
    if (!attention.hasSupport) return "map without support";
    const RegionShare* heart = attention.of(AttentionRegion::Heart);
    return heart == nullptr ? "map without a heart to compare" : "heart in the map " + factorText(heart->factor());
}

std::string sentenceOf(const ThreeWayCheck& check, const ChestMeasurement& chest, const FindingProbability& finding,
                       const Attention& attention) {
    const bool isFor = check.ratio.value_or(false) || check.network.value_or(false) || check.map.value_or(false);
    std::string start;
    switch (check.outcome) {
        case Outcome::NotJudged:
            return "Ratio, network and map were not compared.";
        case Outcome::TooFew:
            start = "Fewer than two of ratio, network and map decide: ";
            break;
        case Outcome::Agree:
            start = std::string("Ratio, network and map agree ") + (isFor ? "for" : "against") + " cardiomegaly: ";
            if (!check.ratio || !check.network || !check.map) {
                start = std::string("The two that decide agree ") + (isFor ? "for" : "against") + " cardiomegaly: ";
            }
            break;
        case Outcome::Disagree:
            start = "Ratio, network and map disagree: ";
            break;
    }
    const std::string ratio = chest.isUncertain || chest.verdict == Verdict::NotMeasured
                                  ? std::string("ratio not usable")
                                  : "ratio " + ratioText(chest.ratio) + " (" + toString(chest.verdict) + ")";
    return start + ratio + ", network " + percentText(finding.probability) + " (" + decisionText(finding) + pointPart(finding) + "), " + mapText(attention) + ".";
}

void explainDisagreement(ThreeWayCheck& check, const ChestMeasurement& chest) {
    if (check.outcome != Outcome::Disagree) return;
    if (check.network.value_or(false) && check.map == false) {
        check.reasons.emplace_back("The network says cardiomegaly without looking at the heart more than chance gives: doubt its probability.");
    }
    if (check.network == false && check.ratio.value_or(false)) {
        check.reasons.emplace_back("The ratio alone speaks for an enlarged heart; it also grows with shallow breathing, a turned patient and age.");
    }
    if (check.network.value_or(false) && check.ratio == false) {
        check.reasons.emplace_back("The network learned from labels, not from the ratio: it may see an enlarged chamber, or be wrong.");
    }
    if (chest.quality < kLowQuality) check.reasons.emplace_back("The quality of the outlines is low: look at them first.");
}

}  // namespace

const char* toString(ThreeWayCheck::Outcome outcome) {
    switch (outcome) {
        case Outcome::NotJudged:
            return "not judged";
        case Outcome::TooFew:
            return "too few";
        case Outcome::Agree:
            return "agree";
        case Outcome::Disagree:
            return "disagree";
    }
    return "";
}

ThreeWayCheck threeWayCheck(const ChestMeasurement& chest, ViewPosition headerView, const ViewReading* view,
                            const FindingProbability& finding, const Attention& attention) {
    ThreeWayCheck check;
    if (const std::string refusal = refusalOf(headerView, view); !refusal.empty()) {
        check.reasons.push_back(refusal);
        check.sentence = sentenceOf(check, chest, finding, attention);
        return check;
    }
    readRatio(check, chest, isAp(headerView, view));
    if (finding.point) check.network = finding.isPositive();
    if (!finding.point) check.reasons.emplace_back("The network's pack has no operating point, so its probability decides neither way.");
    readMap(check, attention, chest.isUncertain);
    check.outcome = outcomeOf(check);
    explainDisagreement(check, chest);
    check.sentence = sentenceOf(check, chest, finding, attention);
    return check;
}

}  // namespace cxr
