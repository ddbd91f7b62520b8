// DiseaseDelegate: one row of the diseases: name, bar with the operating point as a tick, percentage.
//   scale     square root, so that 5 % and 10 % can be told apart: most diseases are rare, and so are their thresholds
//   positive  a filled diamond before the name, a bold name and a stronger bar: never colour alone
//   thread rule  GUI thread only
#pragma once

#include <QStyledItemDelegate>

namespace cxr::ui {

class DiseaseDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    // The bar's place in a row of this rectangle, and where a share of [0, 1] ends on it.
    static QRectF barOf(const QRectF& row, const QFont& font);
    static double xOf(double share, const QRectF& bar);
};

// The numbers above the bars: 0, 5, 25, 50, 100 %.
class ProbabilityAxis : public QWidget {
    Q_OBJECT
  public:
    explicit ProbabilityAxis(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace cxr::ui
