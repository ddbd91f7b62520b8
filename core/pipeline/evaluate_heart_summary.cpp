// Tables of an evaluation: means with bootstrap intervals, agreement of ratios, per site.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "core/measure/bootstrap.h"
#include "core/measure/ratio_range.h"
#include "core/pipeline/evaluate_heart.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;
using Scores = std::vector<HeartFilmScore>;

constexpr std::array<const char*, kOrganCount> kOrganKeys{"heart", "left_lung", "right_lung"};
constexpr std::array<const char*, kOrganCount> kOrganNames{"Heart", "Left lung", "Right lung"};

constexpr double kLargeError = 0.05;  // of the ratio

struct Column {
    std::vector<double> values;
    std::vector<std::string> groups;
    void add(double value, const HeartFilmScore& score) {
        values.push_back(value);
        groups.push_back(score.site + "/" + score.group);
    }
    [[nodiscard]] Interval mean() const { return bootstrapMean(values, groups); }
};

struct OrganSummary {
    Interval dice, iou, hausdorffPx, hausdorffMm;
    std::size_t films = 0, filmsWithMm = 0;
};

struct SiteSummary {
    std::size_t films = 0, uncertain = 0;
    std::size_t measured = 0, insideRange = 0;  // films with a ratio, and those whose masks' ratio lies in its range
    std::size_t wrong = 0, wrongUnsharp = 0;    // off by more than kLargeError, and those with the note "unsharp"
    std::size_t unsharp = 0;
    std::array<OrganSummary, kOrganCount> organ;
    LimitsOfAgreement againstMasks, againstExperts;
};

OrganSummary organSummary(const Scores& scores, std::size_t organ) {
    Column dice, iou, px, mm;
    for (const HeartFilmScore& score : scores) {
        if (!score.isLabelled[organ]) continue;
        const MaskAgreement& agreement = score.organ[organ];
        dice.add(agreement.dice, score);
        iou.add(agreement.iou, score);
        px.add(agreement.hausdorff95, score);
        if (score.mmPerPx > 0) mm.add(agreement.hausdorff95 * score.mmPerPx, score);
    }
    return {dice.mean(), iou.mean(), px.mean(), mm.mean(), dice.values.size(), mm.values.size()};
}

void countRange(SiteSummary& summary, const HeartFilmScore& score) {
    const auto& [low, high] = score.ratioRange;
    const bool isUnsharp = high - low > kSharpRange, isWrong = std::abs(score.ratio - score.maskRatio) > kLargeError;
    ++summary.measured;
    summary.insideRange += score.maskRatio >= low && score.maskRatio <= high ? 1 : 0;
    summary.unsharp += isUnsharp ? 1 : 0;
    summary.wrong += isWrong ? 1 : 0;
    summary.wrongUnsharp += isWrong && isUnsharp ? 1 : 0;
}

SiteSummary siteSummary(const Scores& scores) {
    SiteSummary summary;
    summary.films = scores.size();
    Column measured, masks, measuredByExperts, experts;
    for (const HeartFilmScore& score : scores) {
        summary.uncertain += score.isUncertain ? 1 : 0;
        if (score.ratio > 0 && score.maskRatio > 0) {
            measured.add(score.ratio, score);
            masks.add(score.maskRatio, score);
            countRange(summary, score);
        }
        if (score.ratio > 0 && score.expertRatio) {
            measuredByExperts.add(score.ratio, score);
            experts.add(*score.expertRatio, score);
        }
    }
    for (std::size_t i = 0; i < kOrganCount; ++i) summary.organ[i] = organSummary(scores, i);
    summary.againstMasks = agreementOf(measured.values, masks.values, measured.groups);
    summary.againstExperts = agreementOf(measuredByExperts.values, experts.values, measuredByExperts.groups);
    return summary;
}

std::vector<std::pair<std::string, Scores>> bySite(const Scores& scores) {
    std::set<std::string> sites;
    for (const HeartFilmScore& score : scores) sites.insert(score.site);
    std::vector<std::pair<std::string, Scores>> parts;
    for (const std::string& site : sites) {
        Scores part;
        for (const HeartFilmScore& score : scores) {
            if (score.site == site) part.push_back(score);
        }
        parts.emplace_back(site, std::move(part));
    }
    if (sites.size() > 1) parts.emplace_back("all", scores);
    return parts;
}

double rounded(double value) { return std::round(value * 1e5) / 1e5; }
Json toJson(const Interval& i) { return {rounded(i.value), rounded(i.low), rounded(i.high)}; }

Json toJson(const OrganSummary& organ) {
    Json j{{"films", organ.films}, {"dice", toJson(organ.dice)}, {"iou", toJson(organ.iou)},
           {"hausdorff95_px", toJson(organ.hausdorffPx)}};
    if (organ.filmsWithMm > 0) j["hausdorff95_mm"] = toJson(organ.hausdorffMm);
    return j;
}

