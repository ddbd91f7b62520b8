// See outline_stroker.h.
#include "ui/print/outline_stroker.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cxr::ui {

namespace {

constexpr double kStepsPerPx = 64;     // resolution of kept distances
constexpr std::uint16_t kFar = 0x7fff;
constexpr std::uint16_t kGap = 0x8000;  // flag: nearest part of the outline lies in a gap between dashes
constexpr double kLongestPiecePx = 12;  // longer segments are cut: their bounding boxes would be mostly empty
constexpr double kDashPx = 9;
constexpr double kPeriodPx = 16;

struct Piece {
    QPointF from, to;
    double startPx = 0;  // arc length at `from`
};

std::vector<Piece> piecesOf(const QPolygonF& closed, double scale, const QRectF& reach) {
    std::vector<Piece> pieces;
    double arc = 0;
    for (qsizetype i = 0; i < closed.size(); ++i) {
        const QPointF from = closed.at(i) * scale;
        const QPointF along = closed.at((i + 1) % closed.size()) * scale - from;
        const double length = std::hypot(along.x(), along.y());
        const QRectF box = QRectF(from, QSizeF(along.x(), along.y())).normalized().adjusted(-1, -1, 1, 1);
        const int count = box.intersects(reach) ? std::max(1, static_cast<int>(std::ceil(length / kLongestPiecePx))) : 0;
        for (int k = 0; k < count; ++k) {
            const Piece piece{from + along * k / count, from + along * (k + 1) / count, arc + length * k / count};
            if (reach.contains(piece.from) || reach.contains(piece.to)) pieces.push_back(piece);
        }
        arc += length;
    }
    return pieces;
}

QRectF boundsOf(const std::vector<Piece>& pieces) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const Piece& piece : pieces) {
        left = std::min({left, piece.from.x(), piece.to.x()});
        top = std::min({top, piece.from.y(), piece.to.y()});
        right = std::max({right, piece.from.x(), piece.to.x()});
        bottom = std::max({bottom, piece.from.y(), piece.to.y()});
    }
    return {left, top, right - left, bottom - top};
}

// Smallest distances to the outline in 1/64 px, for the pixels of `area`.
class DistanceMap {
  public:
    DistanceMap(const QRect& area, double reachPx, bool isDashed)
        : m_area(area), m_reachPx(reachPx), m_isDashed(isDashed),
          m_steps(static_cast<std::size_t>(area.width()) * static_cast<std::size_t>(area.height()), kFar) {}

    void add(const Piece& piece) {
        const QPointF origin(m_area.topLeft());
        const QPointF from = piece.from - origin;
        const QPointF along = piece.to - piece.from;
        const double squared = QPointF::dotProduct(along, along);
        const int left = clampedTo(std::min(from.x(), from.x() + along.x()) - m_reachPx, m_area.width());
        const int right = clampedTo(std::max(from.x(), from.x() + along.x()) + m_reachPx + 1, m_area.width());
        const int top = clampedTo(std::min(from.y(), from.y() + along.y()) - m_reachPx, m_area.height());
        const int bottom = clampedTo(std::max(from.y(), from.y() + along.y()) + m_reachPx + 1, m_area.height());
        for (int y = top; y < bottom; ++y) {
            std::uint16_t* row = m_steps.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(m_area.width());
            for (int x = left; x < right; ++x) {
                const double px = x + 0.5 - from.x();
                const double py = y + 0.5 - from.y();
                const double t = squared > 0 ? std::clamp((px * along.x() + py * along.y()) / squared, 0.0, 1.0) : 0.0;
                const double dx = px - t * along.x();
                const double dy = py - t * along.y();
                const double distance = std::sqrt(dx * dx + dy * dy);
                if (distance < m_reachPx) keep(row[x], distance, piece.startPx + t * std::sqrt(squared));
            }
        }
    }
    [[nodiscard]] const std::uint16_t* row(int y) const {
        return m_steps.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(m_area.width());
    }

  private:
    static int clampedTo(double value, int limit) {
        return static_cast<int>(std::clamp(std::floor(value), 0.0, static_cast<double>(limit)));
    }
    void keep(std::uint16_t& kept, double distance, double arc) const {
        const auto steps = static_cast<std::uint16_t>(distance * kStepsPerPx);
        if (steps >= (kept & kFar)) return;
        const bool inGap = m_isDashed && std::fmod(arc, kPeriodPx) > kDashPx;
        kept = inGap ? static_cast<std::uint16_t>(steps | kGap) : steps;
    }

    QRect m_area;
    double m_reachPx;
    bool m_isDashed;
    std::vector<std::uint16_t> m_steps;
};

double coverageAt(double distance, double radius) { return std::clamp(radius + 0.5 - distance, 0.0, 1.0); }

// Premultiplied colour for every distance; `withLine` false gives the casing alone.
std::vector<QRgb> colourTable(const OutlineStroke& stroke, double scale, double reachPx, bool withLine) {
    std::vector<QRgb> table(static_cast<std::size_t>(reachPx * kStepsPerPx) + 2, 0);
    const double line = stroke.widthPx / 2 * scale;
    const double casing = line + stroke.casingPx * scale;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double distance = static_cast<double>(i) / kStepsPerPx;
        const double over = withLine ? coverageAt(distance, line) * stroke.colour.alphaF() : 0.0;
        const double under = coverageAt(distance, casing) * stroke.casing.alphaF() * (1 - over);
        const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a * over + b * under)); };
        table[i] = qRgba(mix(stroke.colour.red(), stroke.casing.red()), mix(stroke.colour.green(), stroke.casing.green()),
                         mix(stroke.colour.blue(), stroke.casing.blue()), static_cast<int>(std::lround((over + under) * 255)));
    }
    return table;
}

QImage coloured(const DistanceMap& map, QSize size, const std::vector<QRgb>& line, const std::vector<QRgb>& gap) {
    QImage picture(size, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < size.height(); ++y) {
        const std::uint16_t* steps = map.row(y);
        auto* target = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < size.width(); ++x) {
            const std::uint16_t at = steps[x];
            if (at == kFar) {
                target[x] = 0;
            } else {
                target[x] = (at & kGap) != 0 ? gap[at & kFar] : line[at];
            }
        }
    }
    return picture;
}

}  // namespace

void strokeOutline(QPainter& painter, const QPolygonF& closed, const OutlineStroke& stroke) {
    const double scale = painter.device()->devicePixelRatioF();
    const double reachPx = (stroke.widthPx / 2 + stroke.casingPx) * scale + 0.5;
    QRectF seen = QRectF(painter.window());
    if (painter.hasClipping()) seen &= painter.clipBoundingRect();
    const QRect device = QRectF(seen.topLeft() * scale, seen.size() * scale).toAlignedRect();
    const double margin = reachPx + kLongestPiecePx;
    const auto pieces = piecesOf(closed, scale, QRectF(device).adjusted(-margin, -margin, margin, margin));
    if (pieces.empty()) return;
    const QRect area = boundsOf(pieces).adjusted(-reachPx, -reachPx, reachPx, reachPx).toAlignedRect().intersected(device);
    if (area.isEmpty()) return;
    DistanceMap map(area, reachPx, stroke.isDashed);
    for (const Piece& piece : pieces) map.add(piece);
    const QImage picture = coloured(map, area.size(), colourTable(stroke, scale, reachPx, true),
                                    colourTable(stroke, scale, reachPx, false));
    painter.drawImage(QRectF(area.x() / scale, area.y() / scale, area.width() / scale, area.height() / scale), picture);
}

}  // namespace cxr::ui
