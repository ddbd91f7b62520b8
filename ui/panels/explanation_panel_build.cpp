// ExplanationPanel: its controls, and the lists of findings and methods. See explanation_panel.h.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/engine/explain_methods.h"
#include "ui/panels/explanation_panel_p.h"
#include "ui/panels/map_look_box.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/sanity_list.h"
#include "ui/panels/slider_row.h"

namespace cxr::ui {

namespace {

constexpr int kFindingRows = 6;
constexpr int kRowPx = 24;
constexpr int kMostSteps = 512;
constexpr int kMostSamples = 512;

QVBoxLayout* columnOf(QWidget* widget, int spacing = 6) {
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing);
    return column;
}

QComboBox* comboIn(QWidget* row, const char* name, const QString& label, const QString& toolTip) {
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* text = new QLabel(label, row);
    text->setMinimumWidth(76);
    auto* combo = new QComboBox(row);
    combo->setObjectName(QLatin1String(name));
    combo->setAccessibleName(label);
    combo->setToolTip(toolTip);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(12);
    text->setBuddy(combo);
    line->addWidget(text);
    line->addWidget(combo, 1);
    return combo;
}

QString roleText(ModelRole role) {
    switch (role) {
        case ModelRole::Cardiomegaly: return ExplanationPanel::tr("own network");
        case ModelRole::HeartSpot: return ExplanationPanel::tr("HeartSpot");
        default: return ExplanationPanel::tr("14 diseases");
    }
}

}  // namespace

