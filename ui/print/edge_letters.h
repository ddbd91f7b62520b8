// Which side of the patient is at which edge of the screen: from the header only, "" when the header is silent.
//   Patient Orientation (0020,0020), DICOM PS3.3 C.7.6.1.1.1: direction of the rows, then of the columns.
// Pure functions; thread-safe.
#pragma once

#include <QRectF>
#include <QString>
#include <QTransform>
#include <vector>

#include "core/image/image.h"

class QPainter;

namespace cxr::ui {

struct EdgeLetters {
    QString left, top, right, bottom;
    bool operator==(const EdgeLetters&) const = default;
};

// filmToDevice: quarter turns and mirroring are followed, its scale does not matter.
EdgeLetters edgeLetters(const Image& image, const QTransform& filmToDevice);
// "L" -> "R", "AR" -> "PL"; letters that have no opposite give "".
QString oppositeDirection(const QString& direction);

// At the middles of the four sides of `area`. Returns what they cover.
std::vector<QRectF> paintEdgeLetters(QPainter& painter, const QRectF& area, const EdgeLetters& letters, double fontPx);

}  // namespace cxr::ui
