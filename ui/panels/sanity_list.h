// SanityList: the checks of a map as rows with a sign, a name and a value; what a row means is in its tooltip and, for the
// chosen row, below the list.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <vector>

#include "core/localize/sanity_check.h"

class QLabel;
class QTreeWidget;

namespace cxr::ui {

class SanityList : public QWidget {
    Q_OBJECT
  public:
    explicit SanityList(QWidget* parent = nullptr);
    void setChecks(const std::vector<SanityCheck>& checks);  // empty: hidden

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void fill();

    std::vector<SanityCheck> m_checks;
    QTreeWidget* m_rows;
    QLabel* m_detail;
};

}  // namespace cxr::ui
