// DiseaseModel: what a network said about the diseases, one row each, sorted as the user wants.
//   text for screen readers and tooltips is made here; the delegate paints the values
//   thread rule  GUI thread only
#pragma once

#include <QAbstractListModel>
#include <optional>
#include <vector>

#include "core/measure/finding.h"
#include "ui/state/finding_preferences.h"

namespace cxr::ui {

class DiseaseModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role { ProbabilityRole = Qt::UserRole, ThresholdRole, PositiveRole, PercentRole, NameRole };

    using QAbstractListModel::QAbstractListModel;

    void setFindings(std::vector<FindingProbability> findings, const FindingPreferences& preferences);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    // nullptr: no such row.
    [[nodiscard]] const FindingProbability* finding(int row) const;
    [[nodiscard]] int rowOf(const std::string& name) const;  // -1: none
    // As the user set it, else the card's; nullopt if neither is known.
    [[nodiscard]] std::optional<double> prevalenceOf(const FindingProbability& finding) const;

  private:
    [[nodiscard]] QString toolTip(const FindingProbability& finding) const;

    std::vector<FindingProbability> m_findings;
    FindingPreferences m_preferences;
};

}  // namespace cxr::ui
