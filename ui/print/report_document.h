// The report as a rich-text document, laid out for A4 in units of 1/96 inch; writeReportPdf paints it page by page.
//   thread rule  a thread that may use QTextDocument: the GUI thread, or one with no window
#pragma once

#include <QTextDocument>
#include <memory>

#include "core/report/report.h"

namespace cxr::ui {

inline constexpr double kCssDpi = 96;

// The body of the report in Qt's HTML subset; every value escaped. The picture is the resource "film"; a width of 0
// leaves it out.
QString reportBodyHtml(const Report& report, int contentWidthPx, int pictureWidthPx);

// `contentSize`: the part of a page between margins, header and footer, px at 96 dpi.
std::unique_ptr<QTextDocument> reportDocument(const Report& report, QSizeF contentSize);

}  // namespace cxr::ui
