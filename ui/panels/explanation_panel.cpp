// ExplanationPanel: see explanation_panel.h. The controls are built in explanation_panel_build.cpp.
#include "ui/panels/explanation_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeWidget>

#include "core/engine/explain_methods.h"
#include "ui/panels/explanation_panel_p.h"
#include "ui/panels/map_look_box.h"
#include "ui/panels/sanity_list.h"
#include "ui/panels/slider_row.h"

namespace cxr::ui {

ExplanationPanel::Private::Private(ExplanationPanel* panel, Explanations& given, QAction* action)
    : q(panel), explanations(given), showAction(action) {
    live.setMaxThreadCount(1);
}

ExplanationPanel::ExplanationPanel(Explanations& explanations, QAction* showAction, const QList<QAction*>& others, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, explanations, showAction)) {
    setObjectName(QStringLiteral("explanationPanel"));
    setAccessibleName(tr("Explanations"));
    d->build(others);
    d->bind();
    d->fillTargets();
    d->refresh();
}

ExplanationPanel::~ExplanationPanel() {
    d->prepareJob.cancel();
    d->storyJob.cancel();
    d->live.waitForDone();
}

void ExplanationPanel::setAnalysis(const std::optional<ChestMeasurement>& chest, const JudgementPtr& judgement) {
    const bool isCorrected = chest.has_value() == d->chest.has_value() && judgement == d->judgement;
    d->chest = chest;
    d->judgement = judgement;
    if (isCorrected) d->startStory();
}

void ExplanationPanel::setShown(bool shown) {
    d->show->setChecked(shown);
    if (shown == d->isShown) return;
    d->isShown = shown;
    d->refresh();
}
bool ExplanationPanel::isShown() const { return d->isShown; }

const std::optional<ShownHeatmap>& ExplanationPanel::shownMap() const {
    static const std::optional<ShownHeatmap> kNone;
    return d->isShown ? d->prepared : kNone;
}
std::optional<ShownHeatmap> ExplanationPanel::currentMap() const { return d->prepared; }
HeatmapPtr ExplanationPanel::rawMap() const { return d->raw; }
std::optional<MapWish> ExplanationPanel::currentWish() const { return d->wish(); }
MapLook ExplanationPanel::look() const { return d->lookBox->look(); }
const std::optional<MapStory>& ExplanationPanel::story() const { return d->story; }
const std::vector<SanityCheck>& ExplanationPanel::checks() const { return d->checks; }

void ExplanationPanel::choose(const QString& finding, const QString& packId) {
    for (int i = 0; i < d->findings->topLevelItemCount(); ++i) {
        QTreeWidgetItem* item = d->findings->topLevelItem(i);
        const ExplainTarget& target = d->targets[static_cast<std::size_t>(item->data(0, Qt::UserRole).toInt())];
        const bool isWanted = QString::fromStdString(target.finding.name) == finding &&
                              (packId.isEmpty() || QString::fromStdString(target.model.id) == packId);
        if (!isWanted) continue;
        d->findings->setCurrentItem(item);
        return;
    }
}

void ExplanationPanel::setMethod(ExplainMethod method) {
    const int index = d->method->findData(static_cast<int>(method));
    if (index >= 0) d->method->setCurrentIndex(index);
}

void ExplanationPanel::setLook(const MapLook& look) {
    d->lookBox->setLook(look);
    d->onLook();
}

ExplanationPreferences ExplanationPanel::preferences() const {
    ExplanationPreferences now{d->lookBox->look(), d->lookBox->poolValues(), d->chosenMethod};
    now.look.style.locked.reset();
    return now;
}

void ExplanationPanel::setPreferences(const ExplanationPreferences& preferences) {
    d->chosenMethod = preferences.method;
    d->lookBox->setPoolValues(preferences.poolValues);
    d->lookBox->setLook(preferences.look);
    d->onTarget();
    d->onLook();
}

void ExplanationPanel::setBoxes(const std::vector<FindingBox>& boxes) {
    if (!d->prepared) return;
    EditedBoxes all = d->editedBoxes;
    all[d->rawKey] = boxes;
    setEditedBoxes(all);
    Q_EMIT boxesEdited(d->rawKey, boxes);
}

