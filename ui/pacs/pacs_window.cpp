#include "ui/pacs/pacs_window.h"

#include <QComboBox>
#include <QDateEdit>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QThreadPool>
#include <QVBoxLayout>

#include "core/pacs/pacs.h"
#include "ui/jobs/job.h"
#include "ui/pacs/server_bar.h"
#include "ui/pacs/server_list.h"
#include "ui/pacs/study_tree.h"
#include "ui/panels/panel_parts.h"
#include "ui/state/settings.h"

namespace cxr::ui {

namespace {

enum What { kStudies, kPatients, kPlanned };
enum Period { kAnyDay, kToday, kWeek, kMonth, kYear, kBetween };
constexpr int kMaxStudies = 500;  // in the table

// What one retrieve of several targets came to.
struct Received {
    QStringList folders;
    int files = 0, failed = 0;
    std::string firstFailure;
};

Result<Received> retrieveAll(const Server& server, const std::vector<RetrieveTarget>& targets, const QString& inbox, const RunContext& context) {
    Received all;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const double count = static_cast<double>(targets.size());
        const RunContext part = context.part(static_cast<double>(i) / count, static_cast<double>(i + 1) / count);
        Result<RetrieveOutcome> outcome = retrieve(server, targets[i], inbox.toStdString(), {}, part);
        if (!outcome) return std::move(outcome).error();
        const QString folder = QString::fromStdString(outcome.value().folder.string());
        if (!all.folders.contains(folder)) all.folders << folder;
        all.files += static_cast<int>(outcome.value().files.size());
        if (all.failed == 0) all.firstFailure = outcome.value().firstFailure;
        all.failed += outcome.value().failed;
    }
    return all;
}

std::string dicomDate(const QDate& date) { return date.toString(QStringLiteral("yyyyMMdd")).toStdString(); }

}  // namespace

class PacsWindow::Private {
  public:
    Private(PacsWindow* window, ServerList& list, Settings& kept) : q(window), servers(list), settings(kept) {}

    void build();
    QWidget* buildFilter();
    QWidget* buildPlace();
    QWidget* buildEnd();
    template <typename Widget>
    Widget* named(Widget* widget, const char* name, const QString& accessible, const QString& toolTip);
    QPushButton* addButton(const char* name, const QString& text, const QString& accessible, const QString& toolTip);
    [[nodiscard]] StudyFilter filter() const;
    void test();
    [[nodiscard]] WorklistFilter plannedFilter() const;
    template <typename Row, typename Find, typename Show>
    void searchFor(Find find, Show show);
    void search();
    void searchStudiesOfPatient();
    void findSeriesOf(const QString& studyUid);
    void retrieveChosen();
    void chooseInbox();
    void stop();
    template <typename T>
    void run(const QString& doing, std::function<Result<T>(const RunContext&)> work, std::function<void(T)> done);
    void say(const QString& text);
    void refresh();

    PacsWindow* q;
    ServerList& servers;
    Settings& settings;
    ServerBar* bar = nullptr;
    QLineEdit *name = nullptr, *id = nullptr, *accession = nullptr, *station = nullptr, *inbox = nullptr;
    QComboBox *what = nullptr, *modality = nullptr, *period = nullptr;
    QDateEdit *from = nullptr, *to = nullptr;
    StudyTree* tree = nullptr;
    QPushButton *searchButton = nullptr, *patientButton = nullptr, *retrieveButton = nullptr, *stopButton = nullptr;
    QProgressBar* progress = nullptr;
    QLabel* message = nullptr;
    JobHandle job;
    bool isRunning = false;
};

PacsWindow::PacsWindow(ServerList& servers, Settings& settings, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, servers, settings)) {
    setObjectName(QStringLiteral("pacsWindow"));
    setWindowTitle(tr("PACS"));
    d->build();
    d->refresh();
}

PacsWindow::~PacsWindow() = default;

template <typename Widget>
Widget* PacsWindow::Private::named(Widget* widget, const char* objectName, const QString& accessible, const QString& toolTip) {
    widget->setObjectName(QLatin1String(objectName));
    widget->setAccessibleName(accessible);
    widget->setToolTip(toolTip);
    return widget;
}

QPushButton* PacsWindow::Private::addButton(const char* objectName, const QString& text, const QString& accessible, const QString& toolTip) {
    auto* button = named(new QPushButton(text, q), objectName, accessible, toolTip);
    button->setAutoDefault(false);
    return button;
}

