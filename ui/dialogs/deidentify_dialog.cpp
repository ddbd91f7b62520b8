// DeidentifyDialog: see deidentify_dialog.h.
#include "ui/dialogs/deidentify_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QThreadPool>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "ui/dialogs/text_box_view.h"
#include "ui/jobs/job.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr int kReviewWidth = 1240, kReviewHeight = 860;  // px, for looking at films
constexpr double kScreenShare = 0.92;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString cardText(const DeidentifySummary& summary) {
    QStringList lines;
    for (const PrivacyLayer& layer : summary.card) {
        lines << text(layer.title) + QStringLiteral("\n") + text(layer.done) + QStringLiteral(" ") + text(layer.notMeasured);
    }
    for (const DeidentifiedFile& file : summary.files) {
        if (file.error.empty()) continue;
        lines << DeidentifyDialog::tr("Refused: %1: %2").arg(text(file.input.filename().string()), text(file.error));
    }
    return lines.join(QStringLiteral("\n\n"));
}

}  // namespace

class DeidentifyDialog::Private {
  public:
    Private(DeidentifyDialog* dialog, QStringList all, QString one) : q(dialog), files(std::move(all)), current(std::move(one)) {}

    void build();
    QWidget* buildOptions();
    void buildKept(QFormLayout* rows);
    void buildPlaces(QFormLayout* rows);
    QWidget* buildReview();
    void buildEnd(QVBoxLayout* column);
    QCheckBox* addCheck(QFormLayout* rows, const char* name, const QString& label, const QString& toolTip);
    QPushButton* addButton(const char* name, const QString& label, const QString& accessible, const QString& toolTip);
    [[nodiscard]] QStringList chosenFiles() const;
    void look();
    void makeRoom();
    void showFilm(int index);
    void showState();
    [[nodiscard]] QString problem() const;
    [[nodiscard]] DeidentifyJob jobToDo() const;
    void start();
    void finish(const Result<DeidentifySummary>& result);
    void chooseFolder();
    void chooseKey();

    DeidentifyDialog* q;
    QStringList files;
    QString current;
    std::vector<ReviewedFilm> films;
    int shown = -1;
    bool isLooking = false, isRunning = false;

    QComboBox *scope = nullptr, *dates = nullptr, *prior = nullptr;
    QCheckBox *descriptors = nullptr, *content = nullptr, *patient = nullptr, *device = nullptr, *institution = nullptr, *uids = nullptr, *writing = nullptr;
    QLineEdit *folder = nullptr, *key = nullptr;
    QWidget *options = nullptr, *reviewPane = nullptr;
    TextBoxView* view = nullptr;
    QLabel *filmLine = nullptr, *message = nullptr;
    QPushButton *previous = nullptr, *next = nullptr, *go = nullptr, *close = nullptr;
    QProgressBar* progress = nullptr;
    QPlainTextEdit* card = nullptr;
    JobHandle job;
};

DeidentifyDialog::DeidentifyDialog(const QStringList& files, const QString& current, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, files, current)) {
    setObjectName(QStringLiteral("deidentifyDialog"));
    setWindowTitle(tr("Export de-identified"));
    d->build();
    d->showState();
}

DeidentifyDialog::~DeidentifyDialog() = default;

void DeidentifyDialog::setFolder(const QString& folder) { d->folder->setText(folder); }
void DeidentifyDialog::setKeyFile(const QString& file) { d->key->setText(file); }

void DeidentifyDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    options = buildOptions();
    reviewPane = buildReview();
    row->addWidget(options);
    row->addWidget(reviewPane, 1);
    column->addLayout(row, 1);
    buildEnd(column);
}

QCheckBox* DeidentifyDialog::Private::addCheck(QFormLayout* rows, const char* name, const QString& label, const QString& toolTip) {
    auto* check = new QCheckBox(label, options);
    check->setObjectName(QLatin1String(name));
    check->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    check->setToolTip(toolTip);
    rows->addRow(check);
    return check;
}

QPushButton* DeidentifyDialog::Private::addButton(const char* name, const QString& label, const QString& accessible, const QString& toolTip) {
    auto* button = new QPushButton(label, q);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(accessible);
    button->setToolTip(toolTip);
    button->setAutoDefault(false);
    return button;
}

