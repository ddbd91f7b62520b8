#include "core/pipeline/classifier_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/plot/figure.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

std::string fixed(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string rangeText(const Interval& interval) { return fixed(interval.low) + " to " + fixed(interval.high); }

std::string titleOf(const ClassEvaluation& one) {
    std::string title = one.name;
    std::replace(title.begin(), title.end(), '_', ' ');
    return title + "  (" + std::to_string(one.positives) + " of " + std::to_string(one.positives + one.negatives) + ")";
}

PlotLine diagonal(double end) { return {{0, end}, {0, end}, kPlotQuiet, 1, true}; }

// Pointwise 95 % band of the ROC curve.
PlotBand rocBand(const RankedScores& ranked, const std::vector<std::string>& groups, const BootstrapOptions& bootstrap) {
    PlotBand band;
    for (int i = 0; i <= 100; ++i) band.x.push_back(i / 100.0);
    const auto sensitivities = [&](const std::vector<double>& weights) { return ranked.sensitivityAt(band.x, weights); };
    for (const Interval& interval : bootstrapWeighted(groups, sensitivities, bootstrap)) {
        band.low.push_back(interval.low);
        band.high.push_back(interval.high);
    }
    return band;
}

PlotPanel rocPanel(const RankedScores& ranked, const ClassEvaluation& one, const std::vector<std::string>& groups,
                   const BootstrapOptions& bootstrap) {
    PlotPanel panel{.title = titleOf(one), .xTitle = "1 – specificity", .yTitle = "sensitivity"};
    panel.bands.push_back(rocBand(ranked, groups, bootstrap));
    PlotLine curve;
    for (const RocPoint& point : ranked.roc()) {
        curve.x.push_back(point.falsePositiveRate);
        curve.y.push_back(point.truePositiveRate);
    }
    panel.lines = {diagonal(1), curve};
    const double x = 1 - one.thresholds[0].specificity.value, y = one.thresholds[0].sensitivity.value;
    if (std::isfinite(x + y)) {
        panel.points.push_back({{x}, {y}, {}, {}, kPlotOrange, 4.5, true});
        panel.texts.push_back({x + 0.03, y - 0.035, "Youden", 0, kPlotOrange});
    }
    panel.texts.push_back({0.97, 0.13, "AUC " + fixed(one.auc.value), 1, kPlotBlue});
    panel.texts.push_back({0.97, 0.06, rangeText(one.auc), 1, kPlotBlue});
    return panel;
}

PlotPanel precisionPanel(const RankedScores& ranked, const ClassEvaluation& one) {
    PlotPanel panel{.title = titleOf(one), .xTitle = "recall (sensitivity)", .yTitle = "precision (PPV)"};
    PlotLine curve;
    for (const PrecisionPoint& point : ranked.precisionRecall()) {
        curve.x.push_back(point.recall);
        curve.y.push_back(point.precision);
    }
    const double share = static_cast<double>(one.positives) / (one.positives + one.negatives);
    panel.lines = {{{0, 1}, {share, share}, kPlotQuiet, 1, true}, curve};
    panel.texts = {{0.97, 0.95, "AP " + fixed(one.averagePrecision.value), 1, kPlotBlue},
                   {0.97, 0.88, rangeText(one.averagePrecision), 1, kPlotBlue},
                   {0.03, share + (share < 0.9 ? 0.035 : -0.035), "guessing " + fixed(share), 0, kPlotQuiet}};
    return panel;
}

PlotPanel reliabilityPanel(const ClassEvaluation& one) {
    PlotPanel panel{.title = titleOf(one), .xTitle = "calibrated probability", .yTitle = "share of positives"};
    PlotPoints points;
    double end = 0.04;
    for (const ReliabilityBin& bin : one.reliability) {
        points.x.push_back(bin.meanProbability);
        points.y.push_back(bin.share);
        points.low.push_back(bin.low);
        points.high.push_back(bin.high);
        end = std::max({end, bin.high, bin.meanProbability});
    }
    end = std::min(1.0, end * 1.06);
    panel.xRange = panel.yRange = {0, end};
    panel.lines = {diagonal(end)};
    panel.points = {points};
    panel.texts = {{0.97 * end, 0.13 * end, "calibration error " + fixed(one.errorAfter), 1, kPlotBlue},
                   {0.97 * end, 0.06 * end, "before " + fixed(one.errorBefore), 1, kPlotQuiet}};
    return panel;
}

Figure figureOf(const std::string& title, const std::string& explanation, const ClassifierEvaluation& evaluation) {
    Figure figure;
    figure.title = title;
    figure.subtitle = std::to_string(evaluation.films) + " films of " + std::to_string(evaluation.patients) +
                      " patients that the networks never saw; " + explanation;
    return figure;
}

// A square of panels; one alone is larger.
void arrange(Figure& figure) {
    const auto count = static_cast<double>(figure.panels.size());
    figure.columns = std::max(1, static_cast<int>(std::ceil(std::sqrt(count))));
    figure.panelWidthPx = figure.panelHeightPx = count > 1 ? 400 : 620;
}

}  // namespace

Result<Done> drawClassifierCurves(const PredictionTable& table, const ClassifierEvaluation& evaluation, const fs::path& folder,
                                  const BootstrapOptions& bootstrap) {
    Figure roc = figureOf("ROC curves", "band: 95 %, bootstrap over patients", evaluation);
    Figure precision = figureOf("Precision and recall", "dashed: what guessing gives", evaluation);
    Figure reliability = figureOf("Reliability", "bins of equal count with 95 % intervals", evaluation);
    for (std::size_t c = 0; c < table.classes.size(); ++c) {
        const RankedScores ranked(table.logitsOf(c), table.labelsOf(c));
        if (!ranked.hasBoth()) continue;
        roc.panels.push_back(rocPanel(ranked, evaluation.classes[c], table.groups(), bootstrap));
        precision.panels.push_back(precisionPanel(ranked, evaluation.classes[c]));
        reliability.panels.push_back(reliabilityPanel(evaluation.classes[c]));
    }
    if (roc.panels.empty()) return Error{ErrorCode::InvalidArgument, "no class has films of both kinds; there is no curve to draw"};
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the folder of the curves: " + failed.message()};
    for (const auto& [name, figure] : {std::pair{"roc.png", &roc}, {"precision_recall.png", &precision}, {"reliability.png", &reliability}}) {
        arrange(*figure);
        if (auto written = writeFigure(folder / name, *figure); !written.isOk()) return written;
    }
    return Done{};
}

}  // namespace cxr