void PacsWindow::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(10);
    bar = new ServerBar(servers, q);
    tree = new StudyTree(q);
    column->addWidget(bar);
    column->addWidget(buildFilter());
    column->addWidget(tree, 1);
    column->addWidget(buildPlace());
    column->addWidget(buildEnd());
    QObject::connect(bar, &ServerBar::testWanted, q, [this] { test(); });
    QObject::connect(bar, &ServerBar::said, q, [this](const QString& text) { say(text); });
    QObject::connect(bar, &ServerBar::chosen, q, [this] {
        stop();
        tree->clear();
        refresh();
    });
    QObject::connect(tree, &StudyTree::seriesWanted, q, [this](const QString& uid) { findSeriesOf(uid); });
    QObject::connect(tree, &QTreeWidget::itemSelectionChanged, q, [this] { refresh(); });
    q->resize(900, 620);
}

QWidget* PacsWindow::Private::buildFilter() {
    auto* box = new QWidget(q);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    const auto put = [&](QWidget* widget, const QString& label, int row, int column) {
        auto* title = new QLabel(label, box);
        title->setBuddy(widget);
        grid->addWidget(title, row, column);
        grid->addWidget(widget, row, column + 1);
    };
    name = named(new QLineEdit(box), "pacsName", tr("Patient's name"), tr("The beginning of the name, \"Roe\" or \"Roe, Jane\"; * stands for any letters, ? for one"));
    id = named(new QLineEdit(box), "pacsId", tr("Patient ID"), tr("The patient's number; * and ? as in the name"));
    accession = named(new QLineEdit(box), "pacsAccession", tr("Accession number"), tr("The number of the order"));
    modality = named(new QComboBox(box), "pacsModality", tr("Modality"), tr("Studies with this kind of series"));
    modality->addItem(tr("Any"), QString());
    for (const char* kind : {"CR", "DX", "RF", "CT", "SR", "SEG"}) modality->addItem(QLatin1String(kind), QLatin1String(kind));
    period = named(new QComboBox(box), "pacsPeriod", tr("Study date"), tr("When the study was made"));
    period->addItems({tr("Any day"), tr("Today"), tr("Last 7 days"), tr("Last 30 days"), tr("Last 365 days"), tr("Between")});
    from = named(new QDateEdit(QDate::currentDate().addDays(-30), box), "pacsFrom", tr("First day"), tr("First day, for Between"));
    to = named(new QDateEdit(QDate::currentDate(), box), "pacsTo", tr("Last day"), tr("Last day, for Between"));
    for (QDateEdit* edit : {from, to}) edit->setCalendarPopup(true), edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
    what = named(new QComboBox(box), "pacsWhat", tr("Search for"), tr("Studies that are there, patients, or what is planned (modality worklist)"));
    what->addItems({tr("Studies"), tr("Patients"), tr("Worklist")});
    station = named(new QLineEdit(box), "pacsStation", tr("Station"), tr("AE title of the station that a step is planned for; * and ? as in the name"));
    put(what, tr("Search &for"), 2, 0);
    put(station, tr("Stat&ion"), 2, 2);
    put(name, tr("&Name"), 0, 0);
    put(id, tr("Patient I&D"), 0, 2);
    put(accession, tr("A&ccession"), 0, 4);
    put(modality, tr("&Modality"), 1, 0);
    put(period, tr("Da&te"), 1, 2);
    auto* days = new QHBoxLayout;
    days->addWidget(from, 1);
    days->addWidget(to, 1);
    grid->addLayout(days, 1, 4, 1, 2);
    searchButton = addButton("pacsSearch", tr("&Search"), tr("Search"), tr("Ask the server for studies that match"));
    searchButton->setDefault(true);
    patientButton = addButton("pacsStudiesOfPatient", tr("St&udies of this patient"), tr("Studies of this patient"),
                              tr("Search for the studies of the chosen patient, by the Patient ID"));
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(patientButton);
    row->addWidget(searchButton);
    grid->addLayout(row, 2, 4, 1, 2);
    QObject::connect(searchButton, &QPushButton::clicked, q, [this] { search(); });
    QObject::connect(patientButton, &QPushButton::clicked, q, [this] { searchStudiesOfPatient(); });
    QObject::connect(period, &QComboBox::currentIndexChanged, q, [this] { refresh(); });
    QObject::connect(what, &QComboBox::currentIndexChanged, q, [this] {
        stop();
        tree->clear();
        say({});
        refresh();
    });
    return box;
}

QWidget* PacsWindow::Private::buildPlace() {
    auto* box = new QWidget(q);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    inbox = named(new QLineEdit(QDir::toNativeSeparators(settings.pacsInbox()), box), "pacsInbox", tr("Folder for retrieved studies"),
                  tr("Each study gets a folder in it. The films stay there until you delete them"));
    auto* browse = addButton("pacsInboxChoose", tr("Choose…"), tr("Choose the folder for retrieved studies"), tr("Choose the folder"));
    auto* title = new QLabel(tr("Studies &go to"), box);
    title->setBuddy(inbox);
    row->addWidget(title);
    row->addWidget(inbox, 1);
    row->addWidget(browse);
    QObject::connect(browse, &QPushButton::clicked, q, [this] { chooseInbox(); });
    QObject::connect(inbox, &QLineEdit::textChanged, q, [this] { refresh(); });
    return box;
}

