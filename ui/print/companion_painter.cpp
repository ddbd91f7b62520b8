// Shutter, drawings and texts of presentation states. See companion_painter.h; segments: segment_painter.cpp.
#include "ui/print/companion_painter.h"

#include <QColorSpace>
#include <QColorTransform>
#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/image/polygon.h"
#include "ui/print/halo_text.h"
#include "ui/print/text_places.h"

namespace cxr::ui {

namespace {

const QColor kUncoloured(255, 221, 87);
const QColor kCasing(0, 0, 0, 150);
constexpr int kArcPoints = 96;
constexpr int kCurveSteps = 12;
constexpr double kPointPx = 6;  // half a cross

// Places of a state on the device.
class Places {
  public:
    Places(const QTransform& filmToDevice, QSize film, const PresentationState& state, const std::string& filmUid)
        : m_toDevice(filmToDevice), m_turns(state.quarterTurns), m_isMirrored(state.isMirrored),
          m_area(QPointF(0, 0), QSizeF(film)) {
        if (const DisplayedArea* area = state.areaFor(filmUid))
            m_area = QRectF(QPointF(area->left, area->top), QPointF(area->right, area->bottom));
    }
    [[nodiscard]] QPointF at(PointPx point, bool isDisplay) const {
        return m_toDevice.map(isDisplay ? onFilm(point) : QPointF(point.x, point.y));
    }

