#include "ui/print/text_places.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace cxr::ui {

namespace {

constexpr double kGap = 3;
constexpr int kMostSteps = 64;

enum class Way { Up, Down, Left, Right };

const QRectF* inTheWay(const QRectF& place, const std::vector<QRectF>& taken) {
    const auto found = std::find_if(taken.begin(), taken.end(), [&](const QRectF& one) { return !one.isEmpty() && one.intersects(place); });
    return found == taken.end() ? nullptr : &*found;
}

void movePast(QRectF& place, const QRectF& obstacle, Way way) {
    switch (way) {
        case Way::Up: return place.moveBottom(obstacle.top() - kGap);
        case Way::Down: return place.moveTop(obstacle.bottom() + kGap);
        case Way::Left: return place.moveRight(obstacle.left() - kGap);
        case Way::Right: return place.moveLeft(obstacle.right() + kGap);
    }
}

std::optional<QRectF> along(QRectF place, const std::vector<QRectF>& taken, const QRectF& area, Way way) {
    for (int step = 0; step < kMostSteps; ++step) {
        const QRectF* obstacle = inTheWay(place, taken);
        if (obstacle == nullptr) return place;
        movePast(place, *obstacle, way);
        if (!area.contains(place)) return std::nullopt;
    }
    return std::nullopt;
}

double wayLength(const QRectF& from, const QRectF& to) { return std::hypot(to.x() - from.x(), to.y() - from.y()); }

// A text that reaches over an edge is seen whole when it is pushed in.
QRectF pushedIn(QRectF place, const QRectF& area) {
    if (!place.intersects(area) || place.width() > area.width() || place.height() > area.height()) return place;
    place.moveLeft(std::clamp(place.left(), area.left(), area.right() - place.width()));
    place.moveTop(std::clamp(place.top(), area.top(), area.bottom() - place.height()));
    return place;
}

}  // namespace

QRectF freePlace(const QRectF& wanted, const std::vector<QRectF>& taken, const QRectF& area) {
    const QRectF start = pushedIn(wanted, area);
    if (inTheWay(start, taken) == nullptr || !area.contains(start)) return start;
    std::optional<QRectF> best;
    for (const Way way : std::array{Way::Up, Way::Down, Way::Left, Way::Right}) {
        const auto place = along(start, taken, area, way);
        if (place && (!best || wayLength(start, *place) < wayLength(start, *best))) best = place;
    }
    return best.value_or(start);
}

}  // namespace cxr::ui