Json toJson(const LimitsOfAgreement& a) {
    return {{"films", a.count}, {"bias", toJson(a.bias)}, {"mean_absolute_error", toJson(a.meanAbsoluteError)},
            {"lower_limit", toJson(a.lowerLimit)}, {"upper_limit", toJson(a.upperLimit)}};
}

Json toJson(const SiteSummary& summary) {
    Json j{{"films", summary.films}, {"uncertain", summary.uncertain}, {"measured", summary.measured},
           {"masks_ratio_inside_range", summary.insideRange}, {"unsharp", summary.unsharp},
           {"wrong_by_0.05", summary.wrong}, {"wrong_by_0.05_and_unsharp", summary.wrongUnsharp}};
    for (std::size_t i = 0; i < kOrganCount; ++i) j[kOrganKeys[i]] = toJson(summary.organ[i]);
    j["ctr_against_masks"] = toJson(summary.againstMasks);
    if (summary.againstExperts.count > 0) j["ctr_against_experts"] = toJson(summary.againstExperts);
    return j;
}

Json summaryJson(const Scores& scores) {
    Json j = Json::object();
    for (const auto& [site, part] : bySite(scores)) j[site] = toJson(siteSummary(part));
    return j;
}

Json filmJson(const HeartFilmScore& score) {
    Json j{{"name", score.name}, {"site", score.site}};
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        if (!score.isLabelled[i]) continue;
        j[kOrganKeys[i]] = {{"dice", rounded(score.organ[i].dice)}, {"iou", rounded(score.organ[i].iou)},
                            {"hausdorff95_px", rounded(score.organ[i].hausdorff95)}};
    }
    j["ctr"] = rounded(score.ratio);
    j["ctr_range"] = {rounded(score.ratioRange.low), rounded(score.ratioRange.high)};
    j["ctr_masks"] = rounded(score.maskRatio);
    if (score.expertRatio) j["ctr_experts"] = *score.expertRatio;
    j["quality"] = rounded(score.quality);
    j["uncertain"] = score.isUncertain;
    return j;
}

std::string text(const Interval& i, int digits) {
    char buffer[96];
    std::snprintf(buffer, sizeof buffer, "%.*f [%.*f, %.*f]", digits, i.value, digits, i.low, digits, i.high);
    return buffer;
}

std::string organTable(const std::vector<std::pair<std::string, SiteSummary>>& sites) {
    std::string table = "| site | organ | films | Dice | IoU | Hausdorff-95 px | Hausdorff-95 mm |\n|---|---|---|---|---|---|---|\n";
    for (const auto& [site, summary] : sites) {
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            const OrganSummary& organ = summary.organ[i];
            table += "| " + site + " | " + kOrganNames[i] + " | " + std::to_string(organ.films) + " | " +
                     text(organ.dice, 4) + " | " + text(organ.iou, 4) + " | " + text(organ.hausdorffPx, 2) + " | " +
                     (organ.filmsWithMm > 0 ? text(organ.hausdorffMm, 2) : "spacing unknown") + " |\n";
        }
    }
    return table;
}

std::string ratioRow(const std::string& site, const char* reference, const LimitsOfAgreement& a) {
    if (a.count == 0) return {};
    return "| " + site + " | " + reference + " | " + std::to_string(a.count) + " | " + text(a.bias, 4) + " | " +
           text(a.meanAbsoluteError, 4) + " | " + text(a.lowerLimit, 4) + " to " + text(a.upperLimit, 4) + " |\n";
}

}  // namespace

std::string evaluationSummaryJson(const Scores& scores) { return summaryJson(scores).dump(2) + "\n"; }

std::string evaluationJson(const Scores& scores) {
    Json films = Json::array();
    for (const HeartFilmScore& score : scores) films.push_back(filmJson(score));
    return Json{{"summary", summaryJson(scores)}, {"films", films}}.dump(2) + "\n";
}

std::string evaluationMarkdown(const Scores& scores) {
    std::vector<std::pair<std::string, SiteSummary>> sites;
    for (const auto& [site, part] : bySite(scores)) sites.emplace_back(site, siteSummary(part));
    std::string markdown = organTable(sites) + "\n";
    markdown += "| site | CTR against | films | bias | mean absolute error | 95 % limits of agreement |\n|---|---|---|---|---|---|\n";
    for (const auto& [site, summary] : sites) {
        markdown += ratioRow(site, "masks", summary.againstMasks) + ratioRow(site, "experts", summary.againstExperts);
    }
    for (const auto& [site, summary] : sites) {
        markdown += "\n" + site + ": " + std::to_string(summary.uncertain) + " of " + std::to_string(summary.films) +
                    " films are called uncertain by the program. Of " + std::to_string(summary.measured) +
                    " ratios, that of the masks lies in the range given with the ratio in " +
                    std::to_string(summary.insideRange) + "; " + std::to_string(summary.unsharp) +
                    " carry the note that the outlines are unsharp; " + std::to_string(summary.wrong) +
                    " are wrong by more than 0.05, " + std::to_string(summary.wrongUnsharp) + " of them with that note.";
    }
    return markdown + "\n";
}

}  // namespace cxr
