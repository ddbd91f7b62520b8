// RatioScale: three zones, their limits, one marker.
#include "ui/panels/ratio_scale.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <array>

#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr double kLow = 0.30;
constexpr double kNormalLimit = 0.50;
constexpr double kEnlargedLimit = 0.55;
constexpr double kHigh = 0.70;
constexpr double kMarginPx = 17;  // half a number at each end
constexpr double kMarkerPx = 14;  // room above the track
constexpr double kTrackPx = 8;

struct Zone {
    double from, to;
    FindingTone tone;
    const char* word;
};
constexpr std::array<Zone, 3> kZones{{{kLow, kNormalLimit, FindingTone::Good, "normal"},
                                      {kNormalLimit, kEnlargedLimit, FindingTone::Doubtful, ""},
                                      {kEnlargedLimit, kHigh, FindingTone::Bad, "enlarged"}}};

}  // namespace

RatioScale::RatioScale(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("ratioScale"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Cardiothoracic ratio. Normal up to 0.50, borderline up to 0.55, enlarged above."));
    setRatio({}, false);
}

void RatioScale::setRatio(std::optional<double> ratio, bool isUncertain) {
    m_ratio = ratio;
    m_isUncertain = isUncertain;
    setAccessibleName(
        m_ratio ? tr("Cardiothoracic ratio %1 on a scale with the limits 0.50 and 0.55").arg(*m_ratio, 0, 'f', 2)
                : tr("Cardiothoracic ratio: not measured"));
    update();
}

double RatioScale::xOf(double ratio) const {
    const double fraction = (std::clamp(ratio, kLow, kHigh) - kLow) / (kHigh - kLow);
    return kMarginPx + fraction * (width() - 2 * kMarginPx);
}

QSize RatioScale::sizeHint() const {
    return {280, static_cast<int>(kMarkerPx + kTrackPx) + 2 * fontMetrics().height() + 6};
}

QSize RatioScale::minimumSizeHint() const { return {180, sizeHint().height()}; }

void RatioScale::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintZones(painter);
    paintLabels(painter);
    if (m_ratio) paintMarker(painter);
}

void RatioScale::paintZones(QPainter& painter) const {
    painter.save();
    QPainterPath track;
    track.addRoundedRect(QRectF(xOf(kLow), kMarkerPx, xOf(kHigh) - xOf(kLow), kTrackPx), kTrackPx / 2, kTrackPx / 2);
    painter.setClipPath(track);
    for (const Zone& zone : kZones) {
        QColor color = toneColor(zone.tone, palette());
        color.setAlphaF(m_ratio && !m_isUncertain ? 0.75F : 0.4F);
        painter.fillRect(QRectF(xOf(zone.from), kMarkerPx, xOf(zone.to) - xOf(zone.from), kTrackPx), color);
    }
    painter.restore();
    painter.setPen(QPen(palette().color(QPalette::WindowText), 1.5));
    for (const double limit : {kNormalLimit, kEnlargedLimit})
        painter.drawLine(QPointF(xOf(limit), kMarkerPx - 2), QPointF(xOf(limit), kMarkerPx + kTrackPx + 2));
}

void RatioScale::paintLabels(QPainter& painter) const {
    const QFontMetricsF metrics(font());
    const double numbersTop = kMarkerPx + kTrackPx + 3;
    QColor quiet = palette().color(QPalette::WindowText);
    quiet.setAlphaF(0.72F);
    painter.setPen(quiet);
    // The two limits are 0.05 apart: their numbers stand to the left and to the right of their ticks.
    const auto number = [&](double value, Qt::Alignment side) {
        const QString text = QString::number(value, 'f', 2);
        const double w = metrics.horizontalAdvance(text);
        const double x = xOf(value) - (side == Qt::AlignRight ? w - 6 : side == Qt::AlignLeft ? 6 : w / 2);
        painter.drawText(QRectF(x, numbersTop, w + 1, metrics.height()), Qt::AlignLeft, text);
    };
    number(kLow, Qt::AlignHCenter);
    number(kNormalLimit, Qt::AlignRight);
    number(kEnlargedLimit, Qt::AlignLeft);
    number(kHigh, Qt::AlignHCenter);
    for (const Zone& zone : kZones) {
        const QRectF box(xOf(zone.from), numbersTop + metrics.height(), xOf(zone.to) - xOf(zone.from),
                         metrics.height());
        painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop, QLatin1String(zone.word));
    }
}

void RatioScale::paintMarker(QPainter& painter) const {
    const double x = xOf(*m_ratio);
    QPainterPath marker;
    if (*m_ratio < kLow || *m_ratio > kHigh) {  // an arrow that points off the scale
        const double side = *m_ratio < kLow ? -1 : 1;
        marker.moveTo(x + side * 8, kMarkerPx / 2);
        marker.lineTo(x - side * 4, 0.5);
        marker.lineTo(x - side * 4, kMarkerPx - 1);
    } else {
        marker.moveTo(x, kMarkerPx + 1);
        marker.lineTo(x - 7, 1);
        marker.lineTo(x + 7, 1);
    }
    marker.closeSubpath();
    const QColor ink = palette().color(QPalette::WindowText);
    painter.setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(m_isUncertain ? QBrush(Qt::NoBrush) : QBrush(ink));
    painter.drawPath(marker);
    if (!m_isUncertain) painter.drawLine(QPointF(x, kMarkerPx), QPointF(x, kMarkerPx + kTrackPx));
}

}  // namespace cxr::ui
