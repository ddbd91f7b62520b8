// Which columns of a log become which lines.
#include "core/pipeline/training_curves.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <vector>

#include "core/plot/figure.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

using Table = std::map<std::string, std::vector<double>>;

struct Curve {
    std::string name;
    std::vector<double> values;  // one an epoch; NaN where the log is empty
    PlotColour colour;
};

constexpr const char* kAuc = "monitor_auc";  // only in logs of classification runs

Result<Table> parseLog(const std::string& csv) {
    std::istringstream lines(csv);
    std::string line, cell;
    std::getline(lines, line);
    std::vector<std::string> names;
    for (std::istringstream header(line); std::getline(header, cell, ',');) names.push_back(cell);
    Table table;
    for (const std::string& name : names) table[name];
    while (std::getline(lines, line)) {
        std::istringstream row(line);
        for (const std::string& name : names) {
            if (!std::getline(row, cell, ',')) return Error{ErrorCode::Corrupt, "a row of the training log is too short"};
            try {
                table[name].push_back(cell.empty() ? std::nan("") : std::stod(cell));
            } catch (const std::exception&) {
                return Error{ErrorCode::Corrupt, "the training log holds something that is not a number"};
            }
        }
    }
    std::vector<const char*> needed{"epoch", "training_loss", "monitor_loss"};
    if (!table.contains(kAuc)) needed.insert(needed.end(), {"dice_heart", "dice_left_lung", "dice_right_lung"});
    for (const char* column : needed) {
        if (!table.contains(column)) return Error{ErrorCode::Corrupt, std::string("the training log has no column ") + column};
    }
    return table;
}

// The names stand in the panel's upper right corner, in their lines' colours.
Figure figureOf(const std::string& title, const std::vector<Curve>& curves, double low, double high) {
    const auto epochs = static_cast<double>(curves.front().values.size());
    PlotPanel panel{.title = {}, .xTitle = "epoch", .yTitle = {}, .xRange = {std::min(1.0, epochs - 1), std::max(2.0, epochs)}, .yRange = {low, high}};
    for (const Curve& curve : curves) {
        PlotLine line{.x = {}, .y = {}, .colour = curve.colour};
        for (std::size_t i = 0; i < curve.values.size(); ++i) {
            if (!std::isfinite(curve.values[i])) continue;
            line.x.push_back(static_cast<double>(i + 1));
            line.y.push_back(std::clamp(curve.values[i], low, high));
        }
        const double height = high - 0.06 * (high - low) * static_cast<double>(panel.texts.size() + 1);
        panel.texts.push_back({panel.xRange[1] - 0.02 * (panel.xRange[1] - panel.xRange[0]), height, curve.name, 1, curve.colour});
        if (line.x.size() == 1) panel.points.push_back({.x = line.x, .y = line.y, .low = {}, .high = {}, .colour = curve.colour});
        if (line.x.size() > 1) panel.lines.push_back(std::move(line));
    }
    return {.title = title, .subtitle = {}, .panels = {std::move(panel)}, .columns = 1, .panelWidthPx = 900, .panelHeightPx = 520};
}

// Top of the loss axis. A segmentation's begins at 0.5, so that its plots compare; a classifier's scale depends on its loss.
double highestLoss(const std::vector<Curve>& losses, bool isClassifier) {
    double highest = isClassifier ? 0.05 : 0.5;
    for (const Curve& line : losses) {
        if (!isClassifier && line.name == "monitor") continue;  // a bad first epoch would flatten the rest
        for (const double value : line.values) highest = std::isfinite(value) ? std::max(highest, value) : highest;
    }
    return highest;
}

}  // namespace

Result<Done> drawTrainingCurves(const std::string& logCsv, const fs::path& folder) {
    auto parsed = parseLog(logCsv);
    if (!parsed.isOk()) return std::move(parsed).error();
    const Table& table = parsed.value();
    if (table.at("epoch").empty()) return Error{ErrorCode::Corrupt, "the training log has no epoch"};
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the folder of the curves: " + failed.message()};
    const bool isClassifier = table.contains(kAuc);
    const std::vector<Curve> losses{{"training", table.at("training_loss"), kPlotBlue}, {"monitor", table.at("monitor_loss"), kPlotOrange}};
    const Figure loss = figureOf(isClassifier ? "Loss" : "Loss (BCE + 1 - Dice)", losses, 0, highestLoss(losses, isClassifier));
    if (auto written = writeFigure(folder / "loss.png", loss); !written.isOk()) return written;
    if (isClassifier) return writeFigure(folder / "auc.png", figureOf("Mean ROC AUC on monitor films", {{"AUC", table.at(kAuc), kPlotOrange}}, 0.4, 1));
    const std::vector<Curve> dice{{"heart", table.at("dice_heart"), kPlotOrange},
                                  {"left lung", table.at("dice_left_lung"), kPlotBlue},
                                  {"right lung", table.at("dice_right_lung"), kPlotGreen}};
    return writeFigure(folder / "dice.png", figureOf("Dice on monitor films", dice, 0.7, 1));
}

}  // namespace cxr
