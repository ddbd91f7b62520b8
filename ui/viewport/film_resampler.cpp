// Separable bilinear resampling of 16-bit samples; see film_resampler.h.
#include "ui/viewport/film_resampler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <vector>

namespace cxr::ui {

namespace {

constexpr int kWeightBits = 14;
constexpr int kWeightOne = 1 << kWeightBits;
constexpr int kRowsPerBand = 64;
constexpr std::size_t kSmallView = 512 * 512;  // pixels; one thread is done before a second one has begun

// For every output pixel of one axis: the first sample to read and the weight of the one after it.
struct AxisTable {
    std::vector<int> first;
    std::vector<int> weight;  // of sample first + step, in 1/16384
    int step = 1;             // 0 when the axis has one sample only
    bool isNearest = false;
    [[nodiscard]] int count() const { return static_cast<int>(first.size()); }
};

// film = filmAtZero + (i + 0.5) * filmPerPixel for output pixel i, then to pixels of the level.
AxisTable axisTable(double filmAtZero, double filmPerPixel, int count, int level, int levelSize, bool nearest) {
    AxisTable table;
    table.first.resize(static_cast<std::size_t>(count));
    table.weight.resize(static_cast<std::size_t>(count));
    table.step = levelSize > 1 ? 1 : 0;
    table.isNearest = nearest;
    const double perLevel = 1.0 / static_cast<double>(1 << level);
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double position = (filmAtZero + (i + 0.5) * filmPerPixel) * perLevel;
        if (nearest) {
            table.first[at] = std::clamp(static_cast<int>(std::floor(position)), 0, levelSize - 1);
            continue;
        }
        const double centred = std::clamp(position - 0.5, 0.0, static_cast<double>(levelSize - 1));
        const int first = std::min(static_cast<int>(centred), std::max(0, levelSize - 2));
        table.first[at] = first;
        table.weight[at] = static_cast<int>(std::lround((centred - first) * kWeightOne));
    }
    return table;
}

void resampleRow(const std::uint16_t* __restrict source, const AxisTable& columns, std::uint16_t* __restrict row) {
    const int* first = columns.first.data();
    const int* weight = columns.weight.data();
    const int count = columns.count();
    if (columns.isNearest) {
        for (int x = 0; x < count; ++x) row[x] = source[first[x]];
        return;
    }
    const int step = columns.step;
    for (int x = 0; x < count; ++x) {
        const int a = source[first[x]];
        const int b = source[first[x] + step];
        row[x] = static_cast<std::uint16_t>(a + (((b - a) * weight[x] + kWeightOne / 2) >> kWeightBits));
    }
}

void blendRows(const std::uint16_t* __restrict upper, const std::uint16_t* __restrict lower, int weight, int count,
               std::uint16_t* __restrict row) {
    for (int x = 0; x < count; ++x) {
        const int a = upper[x];
        const int b = lower[x];
        row[x] = static_cast<std::uint16_t>(a + (((b - a) * weight + kWeightOne / 2) >> kWeightBits));
    }
}

// Keeps the two horizontally resampled source rows that the next output row most likely needs again.
class RowCache {
  public:
    RowCache(const cv::Mat& level, const AxisTable& columns) : m_level(level), m_columns(columns) {
        for (Row& row : m_rows) row.values.resize(static_cast<std::size_t>(columns.count()));
    }
    const std::uint16_t* row(int index, int keep) {
        for (const Row& row : m_rows) {
            if (row.index == index) return row.values.data();
        }
        Row& slot = m_rows[0].index == keep ? m_rows[1] : m_rows[0];
        resampleRow(m_level.ptr<std::uint16_t>(index), m_columns, slot.values.data());
        slot.index = index;
        return slot.values.data();
    }

