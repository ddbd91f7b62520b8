// Paints findings over a film: outlines, CTR lines with their lengths, verdict, legend, notice. One painter for the
// window, the exported picture and the report, so that they never differ. QtGui only (no widgets): the command line
// links it too.
#pragma once

#include <QImage>
#include <QTransform>

#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/report/report.h"

class QPainter;

namespace cxr::ui {

struct FindingsStyle {
    double lineWidthPx = 2;   // device pixels
    double fontPx = 14;       // device pixels
    bool handles = false;     // draggable ends are marked
    bool legend = true;
};

// filmToDevice maps film pixels to the painter's device pixels (rotation and flips included).
void paintFindings(QPainter& painter, const QTransform& filmToDevice, const ChestMeasurement& measurement,
                   const Spacing& spacing, const FindingsStyle& style);

// Film + overlays + legend + model name + notice, as exported. The film is scaled so that its longer side is `longSidePx`.
QImage annotatedPicture(const Image& image, const VoiSetting& voi, bool inverted, const ChestMeasurement& measurement,
                        const ModelStamp& model, int longSidePx = 1600);

// One A4 page (more when the notes need it). fails WriteFailed; written whole or not at all.
Result<Done> writeReportPdf(const Report& report, const std::filesystem::path& file);
std::vector<std::byte> toPng(const QImage& image);

}  // namespace cxr::ui
