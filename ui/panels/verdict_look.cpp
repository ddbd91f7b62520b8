// How a verdict looks. Signs are drawn here, so that they are sharp at every size and need no icon theme.
#include "ui/panels/verdict_look.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <cmath>
#include <numbers>

namespace cxr::ui {

namespace {

// Signs are drawn in a 24 x 24 box.
QPainterPath regularPolygon(int corners, double radius, double startDegrees) {
    QPainterPath path;
    for (int i = 0; i < corners; ++i) {
        const double angle = (startDegrees + 360.0 * i / corners) * std::numbers::pi / 180.0;
        const QPointF corner(12 + radius * std::cos(angle), 12 + radius * std::sin(angle));
        i == 0 ? path.moveTo(corner) : path.lineTo(corner);
    }
    path.closeSubpath();
    return path;
}

QPainterPath shapeOf(FindingTone tone) {
    QPainterPath path;
    if (tone == FindingTone::Doubtful) {
        path.moveTo(12, 2.5);
        path.lineTo(22.5, 21);
        path.lineTo(1.5, 21);
        path.closeSubpath();
    } else if (tone == FindingTone::Bad) {
        path = regularPolygon(8, 10.5, 22.5);
    } else {
        path.addEllipse(QPointF(12, 12), 10, 10);
    }
    return path;
}

void drawExclamation(QPainter& painter, double shift) {
    painter.drawLine(QPointF(12, 6.5 + shift), QPointF(12, 13 + shift));
    painter.drawPoint(QPointF(12, 17 + shift));
}

void drawQuestion(QPainter& painter) {
    QPainterPath hook;
    hook.moveTo(8.8, 9.3);
    hook.cubicTo(8.8, 4.8, 15.4, 4.9, 15.3, 9.2);
    hook.cubicTo(15.2, 11.4, 12, 11.6, 12, 14);
    painter.drawPath(hook);
    painter.drawPoint(QPointF(12, 17.6));
}

void drawMark(QPainter& painter, FindingTone tone) {
    switch (tone) {
        case FindingTone::Good:
            painter.drawPolyline(QPolygonF{QPointF(7.5, 12.3), QPointF(10.8, 15.6), QPointF(16.6, 8.8)});
            break;
        case FindingTone::Doubtful:
            drawExclamation(painter, 1.5);
            break;
        case FindingTone::Bad:
            drawExclamation(painter, 0);
            break;
        case FindingTone::Uncertain:
            drawQuestion(painter);
            break;
        case FindingTone::None:
            painter.drawLine(QPointF(8, 12), QPointF(16, 12));
            break;
    }
}

}  // namespace

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

FindingTone toneOf(const ChestMeasurement& measurement) {
    if (measurement.isUncertain) return FindingTone::Uncertain;
    switch (measurement.verdict) {
        case Verdict::Normal:
            return FindingTone::Good;
        case Verdict::Borderline:
            return FindingTone::Doubtful;
        case Verdict::Enlarged:
            return FindingTone::Bad;
        case Verdict::NotMeasured:
            break;
    }
    return FindingTone::None;
}

QString wordOf(const ChestMeasurement& measurement) {
    switch (toneOf(measurement)) {
        case FindingTone::Good:
            return QStringLiteral("Normal");
        case FindingTone::Doubtful:
            return QStringLiteral("Borderline");
        case FindingTone::Bad:
            return QStringLiteral("Enlarged");
        case FindingTone::Uncertain:
            return QStringLiteral("Mask uncertain");
        case FindingTone::None:
            break;
    }
    return QStringLiteral("Not measured");
}

QColor toneColor(FindingTone tone, const QPalette& palette) {
    const bool dark = isDark(palette);
    switch (tone) {
        case FindingTone::Good:
            return dark ? QColor(0x63, 0xd2, 0x97) : QColor(0x12, 0x6b, 0x41);
        case FindingTone::Doubtful:
            return dark ? QColor(0xf2, 0xbd, 0x52) : QColor(0x85, 0x53, 0x00);
        case FindingTone::Bad:
            return dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb0, 0x22, 0x1c);
        case FindingTone::Uncertain:
            return dark ? QColor(0xb8, 0xb4, 0xff) : QColor(0x4f, 0x45, 0xb6);
        case FindingTone::None:
            break;
    }
    return palette.color(QPalette::Disabled, QPalette::WindowText);
}

QPixmap tonePixmap(FindingTone tone, const QColor& color, int sizePx, double devicePixelRatio) {
    QPixmap pixmap(QSize(sizePx, sizePx) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(sizePx / 24.0, sizePx / 24.0);
    QColor fill = color;
    fill.setAlphaF(0.18F);
    painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(fill);
    painter.drawPath(shapeOf(tone));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 2.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    drawMark(painter, tone);
    return pixmap;
}

}  // namespace cxr::ui
