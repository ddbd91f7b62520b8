// FilmRowDelegate: paints one row of the study list. Films: thumbnail, name, facts, result or error. Patients, studies, series
// and groups: a heading with what is known. Companions and files that cannot be used: a drawing, name, facts or reason.
//   thread rule  GUI thread only
#pragma once

#include <QStyledItemDelegate>

namespace cxr::ui {

class FilmRowDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace cxr::ui