void ExplanationPanel::Private::build(const QList<QAction*>& others) {
    auto* outer = columnOf(q, 0);
    auto* scroll = new QScrollArea(q);
    scroll->setObjectName(QStringLiteral("explanationScroll"));
    scroll->setAccessibleName(tr("Explanations, scrollable"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(scroll);
    auto* column = columnOf(content, 10);
    column->setContentsMargins(12, 10, 12, 12);
    for (QWidget* part : {buildShow(content), buildFinding(content), buildMethod(content), buildProgress(content), buildStory(content), buildLook(content),
                          buildCheck(content)})
        column->addWidget(part);
    column->addStretch(1);
    scroll->setWidget(content);
    outer->addWidget(scroll, 1);
    leaveWheelToPanel(content);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 6, 12, 10);
    for (QAction* action : others) {
        auto* button = new QToolButton(q);
        button->setObjectName(QStringLiteral("explanation.") + action->objectName());
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAccessibleName(QString(action->text()).remove(QLatin1Char('&')));
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
    }
    row->addStretch(1);
    outer->addLayout(row);
    q->setMinimumWidth(260);
}

QWidget* ExplanationPanel::Private::buildShow(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = columnOf(box);
    show = new QCheckBox(tr("Show on the film"), box);
    show->setObjectName(QStringLiteral("showMapCheck"));
    show->setAccessibleName(show->text());
    show->setToolTip(showAction ? showAction->toolTip() : tr("Put the map on the film"));
    column->addWidget(show);
    hint = wrappedText(QStringLiteral("explanationHint"), box);
    hint->setText(tr("Analyse the film first (F5): findings of the networks can then be explained."));
    column->addWidget(hint);
    auto* warning = wrappedText(QStringLiteral("explanationWarning"), box);
    warning->setText(tr("A map shows what moved a network's answer, not where a disease is."));
    warning->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(warning);
    return box;
}

QWidget* ExplanationPanel::Private::buildFinding(QWidget* parent) {
    findingBox = new QWidget(parent);
    auto* column = columnOf(findingBox);
    column->addWidget(sectionTitle(tr("Finding"), findingBox));
    findings = new QTreeWidget(findingBox);
    findings->setObjectName(QStringLiteral("findingTree"));
    findings->setAccessibleName(tr("Finding to explain, with its probability"));
    findings->setToolTip(tr("Which answer is explained, of which network"));
    findings->setHeaderLabels({tr("Finding"), tr("Probability"), tr("Network")});
    findings->setRootIsDecorated(false);
    findings->setUniformRowHeights(true);
    findings->setAllColumnsShowFocus(true);
    findings->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    findings->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    findings->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    findings->header()->setStretchLastSection(false);
    findings->setFixedHeight(kRowPx * (kFindingRows + 1) + 6);
    column->addWidget(findings);
    return findingBox;
}

QWidget* ExplanationPanel::Private::buildMethod(QWidget* parent) {
    methodBox = new QWidget(parent);
    auto* column = columnOf(methodBox);
    auto* row = new QWidget(methodBox);
    method = comboIn(row, "methodCombo", tr("Method"), tr("How the answer is explained; only what this network allows"));
    column->addWidget(row);
    source = wrappedText(QStringLiteral("methodSource"), methodBox);
    source->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(source);
    steps = new SliderRow(QStringLiteral("explainSteps"), tr("Steps"), {1, kMostSteps, 200},
                          tr("Points of the integral from the baseline to the film: more is exacter and slower"), methodBox);
    steps->setValue(ExplainOptions().steps);
    column->addWidget(steps);
    smooth = new SliderRow(QStringLiteral("explainSmooth"), tr("SmoothGrad"), {0, kMostSamples, 50},
                           tr("Mean over that many noisy copies of the film; 0: the film alone"), methodBox);
    column->addWidget(smooth);
    baselineRow = new QWidget(methodBox);
    baseline = comboIn(baselineRow, "explainBaseline", tr("Baseline"), tr("What the film is compared with"));
    baseline->addItems({tr("Black film"), tr("Zero (the film's mean gray)")});
    column->addWidget(baselineRow);
    return methodBox;
}

QWidget* ExplanationPanel::Private::buildProgress(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = columnOf(box);
    progressBox = new QWidget(box);
    auto* row = new QHBoxLayout(progressBox);
    row->setContentsMargins(0, 0, 0, 0);
    progress = new QProgressBar(progressBox);
    progress->setObjectName(QStringLiteral("explanationProgress"));
    progress->setAccessibleName(tr("Progress of the map or of its checks"));
    progress->setRange(0, 100);
    cancel = new QToolButton(progressBox);
    cancel->setObjectName(QStringLiteral("explanationCancel"));
    cancel->setText(tr("Cancel"));
    cancel->setAccessibleName(tr("Stop computing"));
    cancel->setToolTip(tr("Stop computing the map or its checks"));
    cancel->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(progress, 1);
    row->addWidget(cancel);
    column->addWidget(progressBox);
    fault = wrappedText(QStringLiteral("explanationFault"), box);
    fault->hide();
    column->addWidget(fault);
    return box;
}

QWidget* ExplanationPanel::Private::buildStory(QWidget* parent) {
    storyCard = new Card(QStringLiteral("storyCard"), parent);
    auto* column = new QVBoxLayout(storyCard);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(6);
    attention = wrappedText(QStringLiteral("attentionText"), storyCard);
    attention->setToolTip(tr("Share of what speaks for the finding in each region, beside the region's share of the picture"));
    support = wrappedText(QStringLiteral("supportText"), storyCard);
    support->setToolTip(tr("Whether anything in the map speaks for the finding at all"));
    threeWay = wrappedText(QStringLiteral("threeWayText"), storyCard);
    threeWay->setToolTip(tr("Ratio, probability and map, read together"));
    for (QLabel* label : {attention, support, threeWay}) column->addWidget(label);
    return storyCard;
}

QWidget* ExplanationPanel::Private::buildLook(QWidget* parent) {
    lookPart = new QWidget(parent);
    auto* column = columnOf(lookPart);
    column->addWidget(sectionTitle(tr("Look"), lookPart));
    lookBox = new MapLookBox(lookPart);
    column->addWidget(lookBox);
    return lookPart;
}

QWidget* ExplanationPanel::Private::buildCheck(QWidget* parent) {
    checkPart = new QWidget(parent);
    auto* column = columnOf(checkPart);
    column->addWidget(sectionTitle(tr("Can it be believed?"), checkPart));
    check = new QPushButton(tr("Check this map"), checkPart);
    check->setObjectName(QStringLiteral("checkMap"));
    check->setAccessibleName(check->text());
    column->addWidget(check);
    sanity = new SanityList(checkPart);
    column->addWidget(sanity);
    return checkPart;
}

void ExplanationPanel::Private::bind() {
    const auto again = [this] { refresh(); };
    connect(show, &QCheckBox::toggled, q, [this](bool on) {
        if (!showAction) return q->setShown(on);
        if (showAction->isChecked() != on) showAction->trigger();
        show->setChecked(showAction->isChecked());  // it may be disabled
    });
    connect(findings, &QTreeWidget::currentItemChanged, q, [this] { onTarget(); });
    connect(method, &QComboBox::currentIndexChanged, q, [this] { onMethod(); });
    connect(steps, &SliderRow::valueChanged, q, again);
    connect(smooth, &SliderRow::valueChanged, q, again);
    connect(baseline, &QComboBox::currentIndexChanged, q, again);
    connect(cancel, &QToolButton::clicked, q, [this] { stop(); });
    connect(check, &QPushButton::clicked, q, [this] { startCheck(); });
    connect(lookBox, &MapLookBox::lookChanged, q, [this] { onLook(); });
    connect(lookBox, &MapLookBox::resetBoxesRequested, q, [this] {
        EditedBoxes all = editedBoxes;
        all.erase(rawKey);
        q->setEditedBoxes(all);
        Q_EMIT q->boxesEdited(rawKey, std::nullopt);
    });
    connect(&explanations, &Explanations::targetsChanged, q, [this] { fillTargets(); });
    connect(&explanations, &Explanations::factsKnown, q, [this](const std::string& packId) {
        const ExplainTarget* chosen = target();
        if (!chosen || chosen->model.id != packId) return;
        raw.reset();  // its calibration is known now
        onTarget();
    });
    const auto arrive = [this](bool isFinal) {
        return [this, isFinal](const std::string& key, const HeatmapPtr& map) {
            if (key == rawKey) setRaw(map, isFinal);
        };
    };
    connect(&explanations, &Explanations::partial, q, arrive(false));
    connect(&explanations, &Explanations::ready, q, arrive(true));
    connect(&explanations, &Explanations::progressed, q, [this](const std::string& key, double fraction) {
        if (key == rawKey && !isChecking) progress->setValue(static_cast<int>(fraction * 100));
    });
    connect(&explanations, &Explanations::failed, q, [this](const std::string& key, const QString& reason) {
        if (key == rawKey) tell(reason), showState();
    });
    connect(&explanations, &Explanations::busyChanged, q, [this] { showState(); });
    connect(&explanations, &Explanations::checkProgressed, q, [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); });
    connect(&explanations, &Explanations::checked, q, [this](const std::string& key, const SanityReport& report) {
        if (key != rawKey) return;
        isChecking = false;
        checks = report.checks;
        sanity->setChecks(checks);
        showState();
        Q_EMIT q->storyChanged();
    });
    connect(&explanations, &Explanations::checkFailed, q, [this](const std::string& key, const QString& reason) {
        if (key != rawKey) return;
        isChecking = false;
        tell(reason);
        showState();
    });
}

