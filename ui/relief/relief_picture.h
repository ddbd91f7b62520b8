// What is painted over a drawn landscape, and the picture of several landscapes that leaves the window: numbers, legends,
// height poles, marked points, notice and models burnt in.
//   thread rule  pure but for painter and renderer; any thread that may paint
#pragma once

#include <QImage>
#include <QRectF>
#include <QString>
#include <optional>
#include <vector>

#include "core/report/report_picture.h"
#include "ui/relief/landscape.h"

class QPainter;

namespace cxr::ui {

class ReliefRenderer;

struct ReliefNotes {
    int number = 1;                  // of the picture
    double fontPx = 12;
    bool isSmallLegend = false;      // title and numbers only
    std::optional<PointPx> mark;     // a point of the film that the reader marked
};
// "0.83 logits, heart"; the anatomy alone where the map has no value.
QString valueText(const Landscape& landscape, PointPx film);
// Over a drawn landscape; for an empty one its sentence.
void paintReliefNotes(QPainter& painter, const QRectF& area, const Landscape& landscape, const ReliefCamera& camera, const ReliefNotes& notes);

// Landscapes in rows and columns as the window has them; null: an empty place.
struct ReliefSheet {
    std::vector<LandscapePtr> landscapes;  // columns * rows at most
    int columns = 1;
    QSize tile;  // px of one landscape
    ReliefCamera camera;
    std::optional<PointPx> mark;
};
// fails Cancelled, Unsupported (the context was lost), InvalidArgument (nothing to show)
Result<QImage> reliefPicture(ReliefRenderer& renderer, const ReliefSheet& sheet, const RunContext& context = {});
// The same for a report, with words that say what the picture shows.
ReportPicture reportPictureOf(const ReliefSheet& sheet, const QImage& picture);

}  // namespace cxr::ui
