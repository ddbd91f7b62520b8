// The inside of ExplanationPanel: its controls and what is on its way. Not for other folders.
//   thread rule  GUI thread only
#pragma once

#include <map>

#include "core/pipeline/explain_default.h"
#include "ui/panels/explanation_panel.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;
class QTreeWidget;

namespace cxr::ui {

class MapLookBox;
class SanityList;
class SliderRow;

class ExplanationPanel::Private {
  public:
    Private(ExplanationPanel* panel, Explanations& given, QAction* action);

    void build(const QList<QAction*>& others);
    QWidget* buildShow(QWidget* parent);
    QWidget* buildFinding(QWidget* parent);
    QWidget* buildMethod(QWidget* parent);
    QWidget* buildProgress(QWidget* parent);
    QWidget* buildLook(QWidget* parent);
    QWidget* buildStory(QWidget* parent);
    QWidget* buildCheck(QWidget* parent);
    void bind();
    void fillTargets();
    void fillMethods();
    [[nodiscard]] std::vector<ExplainMethod> allowedMethods();
    void onMethod();
    void showMethod();

    [[nodiscard]] const ExplainTarget* target() const;
    [[nodiscard]] ExplainOptions options() const;
    [[nodiscard]] std::optional<MapWish> wish() const;
    void onTarget();
    void refresh();
    void dropMap(const std::string& nextKey);
    void setRaw(const HeatmapPtr& map, bool isFinal);
    void prepare();
    void finishPreparing(Result<ShownHeatmap> result);
    void onLook();
    void showBoxes();
    void startStory();
    void setStory(std::optional<MapStory> next);
    void startCheck();
    void stop();
    void tell(const QString& sentence);
    void showState();

    ExplanationPanel* q;
    Explanations& explanations;
    QAction* showAction;
    QThreadPool live;  // pooling and sentences: never behind a network
    std::vector<ExplainTarget> targets;
    std::optional<ChestMeasurement> chest;
    JudgementPtr judgement;
    bool isShown = false, isPreparing = false, isDirty = false, isChecking = false;
    std::string rawKey;  // of the wanted map
    HeatmapPtr raw;      // it, before pooling; null: on its way or not wanted
    std::optional<ShownHeatmap> prepared;
    std::optional<MapStory> story;
    std::vector<SanityCheck> checks;
    EditedBoxes editedBoxes;
    std::vector<FindingBox> ownBoxes;  // of the prepared map
    MapLook preparedLook;              // that the last preparation began with
    std::optional<ExplanationChoice> choice;    // the program's, for this target; none: nothing is allowed, or not known yet
    std::optional<ExplainMethod> chosenMethod;  // the reader's; none: the program's
    JobHandle prepareJob, storyJob;

    QCheckBox* show = nullptr;
    QTreeWidget* findings = nullptr;
    QComboBox *method = nullptr, *baseline = nullptr;
    SliderRow *steps = nullptr, *smooth = nullptr;
    QWidget *findingBox = nullptr, *methodBox = nullptr, *baselineRow = nullptr, *progressBox = nullptr, *lookPart = nullptr, *checkPart = nullptr,
            *storyCard = nullptr;
    QProgressBar* progress = nullptr;
    QToolButton* cancel = nullptr;
    MapLookBox* lookBox = nullptr;
    QLabel *hint = nullptr, *fault = nullptr, *source = nullptr, *support = nullptr, *attention = nullptr, *threeWay = nullptr;
    QPushButton* check = nullptr;
    SanityList* sanity = nullptr;
};

}  // namespace cxr::ui
