// Pictures of priors side by side, with what each keeps: one painter for the Prior lab, its exports and the command line.
//   panel    kept pixels on black; where a network explained its answer, positive relevance above a third of its maximum in
//            one colour scale (inferno's bright half), the same for all panels of the figure
//   file     PNG (2 px a unit), SVG (vectors and embedded pictures), PDF (one page as large as the figure)
// QtGui and QtSvg only. Pure functions; any thread that may paint; needs a QGuiApplication for text.
#pragma once

#include <QImage>
#include <QSizeF>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/prior_table.h"

class QPainter;

namespace cxr::ui {

struct PriorPanel {
    QString title;         // "mp+hline"
    QStringList lines;     // below it, short
    QString network;       // that gave the probability; empty: none was asked
    QImage picture;        // Grayscale8, the kept pixels on black
    std::vector<float> relevance;  // [H, W] of the picture, 0 where nothing was kept; empty: not explained
};

struct PriorFigure {
    std::vector<PriorPanel> panels;
    int columns = 7;
    bool showRelevance = true;
};

PriorPanel priorPanel(const PriorResult& result);
// "keeps 3.1 %", "1,803 bytes", "cardiomegaly 12 %".
QStringList priorLines(const PriorRow& row);

// Kept pixels and, if wanted, relevance in colour. ARGB32.
QImage paintedPanel(const PriorPanel& panel, bool showRelevance);

// In units of the figure (a panel's picture is 160 wide). Empty for no panels.
QSizeF figureSize(const PriorFigure& figure);
// Black on white, whatever the theme. Fills figureSize() from the painter's origin.
void paintPriorFigure(QPainter& painter, const PriorFigure& figure);
// By the suffix: .png, .svg, .pdf. fails InvalidArgument (another suffix, no panels), WriteFailed. Whole or not at all.
Result<Done> writePriorFigure(const PriorFigure& figure, const std::filesystem::path& file);

}  // namespace cxr::ui
