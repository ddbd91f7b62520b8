// FindingsPanel: verdict card, progress, error, networks, widths, doubts, film facts, models; actions below.
#include "ui/panels/findings_panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/report/report.h"
#include "ui/panels/film_facts.h"
#include "ui/panels/judgement_section.h"
#include "ui/panels/model_section.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/verdict_card.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr double kSegmentedAt = 0.6;  // from here on the other networks run

// A list of sentences, one line each, with a bullet; hidden when empty.
QString bulletList(const std::vector<std::string>& sentences) {
    QStringList lines;
    for (const std::string& sentence : sentences) {
        const QString line = QStringLiteral("•  ") + QString::fromStdString(sentence);
        if (!lines.contains(line)) lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

class FindingsPanel::Private {
  public:
    explicit Private(FindingsPanel* panel) : q(panel) {}

    void build();
    QWidget* buildBusy(QWidget* parent);
    QWidget* buildError(QWidget* parent);
    QWidget* buildFindings(QWidget* parent);
    QWidget* buildFilm(QWidget* parent);
    QWidget* buildActions();

    void refresh();
    void refreshVerdict();
    void refreshFindings();
    void refreshFilm();
    void refreshActions();
    [[nodiscard]] QString explanation() const;
    [[nodiscard]] std::vector<std::string> remainingNotes() const;

    FindingsPanel* q;
    ImagePtr film;
    std::optional<ChestMeasurement> chest;
    ModelStamp model;
    JudgementPtr judgement;
    double seconds = 0;
    double busy = -1;
    QString error;

    VerdictCard* verdict = nullptr;
    JudgementSection* judged = nullptr;
    ModelSection* models = nullptr;
    QWidget *busyBox = nullptr, *errorBox = nullptr, *findingsBox = nullptr, *filmBox = nullptr;
    QProgressBar* progress = nullptr;
    QLabel *busyText = nullptr, *errorSign = nullptr, *errorText = nullptr;
    QLabel *notesTitle = nullptr, *notes = nullptr, *filmNotes = nullptr;
    FactRows *widths = nullptr, *facts = nullptr;
    QPushButton *analyze = nullptr, *cancel = nullptr;
    QPushButton* edit = nullptr;
};

FindingsPanel::FindingsPanel(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setObjectName(QStringLiteral("findingsPanel"));
    setAccessibleName(tr("Findings"));
    d->build();
    d->refresh();
}

FindingsPanel::~FindingsPanel() = default;

void FindingsPanel::setFilm(ImagePtr image) {
    d->film = std::move(image);
    d->chest.reset();
    d->judgement.reset();
    d->judged->setJudgement(nullptr, {});
    d->model = {};
    d->seconds = 0;
    d->busy = -1;
    d->error.clear();
    d->refresh();
}

void FindingsPanel::setSpacingOf(ImagePtr image) {
    d->film = std::move(image);
    d->refresh();
}

void FindingsPanel::setBusy(double fraction) {
    const bool was = d->busy >= 0;
    d->busy = fraction;
    if (fraction >= 0) d->error.clear();
    d->progress->setValue(static_cast<int>(std::lround(std::max(fraction, 0.0) * 100)));
    d->busyText->setText(fraction < kSegmentedAt ? tr("Finding heart and lungs…") : tr("Asking the other networks…"));
    if (was != (fraction >= 0)) d->refresh();
}

void FindingsPanel::setAnalysis(const std::optional<ChestMeasurement>& measurement, const ModelStamp& model,
                                double seconds) {
    d->chest = measurement;
    d->model = model;
    d->seconds = seconds;
    d->error.clear();
    d->refresh();
}

void FindingsPanel::setJudgement(const JudgementPtr& judgement, const FindingPreferences& preferences) {
    d->judgement = judgement;
    d->judged->setJudgement(judgement, preferences);
    d->refreshFindings();
    d->models->setModels(d->chest ? d->model : ModelStamp{}, judgement, d->seconds);
}

void FindingsPanel::setError(const QString& message) {
    d->error = message;
    if (!message.isEmpty()) d->busy = -1;
    d->refresh();
}

void FindingsPanel::setEditing(bool on) {
    const QSignalBlocker quiet(d->edit);
    d->edit->setChecked(on);
}

void FindingsPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !d) return;
    QMetaObject::invokeMethod(this, [this] { d->refreshVerdict(); }, Qt::QueuedConnection);  // the cards have the new palette then
}

