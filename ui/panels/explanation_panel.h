// ExplanationPanel: why a network answered as it did: which finding, by which method, how it looks on the film, where the
// network looks in words, and checks whether that can be believed.
//   off at first  a map is on the film only when the reader wants it; nothing is computed before
//   method        the one that suits the network (core/pipeline/explain_default.h) until the reader chooses another
//   at once       maps of the analysis; others run in a worker, partial maps on the way, Cancel at any time
//   thread rule   GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <memory>
#include <optional>

#include "core/measure/chest.h"
#include "ui/state/explanation_preferences.h"
#include "ui/state/explanations.h"
#include "ui/state/film_session.h"
#include "ui/state/map_preparation.h"

class QAction;

namespace cxr::ui {

class ExplanationPanel : public QWidget {
    Q_OBJECT
  public:
    // `showAction`: the checkable action that puts the map on the film. `others` stand as buttons below the panel.
    ExplanationPanel(Explanations& explanations, QAction* showAction, const QList<QAction*>& others, QWidget* parent = nullptr);
    ~ExplanationPanel() override;

    // The measurement with corrections, and the judgement at the reader's operating point; null: not analysed.
    void setAnalysis(const std::optional<ChestMeasurement>& chest, const JudgementPtr& judgement);
    void setShown(bool shown);
    [[nodiscard]] bool isShown() const;

    // What is on the film now; none while it is hidden, on its way, or nothing can be explained.
    [[nodiscard]] const std::optional<ShownHeatmap>& shownMap() const;
    // The same whether or not it is on the film: for exports and comparisons.
    [[nodiscard]] std::optional<ShownHeatmap> currentMap() const;
    [[nodiscard]] HeatmapPtr rawMap() const;  // before pooling; null: none
    [[nodiscard]] std::optional<MapWish> currentWish() const;
    [[nodiscard]] MapLook look() const;
    [[nodiscard]] const std::optional<MapStory>& story() const;
    [[nodiscard]] const std::vector<SanityCheck>& checks() const;  // of the current map; empty: not checked

    // Chooses the finding of this name; the pack is the first that has it, or `packId`.
    void choose(const QString& finding, const QString& packId = {});
    void setMethod(ExplainMethod method);
    void setLook(const MapLook& look);
    // Look and method as the reader chose them: to keep between runs.
    [[nodiscard]] ExplanationPreferences preferences() const;
    void setPreferences(const ExplanationPreferences& preferences);
    // The reader moved, resized or deleted boxes of the map on screen: boxesEdited() follows.
    void setBoxes(const std::vector<FindingBox>& boxes);
    // Of all maps, as the stack of corrections has them.
    void setEditedBoxes(const EditedBoxes& boxes);

  Q_SIGNALS:
    void shownMapChanged();  // another map, another look, or none
    void storyChanged();
    // By the reader; nullopt: as the map gives them again.
    void boxesEdited(const std::string& mapKey, const std::optional<std::vector<cxr::FindingBox>>& boxes);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
