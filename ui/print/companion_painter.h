// Paints what other objects say about a film: a presentation state's shutter, drawings and texts, and the outlines of a
// segmentation. One painter for window, exported picture and report, so that they never differ. QtGui only.
//   shutter   hides film pixels whose centre lies outside of a shape, as PS3.3 C.7.6.11 has it; hard edges
//   drawings  PIXEL in film pixels; DISPLAY as shares of the displayed area as the state turns it, so that they stay on
//             the film when a reader turns or zooms it
//   thread rule  pure but for the painter; any thread that may paint
#pragma once

#include <QColor>
#include <QList>
#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <QTransform>

#include "core/dicom_in/presentation_state.h"
#include "core/dicom_in/presented_film.h"
#include "core/dicom_in/segmented_film.h"

class QPainter;

namespace cxr::ui {

// What lies over a film; nulls: nothing.
struct FilmCompanions {
    PresentationPtr presentation;
    SegmentedFilmPtr segments;
    [[nodiscard]] bool isEmpty() const { return !presentation && !segments; }
    // What this program wrote earlier is shown in place of what it finds today: both together would be every outline twice.
    [[nodiscard]] bool replaceFindings() const;
    bool operator==(const FilmCompanions&) const = default;
};

struct CompanionStyle {
    double lineWidthPx = 1.8;  // device pixels
    double fontPx = 14;
};

// The part of a film of this size that a shutter lets through, film px; the bitmap of a shutter is not in it.
QPainterPath openingOf(const Shutter& shutter, QSize filmSize);

// Over the film, under everything else.
void paintShutter(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state);
// Over the findings. `filmUid`: parts for other films are left out.
void paintDrawings(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state,
                   const std::string& filmUid, const CompanionStyle& style);
// The texts of the state, after everything else: none covers what is `taken` (device px) nor another text. One that has to
// move goes the shortest way inside of `area`, and a line joins it with its anchor.
void paintDrawnTexts(QPainter& painter, const QTransform& filmToDevice, QSize filmSize, const PresentationState& state,
                     const std::string& filmUid, const CompanionStyle& style, const QRectF& area, std::vector<QRectF> taken);
// The palette of a pseudo-colour state as sRGB, through its ICC profile where Qt reads it; 256 entries.
QList<QRgb> paletteOf(const PseudoColour& colours);
void paintSegments(QPainter& painter, const QTransform& filmToDevice, const SegmentedFilm& segments, const CompanionStyle& style);

// Which colour is which segment, who drew them; its lower right corner lies at `bottomRight`.
QSizeF segmentLegendSize(const SegmentedFilm& segments, double fontPx);
QRectF paintSegmentLegend(QPainter& painter, QPointF bottomRight, const SegmentedFilm& segments, double fontPx);

// "Presentation state OUTLINES by Precordia of 2026-11-21 applied", and what that means for grays and findings.
QString appliedText(const PresentationState& state);

}  // namespace cxr::ui