  private:
    struct Row {
        int index = -1;
        std::vector<std::uint16_t> values;
    };
    const cv::Mat& m_level;
    const AxisTable& m_columns;
    Row m_rows[2];
};

void resampleBand(const cv::Mat& level, const AxisTable& columns, const AxisTable& rows, int begin, int end,
                  cv::Mat& out) {
    RowCache cache(level, columns);
    const int count = columns.count();
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(std::uint16_t);
    for (int y = begin; y < end; ++y) {
        const int first = rows.first[static_cast<std::size_t>(y)];
        const int weight = rows.weight[static_cast<std::size_t>(y)];
        auto* target = out.ptr<std::uint16_t>(y);
        const std::uint16_t* upper = cache.row(first, first + rows.step);
        if (weight == 0) {
            std::memcpy(target, upper, bytes);
            continue;
        }
        blendRows(upper, cache.row(first + rows.step, first), weight, count, target);
    }
}

void resampleLevel(const cv::Mat& level, const AxisTable& columns, const AxisTable& rows, cv::Mat& out) {
    out.create(rows.count(), columns.count(), CV_16UC1);
    const int bands = (rows.count() + kRowsPerBand - 1) / kRowsPerBand;
    const auto resample = [&](const cv::Range& range) {
        resampleBand(level, columns, rows, range.start * kRowsPerBand, std::min(range.end * kRowsPerBand, rows.count()), out);
    };
    if (out.total() < kSmallView) return resample({0, bands});
    cv::parallel_for_(cv::Range(0, bands), resample);
}

// Screen pixels whose centres lie on the film.
QRect visibleRect(const cv::Mat& film, const QTransform& filmToDevice, QSize deviceSize) {
    const QRectF onScreen = filmToDevice.mapRect(QRectF(0, 0, film.cols, film.rows));
    const double left = std::clamp(std::ceil(onScreen.left() - 0.5), 0.0, static_cast<double>(deviceSize.width()));
    const double top = std::clamp(std::ceil(onScreen.top() - 0.5), 0.0, static_cast<double>(deviceSize.height()));
    const double right = std::clamp(std::ceil(onScreen.right() - 0.5), 0.0, static_cast<double>(deviceSize.width()));
    const double bottom = std::clamp(std::ceil(onScreen.bottom() - 0.5), 0.0, static_cast<double>(deviceSize.height()));
    return {static_cast<int>(left), static_cast<int>(top), std::max(0, static_cast<int>(right - left)),
            std::max(0, static_cast<int>(bottom - top))};
}

}  // namespace

void resampleVisible(const FilmPyramid& film, const QTransform& filmToDevice, QSize deviceSize, ResampledFilm& result) {
    result.deviceRect = film.isEmpty() ? QRect() : visibleRect(film.level(0), filmToDevice, deviceSize);
    if (result.deviceRect.isEmpty()) return;
    const QTransform deviceToFilm = filmToDevice.inverted();
    const bool turned = filmToDevice.m11() == 0;
    // film x depends on one screen axis only, film y on the other one
    const double filmXPerPixel = turned ? deviceToFilm.m21() : deviceToFilm.m11();
    const double filmYPerPixel = turned ? deviceToFilm.m12() : deviceToFilm.m22();
    const QPointF corner = deviceToFilm.map(QPointF(result.deviceRect.topLeft()));
    const int level = film.levelFor(std::abs(filmXPerPixel));
    const bool nearest = std::abs(filmXPerPixel) * kNearestFromZoom <= 1;
    const cv::Mat& source = film.level(level);
    const int columnCount = turned ? result.deviceRect.height() : result.deviceRect.width();
    const int rowCount = turned ? result.deviceRect.width() : result.deviceRect.height();
    const AxisTable columns = axisTable(corner.x(), filmXPerPixel, columnCount, level, source.cols, nearest);
    const AxisTable rows = axisTable(corner.y(), filmYPerPixel, rowCount, level, source.rows, nearest);
    resampleLevel(source, columns, rows, turned ? result.scratch : result.samples);
    if (turned) cv::transpose(result.scratch, result.samples);
}

}  // namespace cxr::ui