void FindingsPanel::Private::build() {
    auto* outer = new QVBoxLayout(q);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto* scroll = new QScrollArea(q);
    scroll->setObjectName(QStringLiteral("findingsScroll"));
    scroll->setAccessibleName(tr("Findings, scrollable"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(scroll);
    content->setObjectName(QStringLiteral("findingsContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(10);
    verdict = new VerdictCard(content);
    judged = new JudgementSection(content);
    models = new ModelSection(content);
    QObject::connect(models, &ModelSection::modelsRequested, q, &FindingsPanel::modelCardRequested);
    QObject::connect(judged, &JudgementSection::preferencesChanged, q, &FindingsPanel::preferencesChanged);
    QObject::connect(judged, &JudgementSection::findingChosen, q, &FindingsPanel::findingChosen);
    for (QWidget* part : {static_cast<QWidget*>(verdict), buildBusy(content), buildError(content),
                          static_cast<QWidget*>(judged), buildFindings(content), buildFilm(content), static_cast<QWidget*>(models)})
        column->addWidget(part);
    column->addStretch(1);
    scroll->setWidget(content);
    outer->addWidget(scroll, 1);
    leaveWheelToPanel(content);
    outer->addWidget(buildActions());
    q->setMinimumWidth(260);
}

QWidget* FindingsPanel::Private::buildBusy(QWidget* parent) {
    busyBox = new Card(QStringLiteral("busyCard"), parent);
    auto* column = new QVBoxLayout(busyBox);
    column->setContentsMargins(14, 10, 14, 12);
    busyText = new QLabel(tr("Finding heart and lungs…"), busyBox);
    progress = new QProgressBar(busyBox);
    progress->setObjectName(QStringLiteral("analysisProgress"));
    progress->setAccessibleName(tr("Progress of the analysis"));
    progress->setToolTip(tr("How far the analysis of this film is"));
    progress->setRange(0, 100);
    cancel = new QPushButton(tr("Cancel"), busyBox);
    cancel->setObjectName(QStringLiteral("cancelAnalysis"));
    cancel->setAccessibleName(tr("Cancel the analysis"));
    cancel->setToolTip(tr("Stop the analysis; the film stays open"));
    QObject::connect(cancel, &QPushButton::clicked, q, &FindingsPanel::cancelRequested);
    auto* row = new QHBoxLayout;
    row->addWidget(progress, 1);
    row->addWidget(cancel);
    column->addWidget(busyText);
    column->addLayout(row);
    return busyBox;
}

QWidget* FindingsPanel::Private::buildError(QWidget* parent) {
    errorBox = new Card(QStringLiteral("errorCard"), parent);
    auto* row = new QHBoxLayout(errorBox);
    row->setContentsMargins(14, 12, 14, 12);
    errorSign = new QLabel(errorBox);
    errorSign->setAccessibleName(tr("Error"));
    errorText = wrappedText(QStringLiteral("analysisError"), errorBox);
    row->addWidget(errorSign, 0, Qt::AlignTop);
    row->addWidget(errorText, 1);
    return errorBox;
}

QWidget* FindingsPanel::Private::buildFindings(QWidget* parent) {
    findingsBox = new QWidget(parent);
    auto* column = new QVBoxLayout(findingsBox);
    column->setContentsMargins(2, 0, 2, 0);
    column->addWidget(sectionTitle(tr("Measurements"), findingsBox));
    widths = new FactRows(QStringLiteral("measurementRows"), findingsBox);
    widths->addRow(QStringLiteral("heartWidth"), tr("Heart width"), tr("Widest horizontal extent of the heart"));
    widths->addRow(QStringLiteral("chestWidth"), tr("Chest width"),
                   tr("Widest horizontal distance between the outer borders of the lungs"));
    widths->addRow(QStringLiteral("ratioRange"), tr("Range"),
                   tr("The ratio with the outlines drawn narrow and wide, by the network's own doubt"));
    widths->addRow(QStringLiteral("linesOrigin"), tr("Lines"), tr("Whether outlines or lines were moved by hand"));
    widths->addRow(QStringLiteral("maskQuality"), tr("Mask quality"),
                   tr("Agreement with the mirrored film and plausibility of the shapes; 100 % is best"));
    column->addWidget(widths);
    notesTitle = sectionTitle(tr("Notes"), findingsBox);
    notes = wrappedText(QStringLiteral("measurementNotes"), findingsBox);
    column->addWidget(notesTitle);
    column->addWidget(notes);
    return findingsBox;
}

QWidget* FindingsPanel::Private::buildFilm(QWidget* parent) {
    filmBox = new QWidget(parent);
    auto* column = new QVBoxLayout(filmBox);
    column->setContentsMargins(2, 0, 2, 0);
    column->addWidget(sectionTitle(tr("Film"), filmBox));
    facts = new FactRows(QStringLiteral("filmRows"), filmBox);
    for (const FilmFact& fact : filmFactKeys()) facts->addRow(fact.objectName, fact.key, fact.text);
    column->addWidget(facts);
    filmNotes = wrappedText(QStringLiteral("filmNotes"), filmBox);
    column->addWidget(filmNotes);
    return filmBox;
}

QWidget* FindingsPanel::Private::buildActions() {
    auto* bar = new QWidget(q);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 8, 12, 10);
    analyze = new QPushButton(tr("Analyse"), bar);
    analyze->setObjectName(QStringLiteral("analyzeButton"));
    QObject::connect(analyze, &QPushButton::clicked, q, &FindingsPanel::analyzeRequested);
    edit = new QPushButton(tr("Edit outlines"), bar);
    edit->setObjectName(QStringLiteral("editOutlinesButton"));
    edit->setAccessibleName(tr("Edit outlines and lines"));
    edit->setCheckable(true);
    QObject::connect(edit, &QPushButton::toggled, q, &FindingsPanel::editToggled);
    row->addWidget(analyze, 1);
    row->addWidget(edit, 1);
    return bar;
}

void FindingsPanel::Private::refresh() {
    refreshVerdict();
    refreshFindings();
    refreshFilm();
    models->setModels(chest ? model : ModelStamp{}, judgement, seconds);
    refreshActions();
}

// What stands under the scale while there is no ratio, and the verdict sentence when there is one.
QString FindingsPanel::Private::explanation() const {
    if (!film) return tr("Open a film to measure it.");
    if (busy >= 0) return tr("The analysis is running.");
    if (!error.isEmpty()) return tr("Not measured, see below.");
    if (!chest) return tr("Not measured yet. Press Analyse.");
    return QString::fromStdString(verdictSentence(*chest));
}

void FindingsPanel::Private::refreshVerdict() {
    verdict->setMeasurement(chest, explanation());
    judged->setMeasurement(chest);
    busyBox->setVisible(busy >= 0);
    errorBox->setVisible(!error.isEmpty());
    errorText->setText(error);
    errorSign->setPixmap(
        tonePixmap(FindingTone::Bad, toneColor(FindingTone::Bad, q->palette()), 20, q->devicePixelRatioF()));
}

// The view network's doubt stands as a warning above already.
std::vector<std::string> FindingsPanel::Private::remainingNotes() const {
    std::vector<std::string> remaining = chest->notes;
    if (judgement && judgement->view) std::erase(remaining, judgement->view->note);
    return remaining;
}

void FindingsPanel::Private::refreshFindings() {
    if (!chest || !film) return findingsBox->hide();
    const auto length = [&](const LinePx& line) {
        return line.length() > 0 ? QString::fromStdString(lengthText(line, film->spacing)) : QString();
    };
    bool edited = false;
    for (const Outline& outline : chest->outlines) edited = edited || outline.edited;
    widths->setValue(QStringLiteral("heartWidth"), length(chest->heartLine));
    widths->setValue(QStringLiteral("chestWidth"), length(chest->chestLine));
    const RatioRange& range = chest->ratioRange;
    widths->setValue(QStringLiteral("ratioRange"),
                     range.high > 0 ? tr("%1 to %2").arg(range.low, 0, 'f', 2).arg(range.high, 0, 'f', 2) : QString());
    widths->setValue(QStringLiteral("linesOrigin"), chest->linesEdited ? tr("moved by hand")
                                                    : edited           ? tr("from outlines corrected by hand")
                                                                       : tr("from the network's outlines"));
    const QString percent = tr("%1 %").arg(std::lround(chest->quality * 100));
    widths->setValue(QStringLiteral("maskQuality"),
                     chest->isUncertain ? tr("mask uncertain (%1), no verdict given").arg(percent) : percent);
    notes->setText(bulletList(remainingNotes()));
    notes->setAccessibleName(tr("Notes on the measurement: %1").arg(notes->text()));
    notes->setVisible(!notes->text().isEmpty());
    notesTitle->setVisible(!notes->text().isEmpty());
    findingsBox->show();  // last: hidden rows cost nothing
}

void FindingsPanel::Private::refreshFilm() {
    if (!film) return filmBox->hide();
    for (const FilmFact& fact : filmFacts(*film)) facts->setValue(fact.objectName, fact.text);
    std::vector<std::string> remaining;  // a note that stands among the findings is not said twice
    for (const std::string& note : film->notes)
        if (!chest || std::find(chest->notes.begin(), chest->notes.end(), note) == chest->notes.end())
            remaining.push_back(note);
    if (const std::string doubt = spacingDoubt(film->spacing); !chest && !doubt.empty()) remaining.push_back(doubt);
    filmNotes->setText(bulletList(remaining));
    filmNotes->setVisible(!remaining.empty());
    filmBox->show();
}

void FindingsPanel::Private::refreshActions() {
    const bool running = busy >= 0;
    analyze->setText(chest ? tr("Analyse again") : tr("Analyse"));
    analyze->setAccessibleName(analyze->text());
    analyze->setEnabled(film && !running);
    analyze->setToolTip(!film     ? tr("Open a film first")
                        : running ? tr("The analysis is running; cancel it to start again")
                                  : tr("Find heart and lungs and measure the cardiothoracic ratio"));
    edit->setEnabled(chest && !running);
    if (!edit->isEnabled()) edit->setChecked(false);
    edit->setToolTip(edit->isEnabled() ? tr("Drag the points of an outline or the ends of a line; the ratio follows")
                                       : tr("Outlines can be edited once the film has been analysed"));
}

}  // namespace cxr::ui
