// Paints findings over a film: outlines, CTR lines with their lengths, verdict, legend, notice. One painter for the
// window, the exported picture and the report, so that they never differ. QtGui only (no widgets): the command line
// links it too.
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <QTransform>

#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/report/phrase_book.h"
#include "core/report/report.h"

class QPainter;

namespace cxr::ui {

struct ShownHeatmap;
struct FilmCompanions;

struct FindingsStyle {
    double lineWidthPx = 2;   // device pixels
    double fontPx = 14;       // device pixels
    bool handles = false;     // draggable ends are marked
    bool legend = true;
    ReportLanguage language = ReportLanguage::English;  // of labels and legend
};

// Colours that stay apart for colour-blind readers (Okabe & Ito 2008), bright enough for dark film.
QColor organColour(Organ organ);
QColor heartLineColour();
QColor chestLineColour();
QColor noticeColour();  // notice and doubts

// filmToDevice maps film pixels to the painter's device pixels (rotation and flips included). An uncertain mask is
// dashed and says so. The legend, when asked for, stands in the lower right corner of the painter's window.
// Returns what labels and legend cover.
std::vector<QRectF> paintFindings(QPainter& painter, const QTransform& filmToDevice, const ChestMeasurement& measurement,
                                  const Spacing& spacing, const FindingsStyle& style);

// A box with the verdict, what each line and outline is, and doubts; its lower right corner lies at `bottomRight`.
// Returns its rectangle; empty when nothing was measured.
QRectF paintLegend(QPainter& painter, QPointF bottomRight, const ChestMeasurement& measurement, const Spacing& spacing,
                   const FindingsStyle& style);

// Size of that box; empty when nothing was measured.
QSizeF legendSize(const ChestMeasurement& measurement, const Spacing& spacing, const FindingsStyle& style);

// "Not for diagnostic use · <model name>"; the name may be empty.
QString noticeText(const QString& modelName);

// "Heart and lungs 1.0 · weights 1a2b3c4d5e6f"; empty for an empty stamp.
QString modelText(const ModelStamp& model, ReportLanguage language = ReportLanguage::English);

// Film + overlays, below it a strip with legend, model name and short hash, notice, as exported. The film is scaled so
// that its longer side is `longSidePx`. Nothing that identifies the patient is written into the picture.
// `heatmap`: lies between film and findings, with its legend in the strip; null: none. `companions`: presentation state and
// segmentation as the window shows them, named in the strip; null: none. `voi` and `inverted` are those of the state then.
// `language`: of the words of findings, map and strip; those of foreign objects stay as they are.
QImage annotatedPicture(const Image& image, const VoiSetting& voi, bool inverted, const ChestMeasurement& measurement,
                        const ModelStamp& model, int longSidePx = 1600, const ShownHeatmap* heatmap = nullptr,
                        const FilmCompanions* companions = nullptr, ReportLanguage language = ReportLanguage::English);

// One A4 page (more when the notes need it), text selectable, pages numbered "1 / n". fails WriteFailed; written whole
// or not at all. Needs a QGuiApplication.
Result<Done> writeReportPdf(const Report& report, const std::filesystem::path& file);
// PNG file in memory; empty for a null picture.
std::vector<std::byte> toPng(const QImage& image);

}  // namespace cxr::ui