void ExplanationPanel::setEditedBoxes(const EditedBoxes& boxes) {
    if (boxes == d->editedBoxes) return;
    d->editedBoxes = boxes;
    if (!d->prepared) return;
    d->showBoxes();
    Q_EMIT shownMapChanged();
}

// --- what is wanted ----------------------------------------------------------------------------------------------------

const ExplainTarget* ExplanationPanel::Private::target() const {
    const QTreeWidgetItem* item = findings->currentItem();
    const auto index = item ? item->data(0, Qt::UserRole).toULongLong() : targets.size();
    return index < targets.size() ? &targets[index] : nullptr;
}

ExplainOptions ExplanationPanel::Private::options() const {
    ExplainOptions wanted;
    if (method->currentIndex() >= 0) wanted.method = static_cast<ExplainMethod>(method->currentData().toInt());
    const ExplainMethodInfo& info = explainMethodInfo(wanted.method);
    if (info.hasSteps) wanted.steps = steps->value();
    if (info.hasBaseline) wanted.baseline = baseline->currentIndex() == 1 ? ExplainBaseline::Zero : ExplainBaseline::Black;
    wanted.smoothSamples = smooth->value();
    return wanted;
}

std::optional<MapWish> ExplanationPanel::Private::wish() const {
    const ExplainTarget* chosen = target();
    if (!chosen || !explanations.image() || method->count() == 0) return {};
    return MapWish{explanations.image(), chosen->model.id, chosen->finding.name, options()};
}

void ExplanationPanel::Private::onTarget() {
    fillMethods();
    refresh();
}

// Another finding or method: the map of before must not stand for it.
void ExplanationPanel::Private::refresh() {
    const auto wanted = wish();
    const std::string key = wanted ? wanted->key() : std::string();
    if (key != rawKey) dropMap(key);
    fault->hide();
    showState();
    if (!wanted || raw) return;
    if (const HeatmapPtr map = explanations.find(*wanted)) return setRaw(map, true);
    if (isShown) explanations.want(*wanted);
    showState();
}

void ExplanationPanel::Private::dropMap(const std::string& nextKey) {
    explanations.cancel(rawKey);
    rawKey = nextKey;
    raw.reset();
    prepareJob.cancel();
    storyJob.cancel();
    isPreparing = isDirty = false;
    explanations.cancelCheck();
    isChecking = false;
    checks.clear();
    sanity->setChecks({});
    setStory({});
    const bool hadMap = prepared.has_value();
    prepared.reset();
    lookBox->setMap(nullptr);
    lookBox->setBoxesEdited(false);
    if (hadMap) Q_EMIT q->shownMapChanged();
}

// --- a map arrives -----------------------------------------------------------------------------------------------------

void ExplanationPanel::Private::setRaw(const HeatmapPtr& map, bool isFinal) {
    raw = map;
    prepare();
    if (isFinal) startStory();
    showState();
}

// One preparation at a time; a slider's newest place is taken up when it ends.
void ExplanationPanel::Private::prepare() {
    if (!raw || !explanations.image()) return;
    if (isPreparing) {
        isDirty = true;
        return;
    }
    isPreparing = true;
    isDirty = false;
    preparedLook = lookBox->look();
    const cv::Size film(explanations.image()->width(), explanations.image()->height());
    prepareJob = startJob<ShownHeatmap>(
        live, q, [map = raw, look = preparedLook, film](const RunContext& context) { return prepareMap(map, look, film, context); }, nullptr,
        [this](Result<ShownHeatmap> result) { finishPreparing(std::move(result)); });
}

void ExplanationPanel::Private::finishPreparing(Result<ShownHeatmap> result) {
    isPreparing = false;
    if (!result) {
        tell(QString::fromStdString(result.error().message));
        return;
    }
    prepared = std::move(result).value();
    prepared->style = lookBox->look().style;
    ownBoxes = prepared->boxes;
    showBoxes();
    lookBox->setMap(prepared->map.get());
    Q_EMIT q->shownMapChanged();
    if (isDirty) prepare();
}

