// DiseaseTable: the diseases that a network judged: list, order, operating point, and the chosen row in full with the
// prevalence that the user sets. Shows values; the shell stores the preferences.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <memory>

#include "core/measure/finding.h"
#include "ui/state/finding_preferences.h"

namespace cxr::ui {

class DiseaseTable : public QWidget {
    Q_OBJECT
  public:
    explicit DiseaseTable(QWidget* parent = nullptr);
    ~DiseaseTable() override;

    // nullptr: no network judged the film; the widget then has nothing to show. Decided at the preferences' point.
    void setJudgement(const PackJudgement* pack, const FindingPreferences& preferences);
    // The finding in the detail; empty: none.
    [[nodiscard]] std::string currentFinding() const;

  Q_SIGNALS:
    void preferencesChanged(const cxr::ui::FindingPreferences& preferences);
    void findingChosen(const QString& name);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
