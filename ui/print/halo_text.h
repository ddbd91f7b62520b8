// Text with a dark rim, readable on bright and dark film. Rendered once and kept, because stroking glyphs costs more
// than a whole frame of film.
//   thread rule  any thread; the pictures kept are per thread
#pragma once

#include <QColor>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <Qt>

class QPainter;

namespace cxr::ui {

struct HaloTextStyle {
    double fontPx = 13;  // units of the painter
    QColor colour = Qt::white;
    bool bold = false;
};

// Size without the rim, units of the painter.
QSizeF haloTextSize(const QString& text, const HaloTextStyle& style);

// One line; `alignment` says which side of the text lies at `at`: AlignLeft puts its left edge there, AlignBottom its
// lower edge. Returns the text's rectangle. The painter may be scaled by its device pixel ratio only.
QRectF drawHaloText(QPainter& painter, QPointF at, Qt::Alignment alignment, const QString& text,
                    const HaloTextStyle& style);

}  // namespace cxr::ui
