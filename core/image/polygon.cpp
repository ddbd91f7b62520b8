#include "core/image/polygon.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace cxr {
namespace {

// x where the edge a-b meets row y, half-open in y so that a shared corner counts once.
bool crosses(const PointPx& a, const PointPx& b, double y) { return (a.y <= y) != (b.y <= y); }
double crossingX(const PointPx& a, const PointPx& b, double y) { return a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y); }

PointPx mix(const PointPx& a, const PointPx& b, double t) { return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}; }
double distance(const PointPx& a, const PointPx& b) { return std::hypot(b.x - a.x, b.y - a.y); }

double signedArea(const Polygon& polygon) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const PointPx &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
        twice += a.x * b.y - b.x * a.y;
    }
    return twice / 2;
}

PointPx meanOfPoints(const Polygon& polygon) {
    PointPx sum;
    for (const PointPx& p : polygon) sum = {sum.x + p.x, sum.y + p.y};
    return {sum.x / static_cast<double>(polygon.size()), sum.y / static_cast<double>(polygon.size())};
}

PointPx catmullRom(const PointPx& p0, const PointPx& p1, const PointPx& p2, const PointPx& p3, double t) {
    const auto one = [t](double a, double b, double c, double d) {
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
    };
    return {one(p0.x, p1.x, p2.x, p3.x), one(p0.y, p1.y, p2.y, p3.y)};
}

}  // namespace

cv::Mat fillPolygon(const Polygon& polygon, cv::Size size) {
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
    if (polygon.size() < 3) return mask;
    std::vector<double> crossings;
    for (int row = 0; row < size.height; ++row) {
        const double y = row + 0.5;
        crossings.clear();
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const PointPx &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
            if (crosses(a, b, y)) crossings.push_back(crossingX(a, b, y));
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
            const int first = std::max(0, static_cast<int>(std::ceil(std::max(crossings[i], -1.0) - 0.5)));
            const int end =
                std::min(size.width, static_cast<int>(std::ceil(std::min(crossings[i + 1], size.width + 1.0) - 0.5)));
            if (first < end) std::fill(mask.ptr(row) + first, mask.ptr(row) + end, std::uint8_t{255});
        }
    }
    return mask;
}

std::optional<RowSpan> rowSpan(const Polygon& polygon, double y) {
    std::optional<RowSpan> span;
    const auto include = [&span](double x) {
        if (!span) span = RowSpan{x, x};
        span->left = std::min(span->left, x);
        span->right = std::max(span->right, x);
    };
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const PointPx &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
        if (a.y == y) include(a.x);
        if (crosses(a, b, y)) include(crossingX(a, b, y));
    }
    return span;
}

BoundsPx boundsOf(const Polygon& polygon) {
    assert(!polygon.empty());
    BoundsPx bounds{polygon[0].x, polygon[0].y, polygon[0].x, polygon[0].y};
    for (const PointPx& p : polygon) {
        bounds.left = std::min(bounds.left, p.x);
        bounds.right = std::max(bounds.right, p.x);
        bounds.top = std::min(bounds.top, p.y);
        bounds.bottom = std::max(bounds.bottom, p.y);
    }
    return bounds;
}

double areaOf(const Polygon& polygon) { return std::abs(signedArea(polygon)); }

PointPx centroidOf(const Polygon& polygon) {
    assert(!polygon.empty());
    const double area = signedArea(polygon);
    if (std::abs(area) < 1e-9) return meanOfPoints(polygon);
    PointPx sum;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const PointPx &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
        const double cross = a.x * b.y - b.x * a.y;
        sum = {sum.x + (a.x + b.x) * cross, sum.y + (a.y + b.y) * cross};
    }
    return {sum.x / (6 * area), sum.y / (6 * area)};
}

double perimeterOf(const Polygon& polygon) {
    double sum = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) sum += distance(polygon[i], polygon[(i + 1) % polygon.size()]);
    return sum;
}

