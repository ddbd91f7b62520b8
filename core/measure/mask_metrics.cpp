#include "core/measure/mask_metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/measure/bootstrap.h"

namespace cxr {
namespace {

struct Overlap {
    double a = 0, b = 0, both = 0;
};

Overlap overlapOf(const cv::Mat& a, const cv::Mat& b) {
    assert(a.type() == CV_8UC1 && b.type() == CV_8UC1 && a.size() == b.size() && !a.empty());
    const cv::Mat inA = a != 0, inB = b != 0;
    return {static_cast<double>(cv::countNonZero(inA)), static_cast<double>(cv::countNonZero(inB)),
            static_cast<double>(cv::countNonZero(inA & inB))};
}

// Mask pixels with a 4-neighbour outside the mask; the world beyond the picture is outside. CV_8UC1 0 or 255.
cv::Mat boundaryOf(const cv::Mat& mask) {
    const cv::Mat inside = mask != 0;
    cv::Mat eroded;
    cv::erode(inside, eroded, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}), {-1, -1}, 1, cv::BORDER_CONSTANT,
              cv::Scalar(0));
    return inside & ~eroded;
}

// Lower envelope of parabolas: squared distance along one line, samples `step` apart.
// Felzenszwalb and Huttenlocher, Theory of Computing 2012.
class LineTransform {
  public:
    void run(std::vector<double>& f, double step) {
        const int n = static_cast<int>(f.size());
        const double far = std::numeric_limits<double>::infinity();
        m_at.clear();
        m_from.clear();
        for (int q = 0; q < n; ++q) {
            if (f[q] == far) continue;
            double start = -far;
            while (!m_at.empty() && (start = crossing(f, m_at.back(), q, step)) <= m_from.back()) {
                m_at.pop_back();
                m_from.pop_back();
                start = -far;
            }
            m_at.push_back(q);
            m_from.push_back(start);
        }
        if (m_at.empty()) return;
        m_result.resize(f.size());
        std::size_t k = 0;
        for (int q = 0; q < n; ++q) {
            while (k + 1 < m_at.size() && m_from[k + 1] < q * step) ++k;
            const double d = (q - m_at[k]) * step;
            m_result[q] = d * d + f[m_at[k]];
        }
        f.swap(m_result);
    }

  private:
    static double crossing(const std::vector<double>& f, int p, int q, double step) {
        const double xp = p * step, xq = q * step;
        return ((f[q] + xq * xq) - (f[p] + xp * xp)) / (2 * (xq - xp));
    }
    std::vector<int> m_at;
    std::vector<double> m_from, m_result;
};

// Squared distance of every pixel to the nearest set pixel of `points`, CV_64FC1, exact for pixels that are not square.
cv::Mat squaredDistanceTo(const cv::Mat& points, PixelSize pixel) {
    cv::Mat squared(points.size(), CV_64FC1, cv::Scalar(std::numeric_limits<double>::infinity()));
    squared.setTo(0, points);
    LineTransform line;
    std::vector<double> column(static_cast<std::size_t>(points.rows)), row(static_cast<std::size_t>(points.cols));
    for (int x = 0; x < points.cols; ++x) {
        for (int y = 0; y < points.rows; ++y) column[y] = squared.at<double>(y, x);
        line.run(column, pixel.y);
        for (int y = 0; y < points.rows; ++y) squared.at<double>(y, x) = column[y];
    }
    for (int y = 0; y < points.rows; ++y) {
        double* values = squared.ptr<double>(y);
        row.assign(values, values + points.cols);
        line.run(row, pixel.x);
        std::copy(row.begin(), row.end(), values);
    }
    return squared;
}

double directed95(const cv::Mat& from, const cv::Mat& squaredDistance) {
    std::vector<double> distances;
    for (int y = 0; y < from.rows; ++y) {
        for (int x = 0; x < from.cols; ++x) {
            if (from.at<std::uint8_t>(y, x)) distances.push_back(std::sqrt(squaredDistance.at<double>(y, x)));
        }
    }
    return quantileOf(std::move(distances), 0.95);
}

}  // namespace

double diceOf(const cv::Mat& a, const cv::Mat& b) {
    const Overlap o = overlapOf(a, b);
    return o.a + o.b == 0 ? 1 : 2 * o.both / (o.a + o.b);
}

double iouOf(const cv::Mat& a, const cv::Mat& b) {
    const Overlap o = overlapOf(a, b);
    const double either = o.a + o.b - o.both;
    return either == 0 ? 1 : o.both / either;
}

double hausdorff95(const cv::Mat& a, const cv::Mat& b, PixelSize pixel) {
    assert(a.type() == CV_8UC1 && b.type() == CV_8UC1 && a.size() == b.size() && !a.empty());
    assert(pixel.x > 0 && pixel.y > 0);
    const cv::Mat edgeA = boundaryOf(a), edgeB = boundaryOf(b);
    const bool hasA = cv::countNonZero(edgeA) > 0, hasB = cv::countNonZero(edgeB) > 0;
    if (!hasA && !hasB) return 0;
    if (!hasA || !hasB) return std::hypot(a.cols * pixel.x, a.rows * pixel.y);
    return std::max(directed95(edgeA, squaredDistanceTo(edgeB, pixel)),
                    directed95(edgeB, squaredDistanceTo(edgeA, pixel)));
}

MaskAgreement compareMasks(const cv::Mat& a, const cv::Mat& b, PixelSize pixel) {
    return {diceOf(a, b), iouOf(a, b), hausdorff95(a, b, pixel)};
}

}  // namespace cxr
