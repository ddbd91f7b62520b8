// PriorFigureView: the pictures of a comparison, as many side by side as fit; scrolls down.
//   thread rule  GUI thread only
#pragma once

#include <QScrollArea>

#include "ui/print/prior_figure.h"

class QLabel;

namespace cxr::ui {

class PriorFigureView : public QScrollArea {
    Q_OBJECT
  public:
    explicit PriorFigureView(QWidget* parent = nullptr);

    void setFigure(const PriorFigure& figure);
    [[nodiscard]] const QImage& painted() const { return m_painted; }

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void paintAgain();

    PriorFigure m_figure;
    QImage m_painted;
    QLabel* m_label;
};

}  // namespace cxr::ui
