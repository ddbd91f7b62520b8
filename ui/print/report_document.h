// The report as a rich-text document, laid out for A4 in units of 1/96 inch; writeReportPdf paints it page by page.
//   first page  what a clinician needs, whole: head, verdict, film (and the first heatmap), measurement, findings, the reader's
//               text, notes, models, line of signature. Where it is too long, the film becomes smaller, then findings below
//               their operating point and later notes move to the details, then the impression goes to the next page.
//   details     behind it, in parts that stay together where they fit on a page
//   words       all from core/report/report_sheet.h
//   thread rule  a thread that may use QTextDocument: the GUI thread, or one with no window
#pragma once

#include <QTextDocument>
#include <memory>

#include "core/report/report.h"
#include "core/report/report_sheet.h"

namespace cxr::ui {

inline constexpr double kCssDpi = 96;

// How much of the report stands on its first page.
struct FirstPage {
    int pictureHeightPx = 330;      // of film and heatmap; 0: without pictures
    std::size_t notes = 100;        // so many of them
    bool hasAllFindings = true;     // false: the positive ones
    bool hasImpression = true;      // false: it begins the next page
};

// The first page in Qt's HTML subset; every value escaped. The pictures are the resources "film" and "map0".
QString firstPageHtml(const ReportSheet& sheet, const Report& report, int contentWidthPx, const FirstPage& page);
// The details, part by part; a part stays on one page where it can.
QStringList detailParts(const ReportSheet& sheet, const Report& report, int contentWidthPx, const FirstPage& page);

// `contentSize`: the part of a page between margins, header and footer, px at 96 dpi.
std::unique_ptr<QTextDocument> reportDocument(const Report& report, QSizeF contentSize);

}  // namespace cxr::ui