QWidget* PacsWindow::Private::buildEnd() {
    auto* box = new QWidget(q);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    message = wrappedText(QStringLiteral("pacsMessage"), box);
    progress = named(new QProgressBar(box), "pacsProgress", tr("Progress"), tr("How much of the work is done"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close | QDialogButtonBox::Help, box);
    auto* close = named(buttons->button(QDialogButtonBox::Close), "pacsClose", tr("Close"), tr("Close; what runs is stopped"));
    auto* help = named(buttons->button(QDialogButtonBox::Help), "pacsHelp", tr("Help"), tr("How to set up a server, and what its errors mean"));
    for (QPushButton* button : {close, help}) button->setAutoDefault(false);
    retrieveButton = addButton("pacsRetrieve", tr("&Retrieve and open"), tr("Retrieve and open"), tr("Retrieve the chosen patients, studies or series and open them"));
    stopButton = addButton("pacsStop", tr("St&op"), tr("Stop"), tr("Stop what runs; films that are complete stay"));
    buttons->addButton(retrieveButton, QDialogButtonBox::ActionRole);
    buttons->addButton(stopButton, QDialogButtonBox::ActionRole);
    column->addWidget(message);
    column->addWidget(progress);
    column->addWidget(buttons);
    QObject::connect(retrieveButton, &QPushButton::clicked, q, [this] { retrieveChosen(); });
    QObject::connect(stopButton, &QPushButton::clicked, q, [this] {
        stop();
        say(tr("Stopped. Films that were complete stay in the folder."));
    });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, [this] {
        stop();
        q->reject();
    });
    QObject::connect(buttons, &QDialogButtonBox::helpRequested, q, [this] { Q_EMIT q->helpWanted(QStringLiteral("pacs")); });
    return box;
}

void PacsWindow::Private::chooseInbox() {
    auto* dialog = new QFileDialog(q, tr("Folder for retrieved studies"), inbox->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, inbox, &QLineEdit::setText);
    dialog->open();
}

StudyFilter PacsWindow::Private::filter() const {
    StudyFilter wanted;
    wanted.patientName = name->text().toStdString();
    wanted.patientId = id->text().trimmed().toStdString();
    wanted.accession = accession->text().trimmed().toStdString();
    wanted.modality = modality->currentData().toString().toStdString();
    wanted.limit = kMaxStudies;
    const int kind = period->currentIndex();
    if (kind == kAnyDay) return wanted;
    const QDate today = QDate::currentDate();
    const int days = kind == kWeek ? 7 : kind == kMonth ? 30 : kind == kYear ? 365 : 0;
    wanted.dateFrom = dicomDate(kind == kBetween ? from->date() : today.addDays(-days));
    if (kind == kBetween) wanted.dateTo = dicomDate(to->date());
    if (kind == kToday) wanted.dateTo = wanted.dateFrom;
    return wanted;
}

WorklistFilter PacsWindow::Private::plannedFilter() const {
    const StudyFilter wanted = filter();
    return {wanted.patientName, wanted.patientId, wanted.accession, wanted.dateFrom, wanted.dateTo,
            wanted.modality,    station->text().trimmed().toStdString(), wanted.limit};
}

// One thing at a time; the newest wins.
template <typename T>
void PacsWindow::Private::run(const QString& doing, std::function<Result<T>(const RunContext&)> work, std::function<void(T)> done) {
    isRunning = true;
    say(doing);
    progress->setRange(0, 0);  // busy until there is a number
    refresh();
    job = startJob<T>(
        *QThreadPool::globalInstance(), q, std::move(work),
        [this](double fraction) {
            progress->setRange(0, 100);
            progress->setValue(static_cast<int>(fraction * 100));
        },
        [this, done = std::move(done)](Result<T> result) {
            isRunning = false;
            refresh();
            if (result) return done(std::move(result).value());
            if (result.error().code != ErrorCode::Cancelled) say(tr("Failed: %1.").arg(QString::fromStdString(result.error().message)));
        });
}

void PacsWindow::Private::stop() {
    job = {};
    isRunning = false;
    if (stopButton) refresh();
}

