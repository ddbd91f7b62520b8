// A small line plot with axes, grid and legend, drawn by OpenCV.
#include "core/pipeline/training_curves.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <vector>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

using Table = std::map<std::string, std::vector<double>>;

struct Line {
    std::string name;
    std::vector<double> values;
    cv::Scalar colour;  // BGR
};

const cv::Scalar kBlue(180, 110, 30), kOrange(20, 120, 220), kGreen(90, 150, 40), kInk(50, 50, 50), kGrid(225, 225, 225);
constexpr int kLeft = 80, kTop = 50, kRight = 870, kBottom = 500;

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

void label(cv::Mat& plot, const std::string& text, cv::Point at, const cv::Scalar& colour = kInk) {
    cv::putText(plot, text, at, cv::FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv::LINE_AA);
}

cv::Point position(double epoch, double value, double epochs, double low, double high) {
    const double x = kLeft + (kRight - kLeft) * (epochs > 1 ? (epoch - 1) / (epochs - 1) : 0.5);
    const double y = kBottom - (kBottom - kTop) * (value - low) / (high - low);
    return {static_cast<int>(std::lround(x)), std::clamp(static_cast<int>(std::lround(y)), kTop, kBottom)};
}

void drawAxes(cv::Mat& plot, double low, double high, int epochs) {
    for (int i = 0; i <= 5; ++i) {
        const double value = low + (high - low) * i / 5;
        const cv::Point at = position(1, value, epochs, low, high);
        cv::line(plot, {kLeft, at.y}, {kRight, at.y}, kGrid, 1);
        label(plot, cv::format("%.2f", value), {28, at.y + 5});
    }
    const int tick = epochs <= 60 ? 5 : 5 * ((epochs + 59) / 60);
    for (int epoch = tick; epoch <= epochs; epoch += tick) {
        label(plot, std::to_string(epoch), {position(epoch, low, epochs, low, high).x - 8, kBottom + 22});
    }
    label(plot, "epoch", {(kLeft + kRight) / 2 - 20, kBottom + 45});
    cv::rectangle(plot, {kLeft, kTop}, {kRight, kBottom}, kInk, 1);
}

cv::Mat plotOf(const std::string& title, const std::vector<Line>& lines, double low, double high) {
    cv::Mat plot(560, 900, CV_8UC3, cv::Scalar::all(255));
    const int epochs = static_cast<int>(lines.front().values.size());
    drawAxes(plot, low, high, epochs);
    label(plot, title, {kLeft, 30});
    int legendX = kLeft + 270;
    for (const Line& line : lines) {
        std::vector<cv::Point> points;
        for (int i = 0; i < epochs; ++i) {
            const double value = line.values[static_cast<std::size_t>(i)];
            if (std::isfinite(value)) points.push_back(position(i + 1, value, epochs, low, high));
        }
        if (points.size() > 1) cv::polylines(plot, points, false, line.colour, 2, cv::LINE_AA);
        if (points.size() == 1) cv::circle(plot, points[0], 3, line.colour, cv::FILLED, cv::LINE_AA);
        cv::line(plot, {legendX, 26}, {legendX + 24, 26}, line.colour, 2);
        label(plot, line.name, {legendX + 30, 30});
        legendX += 170;
    }
    return plot;
}

// Top of the loss axis. A segmentation's begins at 0.5, so that its plots compare; a classifier's scale depends on its loss.
double highestLoss(const std::vector<Line>& losses, bool isClassifier) {
    double highest = isClassifier ? 0.05 : 0.5;
    for (const Line& line : losses) {
        if (!isClassifier && line.name == "monitor") continue;  // a bad first epoch would flatten the rest
        for (const double value : line.values) highest = std::isfinite(value) ? std::max(highest, value) : highest;
    }
    return highest;
}

Result<Done> writePlot(const fs::path& file, const cv::Mat& plot) {
    return writeFileAtomically(file, [&](const fs::path& temporary) -> Result<Done> {
        if (cv::imwrite(temporary.string(), plot)) return Done{};
        return Error{ErrorCode::WriteFailed, "cannot write the curves"};
    });
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
    const std::vector<Line> losses{{"training", table.at("training_loss"), kBlue}, {"monitor", table.at("monitor_loss"), kOrange}};
    const cv::Mat loss = plotOf(isClassifier ? "Loss" : "Loss (BCE + 1 - Dice)", losses, 0, highestLoss(losses, isClassifier));
    if (auto written = writePlot(folder / "loss.png", loss); !written.isOk()) return written;
    if (isClassifier) return writePlot(folder / "auc.png", plotOf("Mean ROC AUC on monitor films", {{"AUC", table.at(kAuc), kOrange}}, 0.4, 1));
    return writePlot(folder / "dice.png", plotOf("Dice on monitor films", {{"heart", table.at("dice_heart"), kOrange},
                                                  {"left lung", table.at("dice_left_lung"), kBlue},
                                                  {"right lung", table.at("dice_right_lung"), kGreen}}, 0.7, 1));
}

}  // namespace cxr
