// JudgementSection: what the networks said about the film: warnings, the readings of cardiomegaly, the diseases. Hidden
// while there is nothing to say.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <optional>

#include "core/measure/finding.h"
#include "ui/state/finding_preferences.h"

class QLabel;

namespace cxr::ui {

class Card;
class DiseaseTable;
class ReadingsCard;

class JudgementSection : public QWidget {
    Q_OBJECT
  public:
    explicit JudgementSection(QWidget* parent = nullptr);

    // null: nothing was judged.
    void setJudgement(const JudgementPtr& judgement, const FindingPreferences& preferences);
    // The ratio's reading follows corrections.
    void setMeasurement(const std::optional<ChestMeasurement>& chest);

  Q_SIGNALS:
    void preferencesChanged(const cxr::ui::FindingPreferences& preferences);
    void findingChosen(const QString& name);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void showWarnings();
    void showReadings();

    JudgementPtr m_judgement;  // decided at the preferred operating point
    std::optional<ChestMeasurement> m_chest;
    Card* m_warnings;
    QLabel *m_warningSign, *m_warningText;
    ReadingsCard* m_readings;
    QLabel* m_title;
    DiseaseTable* m_diseases;
};

}  // namespace cxr::ui