void ExplanationPanel::Private::showBoxes() {
    const auto edited = editedBoxes.find(rawKey);
    prepared->boxes = edited != editedBoxes.end() ? edited->second : ownBoxes;
    lookBox->setBoxesEdited(edited != editedBoxes.end());
}

// Colours and opacity show at once; contours and pooling are made anew.
void ExplanationPanel::Private::onLook() {
    if (!prepared || !raw) return;
    const MapLook look = lookBox->look();
    prepared->style = look.style;
    lookBox->setMap(prepared->map.get());
    Q_EMIT q->shownMapChanged();
    MapLook quick = look;  // what does not need to be prepared
    quick.style.opacity = preparedLook.style.opacity;
    quick.style.showColours = preparedLook.style.showColours;
    quick.style.showBoxes = preparedLook.style.showBoxes;
    if (!look.style.showContours) quick.style = preparedLook.style;
    if (!(quick == preparedLook)) prepare();
}

void ExplanationPanel::Private::startStory() {
    if (!raw || raw->doneShare < 1 || !explanations.image()) return;
    if (!chest) return setStory({});
    storyJob = startJob<MapStory>(
        live, q,
        [map = raw, image = explanations.image(), measured = *chest, judged = judgement](const RunContext&) -> Result<MapStory> {
            return storyOf(*map, *image, measured, judged);
        },
        nullptr, [this](Result<MapStory> result) {
            if (result) setStory(std::move(result).value());
        });
}

void ExplanationPanel::Private::setStory(std::optional<MapStory> next) {
    story = std::move(next);
    const bool hasAttention = story && QString::fromStdString(story->attention.sentence) != story->support;  // without support both say why
    support->setText(story ? story->support : QString());
    attention->setText(hasAttention ? QString::fromStdString(story->attention.sentence) : QString());
    QStringList lines;
    if (story && story->threeWay) {
        lines << QString::fromStdString(story->threeWay->sentence);
        for (const std::string& reason : story->threeWay->reasons) lines << QStringLiteral("\u2022  ") + QString::fromStdString(reason);
    }
    threeWay->setText(lines.join(QLatin1Char('\n')));
    for (QLabel* label : {support, attention, threeWay}) {
        label->setVisible(!label->text().isEmpty());
        label->setAccessibleName(label->text());
    }
    storyCard->setVisible(story.has_value());
    Q_EMIT q->storyChanged();
}

// --- checks ------------------------------------------------------------------------------------------------------------

void ExplanationPanel::Private::startCheck() {
    const auto wanted = wish();
    if (!wanted || !chest) return;
    isChecking = true;
    progress->setValue(0);
    explanations.check(*wanted, *chest);
    showState();
}

void ExplanationPanel::Private::stop() {
    explanations.cancel(rawKey);
    explanations.cancelCheck();
    isChecking = false;
    if (!raw) tell(ExplanationPanel::tr("Stopped. Choose the method again or show the map to compute it."));
    showState();
}

void ExplanationPanel::Private::tell(const QString& sentence) {
    fault->setText(sentence);
    fault->setVisible(!sentence.isEmpty());
}

void ExplanationPanel::Private::showState() {
    const bool isRunning = !rawKey.empty() && explanations.isRunning(rawKey);
    const bool hasTarget = target() != nullptr;
    progressBox->setVisible(isRunning || isChecking);
    progress->setFormat(isChecking ? ExplanationPanel::tr("Checking %p %") : ExplanationPanel::tr("Computing %p %"));
    hint->setVisible(!hasTarget);
    for (QWidget* part : {findingBox, methodBox, lookPart, checkPart}) part->setVisible(hasTarget);
    const bool canCheck = raw && raw->doneShare >= 1 && chest && !isChecking;
    check->setEnabled(canCheck);
    check->setToolTip(canCheck ? ExplanationPanel::tr("Random weights, flips and shifts, other methods, deletion and insertion, the heart dimmed; takes some seconds")
                               : ExplanationPanel::tr("Show a map first; the film must be analysed"));
    const ExplainMethodInfo& info = explainMethodInfo(options().method);
    steps->setVisible(info.hasSteps);
    baselineRow->setVisible(info.hasBaseline);
}

}  // namespace cxr::ui
