#include "core/measure/cardiothoracic.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cxr {
namespace {

// Widths between polygons are linear between the rows of their corners: the widest is at one of them.
std::vector<double> cornerRows(const Polygon& a, const Polygon& b = {}) {
    std::vector<double> rows;
    for (const PointPx& p : a) rows.push_back(p.y);
    for (const PointPx& p : b) rows.push_back(p.y);
    std::sort(rows.begin(), rows.end());
    return rows;
}

LinePx horizontal(double left, double right, double y) { return {{left, y}, {right, y}}; }

}  // namespace

std::optional<LinePx> heartLineOf(const Polygon& heart) {
    if (heart.size() < 3) return std::nullopt;
    const BoundsPx bounds = boundsOf(heart);
    double widest = -1, row = (bounds.top + bounds.bottom) / 2;
    for (const double y : cornerRows(heart)) {
        const auto span = rowSpan(heart, y);
        if (span && span->width() > widest) widest = span->width(), row = y;
    }
    if (bounds.width() <= 0) return std::nullopt;
    return horizontal(bounds.left, bounds.right, row);
}

std::optional<LinePx> chestLineOf(const Polygon& leftLung, const Polygon& rightLung, ChestWidth how) {
    if (leftLung.size() < 3 || rightLung.size() < 3) return std::nullopt;
    std::optional<LinePx> best;
    for (const double y : cornerRows(leftLung, rightLung)) {
        const auto onRight = rowSpan(rightLung, y), onLeft = rowSpan(leftLung, y);
        if (!onRight || !onLeft) continue;
        const double left = std::min(onRight->left, onLeft->left), right = std::max(onRight->right, onLeft->right);
        if (!best || right - left > best->to.x - best->from.x) best = horizontal(left, right, y);
    }
    if (!best || how == ChestWidth::WidestRow) return best;
    const BoundsPx a = boundsOf(rightLung), b = boundsOf(leftLung);
    return horizontal(std::min(a.left, b.left), std::max(a.right, b.right), best->from.y);
}

double ratioOf(const LinePx& heartLine, const LinePx& chestLine) {
    const double chest = std::abs(chestLine.to.x - chestLine.from.x);
    return chest > 0 ? std::abs(heartLine.to.x - heartLine.from.x) / chest : 0;
}

}  // namespace cxr
