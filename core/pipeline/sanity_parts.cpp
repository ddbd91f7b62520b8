// Films changed on purpose.
#include "core/pipeline/sanity_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "core/image/polygon.h"
#include "core/localize/map_geometry.h"
#include "core/pipeline/sanity.h"

namespace cxr {
namespace {

constexpr double kBlur = 0.1;  // of the side

// Each plane through `change`, which keeps its size.
template <typename Change>
NetworkPlanes changed(const NetworkPlanes& planes, const Change& change) {
    NetworkPlanes result = planes;
    const std::size_t each = static_cast<std::size_t>(planes.width) * planes.height;
    for (int c = 0; c < planes.channels; ++c) {
        float* values = result.values.data() + static_cast<std::size_t>(c) * each;
        const cv::Mat plane(planes.height, planes.width, CV_32FC1, values);
        const cv::Mat made = change(plane.clone());
        std::copy(made.begin<float>(), made.end<float>(), values);
    }
    return result;
}

// Ranks from 1, ties at their mean.
std::vector<double> ranksOf(const std::vector<float>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin;
        while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
        for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = (static_cast<double>(begin + end) + 1) / 2;
        begin = end;
    }
    return ranks;
}

}  // namespace

NetworkPlanes mirrored(const NetworkPlanes& planes) {
    return changed(planes, [](const cv::Mat& plane) {
        cv::Mat result;
        cv::flip(plane, result, 1);
        return result;
    });
}

NetworkPlanes shifted(const NetworkPlanes& planes, int right, int down) {
    return changed(planes, [&](const cv::Mat& plane) {
        cv::Mat framed;
        cv::copyMakeBorder(plane, framed, std::max(0, down), std::max(0, -down), std::max(0, right), std::max(0, -right), cv::BORDER_REPLICATE);
        return framed(cv::Rect(std::max(0, -right), std::max(0, -down), plane.cols, plane.rows)).clone();
    });
}

std::vector<std::size_t> ranking(const std::vector<float>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    return order;
}

std::vector<bool> cellsInHeart(const ChestMeasurement& chest, const ExplainInput& input) {
    Polygon onGrid;
    for (const PointPx& p : chest.outlines[static_cast<std::size_t>(Organ::Heart)].points) {
        if (const auto share = gridShareAt(input.grid, p)) onGrid.push_back({share->x * input.width(), share->y * input.height()});
    }
    const cv::Mat mask = fillPolygon(onGrid, {input.width(), input.height()});
    std::vector<bool> inside;
    for (int row = 0; row < mask.rows; ++row) {
        for (int column = 0; column < mask.cols; ++column) {
            if (input.isVector() && input.kept.at<std::uint8_t>(row, column) == 0) continue;
            inside.push_back(mask.at<std::uint8_t>(row, column) != 0);
        }
    }
    return inside;
}

std::vector<float> blurredFilm(const ExplainInput& input) {
    const NetworkPlanes& planes = input.input.planes;
    const cv::Mat film(planes.height, planes.width, CV_32FC1, const_cast<float*>(planes.values.data()));
    if (input.isVector()) return std::vector<float>(film.total(), static_cast<float>(cv::mean(film)[0]));
    cv::Mat blurred;
    cv::GaussianBlur(film, blurred, {}, kBlur * std::max(film.cols, film.rows));
    return {blurred.begin<float>(), blurred.end<float>()};
}

double areaUnder(const std::vector<double>& share, const std::vector<double>& value) {
    double area = 0;
    for (std::size_t i = 1; i < share.size(); ++i) area += (share[i] - share[i - 1]) * (value[i] + value[i - 1]) / 2;
    return area;
}

double rankCorrelation(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size() || a.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> x = ranksOf(a), y = ranksOf(b);
    const double middle = (static_cast<double>(a.size()) + 1) / 2;
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - middle) * (y[i] - middle);
        xx += (x[i] - middle) * (x[i] - middle);
        yy += (y[i] - middle) * (y[i] - middle);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace cxr
