// ReportPreview: the pages of a report below each other, as the PDF will have them. Painted in a worker; the newest report wins.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QScrollArea>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "ui/jobs/job.h"

class QVBoxLayout;

namespace cxr::ui {

class ReportPreview : public QScrollArea {
    Q_OBJECT
  public:
    static constexpr int kPageWidthPx = 720;

    explicit ReportPreview(QWidget* parent = nullptr);

    // `paint` makes the pages, `widthPx` wide, in a worker. The place that is being read stays on screen.
    void showPages(std::function<std::vector<QImage>(int widthPx)> paint);
    [[nodiscard]] int pageCount() const { return m_pages; }

  Q_SIGNALS:
    void painted();

  private:
    void setPages(const std::vector<QImage>& pages);

    QVBoxLayout* m_column;
    JobHandle m_job;
    int m_pages = 0;
};

}  // namespace cxr::ui
