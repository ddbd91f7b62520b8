// PriorLabTable: the means of a comparison, one line a prior; columns sort by their numbers.
//   thread rule  GUI thread only
#pragma once

#include <QTableWidget>
#include <vector>

#include "core/pipeline/prior_table.h"

namespace cxr::ui {

class PriorLabTable : public QTableWidget {
    Q_OBJECT
  public:
    explicit PriorLabTable(QWidget* parent = nullptr);

    void setMeans(const std::vector<PriorMean>& means);

  Q_SIGNALS:
    void priorChosen(const cxr::PriorSpec& spec);  // by the user

  private:
    void addRow(int row, const PriorMean& mean);
    std::vector<PriorMean> m_means;
};

}  // namespace cxr::ui