  private:
    // Mirroring undone, then the turn.
    [[nodiscard]] QPointF onFilm(PointPx share) const {
        const double u = m_isMirrored ? 1 - share.x : share.x, v = share.y;
        const QPointF upright = m_turns == 1   ? QPointF(v, 1 - u)
                                : m_turns == 2 ? QPointF(1 - u, 1 - v)
                                : m_turns == 3 ? QPointF(1 - v, u)
                                               : QPointF(u, v);
        return {m_area.left() + upright.x() * m_area.width(), m_area.top() + upright.y() * m_area.height()};
    }
    QTransform m_toDevice;
    int m_turns;
    bool m_isMirrored;
    QRectF m_area;
};

QPolygonF ellipse(QPointF centre, QPointF toFirst, QPointF toSecond) {
    QPolygonF polygon;
    for (int i = 0; i <= kArcPoints; ++i) {
        const double angle = 2 * M_PI * i / kArcPoints;
        polygon << centre + toFirst * std::cos(angle) + toSecond * std::sin(angle);
    }
    return polygon;
}

bool isClosed(const std::vector<PointPx>& points) { return points.size() > 2 && points.front() == points.back(); }

// Splines go through their points before they are laid on the device.
std::vector<PointPx> smoothPoints(const Drawing& drawing) {
    if (drawing.type != DrawingType::Interpolated || drawing.points.size() < 3 || drawing.points.size() > 10'000) return drawing.points;
    if (!isClosed(drawing.points)) return openSpline(drawing.points, kCurveSteps);
    Polygon curve = closedSpline({drawing.points.begin(), drawing.points.end() - 1}, kCurveSteps);
    curve.push_back(curve.front());
    return curve;
}

QPolygonF shapeOf(const Drawing& drawing, const Places& places) {
    const auto at = [&](std::size_t i) { return places.at(drawing.points[i], drawing.isDisplay); };
    switch (drawing.type) {
        case DrawingType::Point: {
            const QPointF c = at(0);
            return {c - QPointF(kPointPx, 0), c + QPointF(kPointPx, 0), c, c - QPointF(0, kPointPx), c + QPointF(0, kPointPx)};
        }
        case DrawingType::Circle: {
            const QPointF radius = at(1) - at(0);
            const double length = std::hypot(radius.x(), radius.y());
            return ellipse(at(0), {length, 0}, {0, length});
        }
        case DrawingType::Ellipse: {
            const QPointF centre = (at(0) + at(1)) / 2;
            return ellipse(centre, at(1) - centre, at(3) - centre);
        }
        default: {
            QPolygonF polygon;
            for (const PointPx& point : smoothPoints(drawing)) polygon << places.at(point, drawing.isDisplay);
            return polygon;
        }
    }
}

void strokeShape(QPainter& painter, const QPolygonF& shape, const QColor& colour, const CompanionStyle& style, bool isDashed = false) {
    painter.setBrush(Qt::NoBrush);
    const Qt::PenStyle stroke = isDashed ? Qt::DashLine : Qt::SolidLine;
    for (const auto& [pen, width] : {std::pair(kCasing, style.lineWidthPx + 2), std::pair(colour, style.lineWidthPx)}) {
        painter.setPen(QPen(pen, width, pen == kCasing ? Qt::SolidLine : stroke, Qt::FlatCap, Qt::BevelJoin));
        painter.drawPolyline(shape);
    }
}

constexpr double kLineSpacing = 1.35;
constexpr double kMovedFar = 1.5;        // lines of text: from here on a line joins a text with its anchor
constexpr std::size_t kMostPlaced = 300;  // texts that look for room; a frame has no time for more

// A text where its state wants it.
struct TextBlock {
    QStringList lines;
    Qt::Alignment side = Qt::AlignLeft;
    QPointF corner;  // upper end of that side
    HaloTextStyle style;
    [[nodiscard]] QRectF rect() const {
        double width = 0;
        for (const QString& line : lines) width = std::max(width, haloTextSize(line, style).width());
        const double left = side == Qt::AlignLeft ? corner.x() : side == Qt::AlignRight ? corner.x() - width : corner.x() - width / 2;
        return {left, corner.y(), width, static_cast<double>(lines.size()) * style.fontPx * kLineSpacing};
    }
};

void placeInBox(const DrawnText::Box& box, const Places& places, TextBlock& block) {
    const QRectF on = QRectF(places.at(box.topLeft, box.isDisplay), places.at(box.bottomRight, box.isDisplay)).normalized();
    const bool isRight = box.justification == Justification::Right, isCentred = box.justification == Justification::Centre;
    block.side = isRight ? Qt::AlignRight : isCentred ? Qt::AlignHCenter : Qt::AlignLeft;
    block.corner = isRight ? on.topRight() : isCentred ? QPointF(on.center().x(), on.top()) : on.topLeft();
}

QPointF nearestOf(const QRectF& box, QPointF point) {
    return {std::clamp(point.x(), box.left(), box.right()), std::clamp(point.y(), box.top(), box.bottom())};
}

QColor colourOf(const Rgb& rgb) { return {rgb[0], rgb[1], rgb[2]}; }

// Texts that look for room among what is there already.
class TextPainter {
  public:
    TextPainter(QPainter& painter, const Places& places, const CompanionStyle& style, const QRectF& area, std::vector<QRectF> taken)
        : m_painter(painter), m_places(places), m_style(style), m_area(area), m_taken(std::move(taken)) {}

    void paint(const DrawnText& text, const QColor& layer) {
        TextBlock block{QString::fromStdString(text.text).split('\n'), Qt::AlignLeft, {}, {.fontPx = m_style.fontPx}};
        block.style.colour = text.colour ? colourOf(*text.colour) : layer;
        block.style.bold = text.isBold;
        const QPointF anchor = text.anchor ? m_places.at(text.anchor->at, text.anchor->isDisplay) : QPointF();
        const double gap = m_style.fontPx * 0.4;
        if (text.box) {
            placeInBox(*text.box, m_places, block);
        } else {
            block.corner = anchor + QPointF(gap, gap);
        }
        const QRectF wanted = block.rect();
        const QRectF place = m_placed++ < kMostPlaced ? freePlace(wanted, m_taken, m_area) : wanted;
        block.corner += place.topLeft() - wanted.topLeft();
        if (m_placed <= kMostPlaced) m_taken.push_back(place);
        const QPointF moved = place.topLeft() - wanted.topLeft();
        const bool isFar = std::hypot(moved.x(), moved.y()) > kMovedFar * m_style.fontPx;
        if (text.anchor && (text.anchor->isVisible || isFar))
            strokeShape(m_painter, QPolygonF() << nearestOf(place, anchor) << anchor, block.style.colour, m_style);
        draw(block);
    }

  private:
    void draw(const TextBlock& block) {
        double top = block.corner.y();
        for (const QString& line : block.lines) {
            if (!line.isEmpty()) drawHaloText(m_painter, {block.corner.x(), top}, block.side | Qt::AlignTop, line, block.style);
            top += block.style.fontPx * kLineSpacing;
        }
    }

    QPainter& m_painter;
    const Places& m_places;
    CompanionStyle m_style;
    QRectF m_area;
    std::vector<QRectF> m_taken;
    std::size_t m_placed = 0;
};

QColor layerColour(const PresentationState& state, const std::string& layer) {
    const auto found = std::find_if(state.layers.begin(), state.layers.end(), [&](const GraphicLayer& one) { return one.name == layer; });
    return found == state.layers.end() || !found->colour ? kUncoloured : colourOf(*found->colour);
}

void paintDrawing(QPainter& painter, const Drawing& drawing, const Places& places, const QColor& layer, const CompanionStyle& style) {
    const QPolygonF shape = shapeOf(drawing, places);
    if (drawing.isFilled && drawing.type != DrawingType::Point) {
        QColor fill = drawing.fillColour ? colourOf(*drawing.fillColour) : layer;
        fill.setAlphaF(static_cast<float>(std::clamp(drawing.fillOpacity, 0.0, 1.0)));
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(shape);
    }
    strokeShape(painter, shape, drawing.lineColour ? colourOf(*drawing.lineColour) : layer, style, drawing.isDashed);
}

// The plane whose set bits hide film pixels, in the shutter's gray.
void paintBitmap(QPainter& painter, const QTransform& filmToDevice, const PresentationState& state, const QColor& gray) {
    const auto plane = std::find_if(state.overlays.begin(), state.overlays.end(),
                                    [&](const OverlayPlane& one) { return one.group == state.shutter.overlayGroup; });
    if (plane == state.overlays.end()) return;
    QImage hidden(plane->mask.cols, plane->mask.rows, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < hidden.height(); ++y) {
        const auto* bits = plane->mask.ptr<std::uint8_t>(y);
        auto* line = reinterpret_cast<QRgb*>(hidden.scanLine(y));
        for (int x = 0; x < hidden.width(); ++x) line[x] = bits[x] != 0 ? gray.rgba() : 0;
    }
    painter.save();
    painter.setTransform(QTransform::fromTranslate(plane->originColumn - 1, plane->originRow - 1) * filmToDevice, true);
    painter.drawImage(QPointF(0, 0), hidden);
    painter.restore();
}

}  // namespace

bool FilmCompanions::replaceFindings() const {
    return (presentation && presentation->facts.isOwn) || (segments && segments->facts.isOwn);
}

QPainterPath openingOf(const Shutter& shutter, QSize filmSize) {
    QPainterPath opening;
    opening.addRect(QRectF(QPointF(0, 0), QSizeF(filmSize)));
    const auto cut = [&opening](const QPainterPath& shape) { opening = opening.intersected(shape); };
    if (const auto& r = shutter.rectangle) {
        QPainterPath shape;
        shape.addRect(QRectF(QPointF(r->left, r->top), QPointF(r->right, r->bottom)));
        cut(shape);
    }
    if (shutter.circleCentre) {
        QPainterPath shape;
        shape.addEllipse(QPointF(shutter.circleCentre->x, shutter.circleCentre->y), shutter.circleRadius, shutter.circleRadius);
        cut(shape);
    }
    if (!shutter.polygon.empty()) {
        QPolygonF polygon;
        for (const PointPx& point : shutter.polygon) polygon << QPointF(point.x, point.y);
        QPainterPath shape;
        shape.addPolygon(polygon);
        shape.closeSubpath();
        cut(shape);
    }
    return opening;
}

void paintShutter(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state) {
    if (state.shutter.isEmpty()) return;
    const int value = static_cast<int>(std::lround(state.shutter.gray * 255));
    const QColor gray(value, value, value);
    QPainterPath closed;
    closed.addRect(QRectF(QPointF(0, 0), QSizeF(filmSize)));
    closed = closed.subtracted(openingOf(state.shutter, filmSize));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillPath(filmToDevice.map(closed), gray);
    painter.restore();
    if (state.shutter.overlayGroup != 0) paintBitmap(painter, filmToDevice, state, gray);
}

void paintDrawings(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state,
                   const std::string& filmUid, const CompanionStyle& style) {
    const Places places(filmToDevice, filmSize, state, filmUid);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Annotation& annotation : state.annotations) {
        if (!annotation.isFor(filmUid)) continue;
        const QColor colour = layerColour(state, annotation.layer);
        for (const Drawing& drawing : annotation.drawings) paintDrawing(painter, drawing, places, colour, style);
    }
    painter.restore();
}

void paintDrawnTexts(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state,
                     const std::string& filmUid, const CompanionStyle& style, const QRectF& area, std::vector<QRectF> taken) {
    const Places places(filmToDevice, filmSize, state, filmUid);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    TextPainter texts(painter, places, style, area, std::move(taken));
    for (const Annotation& annotation : state.annotations) {
        if (!annotation.isFor(filmUid)) continue;
        for (const DrawnText& text : annotation.texts) texts.paint(text, layerColour(state, annotation.layer));
    }
    painter.restore();
}

QList<QRgb> paletteOf(const PseudoColour& colours) {
    const QByteArray profile(reinterpret_cast<const char*>(colours.profile.data()), static_cast<qsizetype>(colours.profile.size()));
    const QColorSpace space = profile.isEmpty() ? QColorSpace() : QColorSpace::fromIccProfile(profile);
    const QColorTransform toScreen = space.isValid() ? space.transformationToColorSpace(QColorSpace::SRgb) : QColorTransform();
    QList<QRgb> palette;
    for (const Rgb& rgb : colours.colours) palette << toScreen.map(qRgb(rgb[0], rgb[1], rgb[2]));
    return palette;
}

QString appliedText(const PresentationState& state) {
    const ObjectFacts& facts = state.facts;
    const auto tr = [](const char* text) { return QCoreApplication::translate("cxr::ui::Companions", text); };
    QString text = tr("Presentation state");
    if (!facts.label.empty()) text += QLatin1Char(' ') + QString::fromStdString(facts.label);
    if (!facts.creator.empty()) text += tr(" by %1").arg(QString::fromStdString(facts.creator));
    if (!facts.date.empty()) text += tr(" of %1").arg(QString::fromStdString(facts.date));
    text += state.colours ? tr(" applied, in its colours") : tr(" applied");
    return facts.isOwn ? text + tr(", in place of the findings of now") : text;
}

}  // namespace cxr::ui
