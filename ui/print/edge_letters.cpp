// See edge_letters.h.
#include "ui/print/edge_letters.h"

#include <QPainter>
#include <cmath>

#include "ui/print/halo_text.h"

namespace cxr::ui {

namespace {

// The name of what lies in the screen direction (dx, dy), one of the four unit vectors.
QString towards(const Image& image, const QTransform& deviceToFilm, double dx, double dy) {
    const double filmX = dx * deviceToFilm.m11() + dy * deviceToFilm.m21();
    const double filmY = dx * deviceToFilm.m12() + dy * deviceToFilm.m22();
    const bool alongRow = std::abs(filmX) > std::abs(filmY);
    const QString direction = QString::fromStdString(alongRow ? image.rowDirection : image.columnDirection);
    const bool forwards = (alongRow ? filmX : filmY) > 0;
    return forwards ? direction : oppositeDirection(direction);
}

}  // namespace

QString oppositeDirection(const QString& direction) {
    static const QString kLetters = QStringLiteral("LRAPHF");
    static const QString kOpposites = QStringLiteral("RLPAFH");
    QString result;
    for (const QChar letter : direction) {
        const qsizetype at = kLetters.indexOf(letter);
        if (at < 0) return {};
        result += kOpposites.at(at);
    }
    return result;
}

EdgeLetters edgeLetters(const Image& image, const QTransform& filmToDevice) {
    const QTransform toFilm = filmToDevice.inverted();
    return {towards(image, toFilm, -1, 0), towards(image, toFilm, 0, -1), towards(image, toFilm, 1, 0),
            towards(image, toFilm, 0, 1)};
}

std::vector<QRectF> paintEdgeLetters(QPainter& painter, const QRectF& area, const EdgeLetters& letters, double fontPx) {
    const HaloTextStyle style{.fontPx = fontPx, .colour = QColor(255, 255, 255), .bold = true};
    const double gap = fontPx * 0.6;
    const QPointF middle = area.center();
    return {drawHaloText(painter, {area.left() + gap, middle.y()}, Qt::AlignLeft | Qt::AlignVCenter, letters.left, style),
            drawHaloText(painter, {area.right() - gap, middle.y()}, Qt::AlignRight | Qt::AlignVCenter, letters.right, style),
            drawHaloText(painter, {middle.x(), area.top() + gap}, Qt::AlignHCenter | Qt::AlignTop, letters.top, style),
            drawHaloText(painter, {middle.x(), area.bottom() - gap}, Qt::AlignHCenter | Qt::AlignBottom, letters.bottom, style)};
}

}  // namespace cxr::ui