QWidget* DeidentifyDialog::Private::buildOptions() {
    options = new QWidget(q);
    options->setMaximumWidth(400);
    auto* rows = new QFormLayout(options);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    scope = new QComboBox(options);
    scope->setObjectName(QStringLiteral("deidentifyScope"));
    scope->setAccessibleName(tr("Which films"));
    scope->setToolTip(tr("The film on screen, or all films of the list; only DICOM files can be written"));
    if (!current.isEmpty()) scope->addItem(tr("This film"));
    scope->addItem(tr("All %n film(s) of the list", nullptr, static_cast<int>(files.size())));
    rows->addRow(tr("&Films"), scope);
    rows->addRow(sectionTitle(tr("Header: DICOM basic profile, and keep"), options));
    buildKept(rows);
    rows->addRow(sectionTitle(tr("Picture"), options));
    writing = addCheck(rows, "blackenWriting", tr("&Blacken burned-in text"),
                       tr("Looks for writing on the films; you confirm its boxes on the right. Single letters such as L and R stay"));
    prior = new QComboBox(options);
    prior->setObjectName(QStringLiteral("deidentifyPrior"));
    prior->setAccessibleName(tr("Write as"));
    prior->setToolTip(tr("The film, or its HeartSpot picture, which keeps a part of the pixels; re-identification risk not measured"));
    prior->addItem(tr("Film"), QString());
    for (const std::string& name : priorNames()) prior->addItem(tr("HeartSpot %1").arg(text(name)), text(name));
    rows->addRow(tr("&Write as"), prior);
    buildPlaces(rows);
    QObject::connect(scope, &QComboBox::currentIndexChanged, q, [this] { look(); });
    QObject::connect(writing, &QCheckBox::toggled, q, [this] { look(); });
    return options;
}

void DeidentifyDialog::Private::buildKept(QFormLayout* rows) {
    dates = new QComboBox(options);
    dates->setObjectName(QStringLiteral("deidentifyDates"));
    dates->setAccessibleName(tr("Dates"));
    dates->setToolTip(tr("Moved: all days of a patient go back by the same number; times of day stay. The birth date always goes"));
    dates->addItems({tr("Removed"), tr("Moved"), tr("Kept")});
    rows->addRow(tr("&Dates"), dates);
    descriptors = addCheck(rows, "keepDescriptors", tr("Harmless &words of descriptions"),
                           tr("Words of a fixed list, such as thorax or lateral, stay; all others go"));
    content = addCheck(rows, "keepContent", tr("Con&tent of reports"),
                       tr("Structured reports keep numbers, known codes and harmless words; else one comment takes the place of their content"));
    patient = addCheck(rows, "keepPatient", tr("&Patient characteristics"), tr("Sex, age, size, weight and the like"));
    device = addCheck(rows, "keepDevice", tr("De&vice"), tr("Station, serial number and the like"));
    institution = addCheck(rows, "keepInstitution", tr("&Institution"), tr("Name and department of the institution"));
    uids = addCheck(rows, "keepUids", tr("&UIDs"), tr("Identifiers of studies and films; who has the originals finds the patient with them"));
}

void DeidentifyDialog::Private::buildPlaces(QFormLayout* rows) {
    const auto addPlace = [&](const char* name, const QString& label, const QString& toolTip, QPushButton* button) {
        auto* line = new QLineEdit(options);
        line->setObjectName(QLatin1String(name));
        line->setAccessibleName(QString(label).remove(QLatin1Char('&')));
        line->setToolTip(toolTip);
        auto* row = new QHBoxLayout;
        row->addWidget(line, 1);
        row->addWidget(button);
        auto* title = new QLabel(label, options);
        title->setBuddy(line);
        rows->addRow(title, row);
        QObject::connect(line, &QLineEdit::textChanged, q, [this] { showState(); });
        return line;
    };
    rows->addRow(sectionTitle(tr("Where to"), options));
    auto* browse = addButton("chooseDeidentifyFolder", tr("Choose…"), tr("Choose the folder"), tr("Choose the folder for the new files"));
    auto* browseKey = addButton("chooseDeidentifyKey", tr("Choose…"), tr("Choose the key file"), tr("Choose a key file, or name a new one"));
    folder = addPlace("deidentifyFolder", tr("F&older"), tr("Folder for the new files and the report; their names come from the key"), browse);
    key = addPlace("deidentifyKey", tr("&Key file"),
                   tr("With it, later films get the same codes; it is made if it is absent. Empty: the key is discarded"), browseKey);
    key->setPlaceholderText(tr("key is discarded"));
    QObject::connect(browse, &QPushButton::clicked, q, [this] { chooseFolder(); });
    QObject::connect(browseKey, &QPushButton::clicked, q, [this] { chooseKey(); });
}

void DeidentifyDialog::Private::chooseFolder() {
    auto* dialog = new QFileDialog(q, tr("Folder for the new files"), folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, q, &DeidentifyDialog::setFolder);
    dialog->open();
}

