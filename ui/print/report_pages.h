// The report's pages: PDF and the preview on screen paint the same ones.
//   page        A4, 210 x 297 mm; at the foot the notice, the film's name and "Page n of m"
//   thread rule  one object in one thread that may paint; needs a QGuiApplication
#pragma once

#include <QImage>
#include <QTextDocument>
#include <memory>
#include <vector>

#include "core/report/report.h"
#include "core/report/report_sheet.h"

class QPainter;

namespace cxr::ui {

class ReportPages {
  public:
    // `report` outlives this object.
    explicit ReportPages(const Report& report);

    [[nodiscard]] int count() const { return m_document->pageCount(); }
    [[nodiscard]] const ReportSheet& sheet() const { return m_sheet; }
    // Page `index` (from 0) into 794 x 1123 units (1/96 inch).
    void paint(QPainter& painter, int index) const;

  private:
    void paintFoot(QPainter& painter, int index) const;

    ReportSheet m_sheet;
    std::unique_ptr<QTextDocument> m_document;
};

// The pages as pictures, `widthPx` wide.
std::vector<QImage> reportPictures(const Report& report, int widthPx);

}  // namespace cxr::ui