void PacsWindow::Private::test() {
    bar->withServer([this](const Server& server) {
        run<Done>(
            tr("Testing %1 …").arg(QString::fromStdString(addressOf(server))), [server](const RunContext& context) { return echoServer(server, context); },
            [this, server](Done) { say(tr("%1 answers.").arg(QString::fromStdString(addressOf(server)))); });
    });
}

// `find(server, context)` in a worker; `show(rows)` puts them into the tree.
template <typename Row, typename Find, typename Show>
void PacsWindow::Private::searchFor(Find find, Show show) {
    bar->withServer([this, find, show](const Server& server) {
        tree->clear();
        run<Found<Row>>(
            tr("Searching …"), [server, find](const RunContext& context) { return find(server, context); },
            [this, show](const Found<Row>& found) {
                show(found.rows);
                refresh();
                const int count = static_cast<int>(found.rows.size());
                if (count == 0) return say(tr("Nothing matches."));
                say(found.isCut ? tr("The first %n; narrow the search to see the others.", nullptr, count) : tr("%n found.", nullptr, count));
            });
    });
}

void PacsWindow::Private::search() {
    if (what->currentIndex() == kPatients) {
        return searchFor<PatientRow>([wanted = filter()](const Server& server, const RunContext& context) { return findPatients(server, wanted, context); },
                                     [this](const std::vector<PatientRow>& rows) { tree->setPatients(rows); });
    }
    if (what->currentIndex() == kPlanned) {
        return searchFor<WorklistRow>([wanted = plannedFilter()](const Server& server, const RunContext& context) { return findWorklist(server, wanted, context); },
                                      [this](const std::vector<WorklistRow>& rows) { tree->setPlanned(rows); });
    }
    searchFor<StudyRow>([wanted = filter()](const Server& server, const RunContext& context) { return findStudies(server, wanted, context); },
                        [this](const std::vector<StudyRow>& rows) { tree->setStudies(rows); });
}

// Everything of the patient, whatever else was asked for before.
void PacsWindow::Private::searchStudiesOfPatient() {
    const QString patient = tree->chosenPatient();
    if (patient.isEmpty()) return;
    what->setCurrentIndex(kStudies);
    for (QLineEdit* edit : {name, accession}) edit->clear();
    modality->setCurrentIndex(0);
    period->setCurrentIndex(kAnyDay);
    id->setText(patient);
    search();
}

void PacsWindow::Private::findSeriesOf(const QString& studyUid) {
    if (isRunning) return;
    bar->withServer([this, studyUid](const Server& server) {
        run<Found<SeriesRow>>(
            tr("Looking for the series …"), [server, uid = studyUid.toStdString()](const RunContext& context) { return findSeries(server, uid, context); },
            [this, studyUid](const Found<SeriesRow>& found) {
                tree->setSeries(studyUid, found.rows);
                say(tr("%n series.", nullptr, static_cast<int>(found.rows.size())));
            });
    });
}

void PacsWindow::Private::retrieveChosen() {
    const std::vector<RetrieveTarget> targets = tree->targets();
    if (targets.empty()) return;
    const QString folder = QDir::fromNativeSeparators(inbox->text().trimmed());
    settings.setPacsInbox(folder);
    bar->withServer([this, targets, folder](const Server& server) {
        run<Received>(
            tr("Retrieving …"), [server, targets, folder](const RunContext& context) { return retrieveAll(server, targets, folder, context); },
            [this](const Received& received) {
                QString line = tr("%n object(s) received.", nullptr, received.files);
                if (received.failed > 0)
                    line += tr(" %1 were not: %2.").arg(received.failed).arg(QString::fromStdString(received.firstFailure));
                say(line);
                Q_EMIT q->retrieved(received.folders);
            });
    });
}

void PacsWindow::Private::say(const QString& text) { message->setText(text); }

void PacsWindow::Private::refresh() {
    if (!retrieveButton) return;
    const bool isReady = bar->hasServer() && !isRunning;
    searchButton->setEnabled(isReady);
    retrieveButton->setEnabled(isReady && !tree->targets().empty() && !inbox->text().trimmed().isEmpty());
    stopButton->setEnabled(isRunning);
    progress->setVisible(isRunning);
    const bool isOfPatients = what->currentIndex() == kPatients;
    for (QWidget* field : {static_cast<QWidget*>(accession), static_cast<QWidget*>(modality), static_cast<QWidget*>(period)}) field->setEnabled(!isOfPatients);
    station->setEnabled(what->currentIndex() == kPlanned);
    for (QDateEdit* edit : {from, to}) edit->setEnabled(!isOfPatients && period->currentIndex() == kBetween);
    patientButton->setEnabled(isReady && !tree->chosenPatient().isEmpty());
    if (!bar->hasServer()) say(tr("Add a server first."));
}

}  // namespace cxr::ui