void DeidentifyDialog::Private::chooseKey() {
    auto* dialog = new QFileDialog(q, tr("Key file"), key->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite);  // an existing key is read, not written
    QObject::connect(dialog, &QFileDialog::fileSelected, q, &DeidentifyDialog::setKeyFile);
    dialog->open();
}

QWidget* DeidentifyDialog::Private::buildReview() {
    auto* pane = new QWidget(q);
    auto* column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    view = new TextBoxView(pane);
    filmLine = wrappedText(QStringLiteral("reviewLine"), pane);
    previous = addButton("previousReviewed", tr("Previo&us"), tr("Previous film"), tr("The film before this one"));
    next = addButton("nextReviewed", tr("&Next"), tr("Next film"), tr("The next film; each must be looked at once"));
    auto* row = new QHBoxLayout;
    row->addWidget(filmLine, 1);
    row->addWidget(previous);
    row->addWidget(next);
    column->addWidget(view, 1);
    column->addLayout(row);
    QObject::connect(previous, &QPushButton::clicked, q, [this] { showFilm(shown - 1); });
    QObject::connect(next, &QPushButton::clicked, q, [this] { showFilm(shown + 1); });
    QObject::connect(view, &TextBoxView::boxesEdited, q, [this](const std::vector<QRect>& boxes) {
        if (shown < 0) return;
        films[static_cast<std::size_t>(shown)].boxes = boxes;
        showState();
    });
    return pane;
}

