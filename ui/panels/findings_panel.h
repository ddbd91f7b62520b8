// FindingsPanel: what was found on the film, in words and numbers: verdict, ratio on its scale, what the networks said,
// widths with their provenance, mask quality, notes, film facts, the models that did it. Shows values only; the shell runs the analysis.
//   verdict  always colour and sign and word together, never colour alone
//   states   no film / waiting / busy (progress, Cancel) / measured / error (what to do); one at a time
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/measure/finding.h"
#include "ui/state/finding_preferences.h"

namespace cxr::ui {

class FindingsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit FindingsPanel(QWidget* parent = nullptr);
    ~FindingsPanel() override;

    // Another film (null: none). Forgets measurement, judgement, error and progress.
    void setFilm(ImagePtr image);
    // The same film with another spacing: only lengths and what is said of them change.
    void setSpacingOf(ImagePtr image);
    // Progress in [0, 1]; below 0: idle.
    void setBusy(double fraction);
    // nullopt: not measured (yet). Clears an error. `seconds` of network and measurement, 0 = unknown.
    void setAnalysis(const std::optional<ChestMeasurement>& measurement, const ModelStamp& model, double seconds);
    // What the networks said; null: nothing. Survives corrections of the outlines.
    void setJudgement(const JudgementPtr& judgement, const FindingPreferences& preferences);
    // One sentence that says what to do; empty clears it. Keeps the film's facts.
    void setError(const QString& message);
    // Shows the state of the outline tool without emitting editToggled.
    void setEditing(bool on);

  Q_SIGNALS:
    void analyzeRequested();
    void cancelRequested();
    void editToggled(bool on);
    void modelCardRequested(const QString& packId);  // show the Models dialog
    void preferencesChanged(const cxr::ui::FindingPreferences& preferences);
    void findingChosen(const QString& name);         // a row of the diseases

  protected:
    void changeEvent(QEvent* event) override;  // colours follow the theme

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