Polygon resampled(const Polygon& polygon, int count) {
    assert(count >= 3 && polygon.size() >= 2);
    const double step = perimeterOf(polygon) / count;
    Polygon result;
    result.reserve(static_cast<std::size_t>(count));
    double walked = 0;  // arc length at the start of edge i
    for (std::size_t i = 0; i < polygon.size() && static_cast<int>(result.size()) < count; ++i) {
        const PointPx &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
        const double length = distance(a, b);
        while (static_cast<int>(result.size()) < count &&
               static_cast<double>(result.size()) * step <= walked + length) {
            const double t = length > 0 ? (static_cast<double>(result.size()) * step - walked) / length : 0;
            result.push_back(mix(a, b, std::clamp(t, 0.0, 1.0)));
        }
        walked += length;
    }
    while (static_cast<int>(result.size()) < count) result.push_back(polygon.front());  // rounding at the very end
    return result;
}

Polygon smoothed(const Polygon& polygon, double sigmaPx) {
    const double perimeter = perimeterOf(polygon);
    if (polygon.size() < 3 || sigmaPx <= 0 || perimeter <= 0) return polygon;
    const int count = std::clamp(static_cast<int>(perimeter / std::max(0.5, sigmaPx / 4)), 16, 8192);
    const Polygon even = resampled(polygon, count);
    const double sigma = sigmaPx * count / perimeter;
    const int reach = std::min(static_cast<int>(std::ceil(3 * sigma)), count / 2);
    std::vector<double> weights;
    double total = 0;
    for (int k = -reach; k <= reach; ++k) {
        weights.push_back(std::exp(-0.5 * k * k / (sigma * sigma)));
        total += weights.back();
    }
    Polygon result(even.size());
    for (int i = 0; i < count; ++i) {
        PointPx sum;
        for (int k = -reach; k <= reach; ++k) {
            const PointPx& p = even[static_cast<std::size_t>((i + k + count) % count)];
            const double weight = weights[static_cast<std::size_t>(k + reach)] / total;
            sum = {sum.x + weight * p.x, sum.y + weight * p.y};
        }
        result[static_cast<std::size_t>(i)] = sum;
    }
    return result;
}

Polygon closedSpline(const Polygon& points, int steps) {
    Polygon result;
    const std::size_t n = points.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (int s = 0; s < steps; ++s) {
            result.push_back(catmullRom(points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n],
                                        static_cast<double>(s) / steps));
        }
    }
    return result;
}

Polygon openSpline(const Polygon& points, int steps) {
    Polygon result;
    const std::size_t n = points.size();
    for (std::size_t i = 0; i + 1 < n; ++i) {
        for (int s = 0; s < steps; ++s) {
            result.push_back(catmullRom(points[i > 0 ? i - 1 : 0], points[i], points[i + 1],
                                        points[std::min(i + 2, n - 1)], static_cast<double>(s) / steps));
        }
    }
    if (n > 0) result.push_back(points.back());
    return result;
}

Polygon traceMask(const cv::Mat& mask) {
    const auto inside = [&mask](int x, int y) {
        return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x) != 0;
    };
    int startX = -1, startY = -1;
    for (int y = 0; y < mask.rows && startX < 0; ++y)
        for (int x = 0; x < mask.cols && startX < 0; ++x)
            if (inside(x, y)) startX = x, startY = y;
    Polygon corners;
    if (startX < 0) return corners;
    // Walks along pixel borders with the mask at the right hand: east, south, west, north.
    constexpr int stepX[4] = {1, 0, -1, 0}, stepY[4] = {0, 1, 0, -1};
    constexpr int rightX[4] = {0, -1, -1, 0}, rightY[4] = {0, 0, -1, -1};  // pixel ahead at the right of a corner
    constexpr int leftX[4] = {0, 0, -1, -1}, leftY[4] = {-1, 0, 0, -1};
    int x = startX, y = startY, direction = 0;
    do {
        corners.push_back({static_cast<double>(x), static_cast<double>(y)});
        x += stepX[direction];
        y += stepY[direction];
        if (!inside(x + rightX[direction], y + rightY[direction])) {
            direction = (direction + 1) % 4;
        } else if (inside(x + leftX[direction], y + leftY[direction])) {
            direction = (direction + 3) % 4;
        }
    } while (x != startX || y != startY);
    return corners;
}

}  // namespace cxr