void DeidentifyDialog::Private::buildEnd(QVBoxLayout* column) {
    message = wrappedText(QStringLiteral("deidentifyMessage"), q);
    card = new QPlainTextEdit(q);
    card->setObjectName(QStringLiteral("privacyCard"));
    card->setAccessibleName(tr("Privacy card"));
    card->setToolTip(tr("What was done and what was not measured"));
    card->setReadOnly(true);
    card->setMinimumHeight(190);
    card->hide();
    progress = new QProgressBar(q);
    progress->setObjectName(QStringLiteral("deidentifyProgress"));
    progress->setAccessibleName(tr("Progress"));
    progress->setRange(0, 100);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close | QDialogButtonBox::Help, q);
    close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("closeDeidentify"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close; a running export stops after the file in work"));
    QPushButton* help = buttons->button(QDialogButtonBox::Help);
    help->setObjectName(QStringLiteral("helpDeidentify"));
    help->setAccessibleName(tr("Help"));
    help->setToolTip(tr("What each option does"));
    go = buttons->addButton(tr("&Export"), QDialogButtonBox::ActionRole);
    go->setObjectName(QStringLiteral("startDeidentify"));
    go->setAccessibleName(tr("Export"));
    go->setDefault(true);
    column->addWidget(message);
    column->addWidget(card);
    column->addWidget(progress);
    column->addWidget(buttons);
    QObject::connect(go, &QPushButton::clicked, q, [this] { start(); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    QObject::connect(buttons, &QDialogButtonBox::helpRequested, q, [this] { Q_EMIT q->helpWanted(QStringLiteral("deidentify")); });
}

QStringList DeidentifyDialog::Private::chosenFiles() const {
    const bool isOne = !current.isEmpty() && scope->currentIndex() == 0;
    return isOne ? QStringList{current} : files;
}

// Looks for writing again whenever other films are chosen.
void DeidentifyDialog::Private::look() {
    films.clear();
    shown = -1;
    view->setFilm({}, {}, {});
    job.cancel();
    isLooking = writing->isChecked();
    showState();
    if (!isLooking) return;
    makeRoom();
    progress->setValue(0);
    job = startJob<std::vector<ReviewedFilm>>(
        *QThreadPool::globalInstance(), q, [wanted = chosenFiles()](const RunContext& context) { return reviewFilms(wanted, context); },
        [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
        [this](Result<std::vector<ReviewedFilm>> result) {
            isLooking = false;
            if (!result) return showState();
            films = std::move(result).value();
            showFilm(0);
        });
}

// Writing of ten pixels must be seen: the film gets as much of the screen as there is, unless the user gave it more.
void DeidentifyDialog::Private::makeRoom() {
    const QScreen* screen = q->screen();
    if (screen == nullptr || q->isMaximized()) return;
    const QSize most = screen->availableSize() * kScreenShare;
    q->resize(q->size().expandedTo(QSize(kReviewWidth, kReviewHeight).boundedTo(most)));
    const QRect there = screen->availableGeometry(), here = q->frameGeometry();
    q->move(std::clamp(here.x(), there.x(), std::max(there.x(), there.right() - here.width())),
            std::clamp(here.y(), there.y(), std::max(there.y(), there.bottom() - here.height())));
}

void DeidentifyDialog::Private::showFilm(int index) {
    if (index < 0 || index >= static_cast<int>(films.size())) return;
    shown = index;
    ReviewedFilm& film = films[static_cast<std::size_t>(index)];
    film.isSeen = true;
    view->setFilm(film.picture, film.filmSize, film.boxes);
    showState();
}

// Empty if the export may start.
QString DeidentifyDialog::Private::problem() const {
    if (folder->text().trimmed().isEmpty()) return tr("Choose a folder for the new files.");
    if (isLooking) return tr("The films are being looked through for writing.");
    if (!writing->isChecked()) return {};
    const auto unseen = std::count_if(films.begin(), films.end(), [](const ReviewedFilm& film) { return !film.isSeen; });
    if (films.empty()) return tr("The films could not be looked through.");
    return unseen == 0 ? QString() : tr("Look at the other %n film(s) first.", nullptr, static_cast<int>(unseen));
}

void DeidentifyDialog::Private::showState() {
    reviewPane->setVisible(writing->isChecked());
    options->setEnabled(!isRunning);
    reviewPane->setEnabled(!isRunning);
    const int count = static_cast<int>(films.size());
    previous->setEnabled(shown > 0);
    next->setEnabled(shown >= 0 && shown + 1 < count);
    filmLine->setText(isLooking ? tr("Looking for writing…") : QString());
    if (shown >= 0) {
        const ReviewedFilm& film = films[static_cast<std::size_t>(shown)];
        const QString boxes = tr("%n box(es)", nullptr, static_cast<int>(film.boxes.size()));
        filmLine->setText(tr("Film %1 of %2: %3").arg(shown + 1).arg(count).arg(film.error.isEmpty() ? boxes : film.error));
    }
    const QString hindrance = problem();
    go->setEnabled(hindrance.isEmpty() && !isRunning);
    go->setToolTip(hindrance.isEmpty() ? tr("Write the new files; the originals are not touched") : hindrance);
    progress->setVisible(isRunning || isLooking);
}

DeidentifyJob DeidentifyDialog::Private::jobToDo() const {
    DeidentifyJob todo{chosenFiles(), folder->text().trimmed(), key->text().trimmed(), {}};
    constexpr std::array kDates{DateHandling::Remove, DateHandling::Modify, DateHandling::Keep};
    todo.plan.options = {.dates = kDates[static_cast<std::size_t>(dates->currentIndex())],
                         .cleanDescriptors = descriptors->isChecked(),
                         .cleanContent = content->isChecked(),
                         .retainUids = uids->isChecked(),
                         .retainPatient = patient->isChecked(),
                         .retainDevice = device->isChecked(),
                         .retainInstitution = institution->isChecked()};
    todo.plan.isKeyKept = !todo.keyFile.isEmpty();
    if (writing->isChecked()) {
        todo.plan.text = TextCleaning::Confirmed;
        for (const ReviewedFilm& film : films) {
            auto& boxes = todo.plan.boxes[film.path.toStdString()];
            for (const QRect& box : film.boxes) boxes.emplace_back(box.x(), box.y(), box.width(), box.height());
        }
        // What could not be shown was not confirmed.
        for (const ReviewedFilm& film : films) {
            if (film.picture.isNull()) todo.files.removeAll(film.path);
        }
    }
    const QString name = prior->currentData().toString();
    if (name.isEmpty()) return todo;
    if (Result<PriorSpec> spec = priorByName(name.toStdString())) todo.plan.heartSpot = std::move(spec).value();
    return todo;
}

void DeidentifyDialog::Private::start() {
    if (!problem().isEmpty() || isRunning) return;
    isRunning = true;
    message->clear();
    card->hide();
    progress->setValue(0);
    showState();
    job = startJob<DeidentifySummary>(
        *QThreadPool::globalInstance(), q, [todo = jobToDo()](const RunContext& context) { return runDeidentifyJob(todo, context); },
        [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
        [this](Result<DeidentifySummary> result) { finish(result); });
}

void DeidentifyDialog::Private::finish(const Result<DeidentifySummary>& result) {
    isRunning = false;
    showState();
    if (!result) return message->setText(tr("The export failed: %1.").arg(text(result.error().message)));
    const DeidentifySummary& summary = result.value();
    QString line = tr("%n file(s) written to %1, %2 refused.", nullptr, summary.written()).arg(folder->text().trimmed()).arg(summary.refused());
    const auto leftOut = std::count_if(films.begin(), films.end(), [](const ReviewedFilm& film) { return film.picture.isNull(); });
    if (leftOut > 0) line += tr(" %n could not be shown and was left out.", nullptr, static_cast<int>(leftOut));
    message->setText(line);
    card->setPlainText(cardText(summary));
    card->show();
}

}  // namespace cxr::ui