// Cardiomegaly's own network first, then the diseases by falling probability.
void ExplanationPanel::Private::fillTargets() {
    const ExplainTarget* before = target();
    const QString name = before ? QString::fromStdString(before->finding.name) : QString();
    const QString pack = before ? QString::fromStdString(before->model.id) : QString();
    const QSignalBlocker quiet(findings);
    targets = explanations.targets();
    std::stable_sort(targets.begin(), targets.end(), [](const ExplainTarget& a, const ExplainTarget& b) {
        const bool isFirst = a.role == ModelRole::Cardiomegaly;
        if (isFirst != (b.role == ModelRole::Cardiomegaly)) return isFirst;
        return a.finding.probability > b.finding.probability;
    });
    findings->clear();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const FindingProbability& finding = targets[i].finding;
        auto* item = new QTreeWidgetItem(findings, {QString::fromStdString(labelOf(finding)), QString::fromStdString(percentText(finding.probability)),
                                                    roleText(targets[i].role)});
        item->setData(0, Qt::UserRole, static_cast<int>(i));
        item->setSizeHint(0, {0, kRowPx});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        const QString tip = QStringLiteral("%1, %2").arg(QString::fromStdString(targets[i].model.name), QString::fromStdString(decisionText(finding) + pointText(finding)));
        for (int part = 0; part < 3; ++part) item->setToolTip(part, tip);
        if (finding.isPositive()) {
            QFont strong = item->font(0);
            strong.setBold(true);
            for (int part = 0; part < 2; ++part) item->setFont(part, strong);
        }
    }
    q->choose(name, pack);
    if (!findings->currentItem() && findings->topLevelItemCount() > 0) findings->setCurrentItem(findings->topLevelItem(0));
    onTarget();
}

// Until the pack's methods are known: the map of the analysis, if it would be the program's choice.
std::vector<ExplainMethod> ExplanationPanel::Private::allowedMethods() {
    const ExplainTarget* chosen = target();
    if (!chosen) return {};
    const PackFacts* facts = explanations.factsOf(chosen->model.id);
    if (facts && !facts->methods.empty()) return facts->methods;
    const bool isFine = std::min(chosen->camColumns, chosen->camRows) >= kLeastCamCells;
    if (chosen->cam >= 0 && (facts || isFine)) return {ExplainMethod::Cam};
    return {};
}

void ExplanationPanel::Private::fillMethods() {
    const QSignalBlocker quiet(method);
    method->clear();
    choice.reset();
    const std::vector<ExplainMethod> allowed = allowedMethods();
    for (const ExplainMethod one : allowed) {
        const ExplainMethodInfo& info = explainMethodInfo(one);
        method->addItem(QString::fromStdString(info.name), static_cast<int>(one));
        method->setItemData(method->count() - 1, QString::fromStdString(info.source), Qt::ToolTipRole);
    }
    if (!allowed.empty()) {
        choice = defaultExplanation(allowed, target()->camColumns, target()->camRows);
        const int wanted = chosenMethod ? method->findData(static_cast<int>(*chosenMethod)) : -1;
        method->setCurrentIndex(wanted >= 0 ? wanted : method->findData(static_cast<int>(choice->method)));
    }
    showMethod();
}

// Going back to the program's choice makes it the choice for other networks again.
void ExplanationPanel::Private::onMethod() {
    const ExplainMethod now = options().method;
    const bool isPrograms = choice && choice->method == now;
    chosenMethod = isPrograms ? std::nullopt : std::optional(now);
    showMethod();
    refresh();
}

void ExplanationPanel::Private::showMethod() {
    if (method->count() == 0) {
        const bool isKnown = target() && explanations.factsOf(target()->model.id);
        source->setText(isKnown ? tr("This network allows no explanation.") : tr("Asking the network what it allows\u2026"));
        return;
    }
    const ExplainMethod now = options().method;
    QStringList lines{QString::fromStdString(explainMethodInfo(now).source)};
    if (choice && choice->method == now && !chosenMethod) lines << QString::fromStdString(choice->reason);
    source->setText(lines.join(QLatin1Char('\n')));
    lookBox->setMethod(now);
}

}  // namespace cxr::ui
