// ExportDialog: picture at the left, choices at the right, progress and result below.
#include "ui/dialogs/export_dialog.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QStandardPaths>
#include <QThreadPool>
#include <QUrl>
#include <QVBoxLayout>
#include <array>

#include "core/localize/map_support.h"
#include "ui/dialogs/export_job.h"
#include "ui/jobs/job.h"
#include "ui/panels/panel_parts.h"
#include "ui/panels/picture_box.h"
#include "ui/panels/verdict_look.h"

namespace cxr::ui {

namespace {

constexpr int kPreviewLongSidePx = 900;

struct KindText {
    ExportKind kind;
    const char* objectName;
    const char* label;
    const char* toolTip;
};
constexpr std::array<KindText, 12> kKinds{{
    {ExportKind::Picture, "exportPng", "Annotated picture (PNG)",
     "Film with outlines, lines, verdict, model and notice"},
    {ExportKind::Pdf, "exportPdf", "Report (PDF)", "One page for print and archive"},
    {ExportKind::Html, "exportHtml", "Report (HTML)", "One file for a browser, pictures inside"},
    {ExportKind::Json, "exportJson", "All values (JSON)", "Values, outlines and settings for programs"},
    {ExportKind::Csv, "exportCsv", "Values (CSV)", "One line for a spreadsheet"},
    {ExportKind::Fhir, "exportFhir", "Report for systems (FHIR)", "HL7 FHIR R4: DiagnosticReport and Observations as JSON"},
    {ExportKind::DicomReport, "exportDicomReport", "Structured report (SR)",
     "Ratio with the coordinates of its lines, findings with probability and operating point, networks with their hashes"},
    {ExportKind::DicomSegmentation, "exportDicomSegmentation", "Segmentation (SEG)", "Heart, left lung and right lung on the film's pixels"},
    {ExportKind::DicomState, "exportDicomState", "Presentation state (GSPS)", "Window as seen, outlines, lines, boxes and words as vectors over the film"},
    {ExportKind::DicomPicture, "exportDicomPicture", "Annotated picture (SC)", "The picture at the left as a secondary capture"},
    {ExportKind::DicomPdf, "exportDicomPdf", "Report (PDF inside)", "The PDF report as a DICOM object"},
    {ExportKind::DicomMap, "exportDicomMap", "Heatmap (parametric map)", "The heatmap's values on the film's pixels"},
}};

}  // namespace

class ExportDialog::Private {
  public:
    Private(ExportDialog* dialog, ExportContext given) : q(dialog), context(std::move(given)) {}

    void build();
    QWidget* buildChoices();
    QWidget* buildKinds(QWidget* parent);
    QWidget* buildHeatmap(QWidget* parent);
    QWidget* buildPictures(QWidget* parent);
    QWidget* buildIdentity(QWidget* parent);
    QWidget* buildGoal(QWidget* parent);
    QWidget* buildQuestion();
    QWidget* buildResult();

    [[nodiscard]] ExportPlan plan() const;
    [[nodiscard]] ReportOptions options() const;
    void suggestName();
    void refresh();
    void begin();  // asks about existing files, or starts
    void start(const ExportPlan& plan);
    void finish(Result<std::vector<std::filesystem::path>> result);
    void say(FindingTone tone, const QString& text);
    void chooseFolder();
    void startPreview();

    ExportDialog* q;
    ExportContext context;
    PictureBox* picture = nullptr;
    std::array<QCheckBox*, kKinds.size()> kinds{};
    QCheckBox *heatmap = nullptr, *pictures = nullptr;
    QComboBox* language = nullptr;
    QRadioButton *banner = nullptr, *pseudonym = nullptr, *none = nullptr;
    QLineEdit *pseudonymText = nullptr, *folder = nullptr, *baseName = nullptr;
    QWidget *choices = nullptr, *question = nullptr, *result = nullptr;
    QLabel *questionText = nullptr, *resultSign = nullptr, *resultText = nullptr, *problem = nullptr;
    QPushButton *write = nullptr, *close = nullptr, *openFolder = nullptr;
    QProgressBar* progress = nullptr;
    bool nameIsOurs = true, isRunning = false;
    JobHandle previewJob, exportJob;
};

ExportDialog::ExportDialog(ExportContext context, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, std::move(context))) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    d->build();
    setFolder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    d->suggestName();
    d->startPreview();
}

ExportDialog::~ExportDialog() = default;

void ExportDialog::setFolder(const QString& folder) {
    if (!folder.isEmpty()) d->folder->setText(QDir::toNativeSeparators(folder));
}

QString ExportDialog::folder() const { return QDir::fromNativeSeparators(d->folder->text()); }

void ExportDialog::done(int result) {
    d->exportJob = {};
    d->isRunning = false;
    QDialog::done(result);
}

void ExportDialog::Private::build() {
    auto* outer = new QVBoxLayout(q);
    outer->setContentsMargins(16, 16, 16, 16);
    outer->setSpacing(12);
    auto* row = new QHBoxLayout;
    row->setSpacing(18);
    picture = new PictureBox(QStringLiteral("exportPreview"), q);
    picture->setAccessibleName(tr("The picture as it will be written"));
    picture->setToolTip(tr("The annotated picture as it will be written"));
    picture->setMinimumSize(300, 340);
    row->addWidget(picture, 1);
    row->addWidget(buildChoices());
    outer->addLayout(row, 1);
    outer->addWidget(buildQuestion());
    outer->addWidget(buildResult());
    auto* buttons = new QDialogButtonBox(q);
    write = buttons->addButton(tr("Export"), QDialogButtonBox::ActionRole);
    write->setObjectName(QStringLiteral("exportButton"));
    write->setAccessibleName(tr("Export the chosen files"));
    write->setDefault(true);
    close = buttons->addButton(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("closeButton"));
    close->setAutoDefault(false);
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close; a running export is stopped and leaves nothing"));
    QObject::connect(write, &QPushButton::clicked, q, [this] { begin(); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    outer->addWidget(buttons);
    q->resize(860, 620);
}

QWidget* ExportDialog::Private::buildChoices() {
    choices = new QWidget(q);
    choices->setMinimumWidth(330);
    auto* column = new QVBoxLayout(choices);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(sectionTitle(tr("Files"), choices));
    column->addWidget(buildKinds(choices));
    column->addWidget(buildHeatmap(choices));
    column->addWidget(buildPictures(choices));
    column->addWidget(sectionTitle(tr("Patient in picture and report"), choices));
    column->addWidget(buildIdentity(choices));
    column->addWidget(sectionTitle(tr("Where"), choices));
    column->addWidget(buildGoal(choices));
    problem = wrappedText(QStringLiteral("exportProblem"), choices);
    column->addWidget(problem);
    column->addStretch(1);
    return choices;
}

QWidget* ExportDialog::Private::buildKinds(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(4);
    grid->setHorizontalSpacing(14);
    grid->addWidget(sectionTitle(tr("DICOM objects"), box), 3, 0, 1, 2);
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        const QString why = kindProblem(context, kKinds[i].kind);
        auto* check = new QCheckBox(tr(kKinds[i].label), box);
        check->setObjectName(QLatin1String(kKinds[i].objectName));
        check->setAccessibleName(check->text());
        check->setToolTip(why.isEmpty() ? tr(kKinds[i].toolTip) : why);
        check->setEnabled(why.isEmpty());
        check->setChecked(kKinds[i].kind == ExportKind::Picture || kKinds[i].kind == ExportKind::Pdf);
        QObject::connect(check, &QCheckBox::toggled, q, [this] { refresh(); });
        const int row = static_cast<int>(i) / 2;
        grid->addWidget(check, row < 3 ? row : row + 1, static_cast<int>(i) % 2);
        kinds[i] = check;
    }
    return box;
}

// The map goes into the picture, and with it into the reports, when the reader wants it.
QWidget* ExportDialog::Private::buildHeatmap(QWidget* parent) {
    heatmap = new QCheckBox(tr("Heatmap in picture and reports"), parent);
    heatmap->setObjectName(QStringLiteral("exportHeatmap"));
    heatmap->setAccessibleName(heatmap->text());
    heatmap->setEnabled(context.heatmap.has_value());
    heatmap->setChecked(context.heatmap && context.hasHeatmap);
    heatmap->setToolTip(context.heatmap ? tr("%1, %2, as the Explanations panel has it").arg(heatmapTitle(*context.heatmap->shown.map), QString::fromStdString(methodText(*context.heatmap->shown.map)))
                                        : tr("There is no heatmap: choose one in the Explanations panel first"));
    QObject::connect(heatmap, &QCheckBox::toggled, q, [this](bool on) {
        context.hasHeatmap = on;
        startPreview();
    });
    return heatmap;
}

// Pictures that the reader added: there only when there are any.
QWidget* ExportDialog::Private::buildPictures(QWidget* parent) {
    const int count = static_cast<int>(context.pictures.size());
    pictures = new QCheckBox(tr("Added pictures in reports (%1)").arg(count), parent);
    pictures->setObjectName(QStringLiteral("exportPictures"));
    pictures->setAccessibleName(pictures->text());
    QStringList titles;
    for (const ReportPicture& added : context.pictures) titles << QString::fromStdString(added.title);
    pictures->setToolTip(tr("PDF and HTML show what you added to the report: %1").arg(titles.join(QStringLiteral("; "))));
    pictures->setChecked(count > 0);
    pictures->setVisible(count > 0);
    return pictures;
}

QWidget* ExportDialog::Private::buildIdentity(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    const auto add = [&](const char* name, const QString& label, const QString& toolTip) {
        auto* radio = new QRadioButton(label, box);
        radio->setObjectName(QLatin1String(name));
        radio->setAccessibleName(label);
        radio->setToolTip(toolTip);
        QObject::connect(radio, &QRadioButton::toggled, q, [this](bool on) {
            if (on) suggestName();
        });
        return radio;
    };
    banner = add("identityBanner", tr("As in the header"),
                 tr("Name, number, birth date, sex and age as the header has them"));
    pseudonym = add("identityPseudonym", tr("Pseudonym"), tr("The text at the right instead of the patient's data"));
    none = add("identityNone", tr("Nothing"), tr("No patient data. Text burnt into the film's pixels stays visible"));
    pseudonymText = new QLineEdit(suggestedPseudonym(*context.image), box);
    pseudonymText->setObjectName(QStringLiteral("pseudonymEdit"));
    pseudonymText->setAccessibleName(tr("Pseudonym"));
    pseudonymText->setMaxLength(64);
    auto* row = new QHBoxLayout;
    row->addWidget(pseudonym);
    row->addWidget(pseudonymText, 1);
    column->addWidget(banner);
    column->addLayout(row);
    column->addWidget(none);
    banner->setChecked(true);
    QObject::connect(pseudonymText, &QLineEdit::textChanged, q, [this] { suggestName(); });
    return box;
}

QWidget* ExportDialog::Private::buildGoal(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    folder = new QLineEdit(box);
    folder->setObjectName(QStringLiteral("folderEdit"));
    folder->setAccessibleName(tr("Folder"));
    folder->setToolTip(tr("Folder for the files"));
    auto* browse = new QPushButton(tr("Browse…"), box);
    browse->setObjectName(QStringLiteral("browseButton"));
    browse->setAccessibleName(tr("Choose the folder"));
    browse->setToolTip(tr("Choose the folder"));
    browse->setAutoDefault(false);
    baseName = new QLineEdit(box);
    baseName->setObjectName(QStringLiteral("baseNameEdit"));
    baseName->setAccessibleName(tr("Name of the files without suffix"));
    baseName->setToolTip(tr("Name of the files without suffix"));
    baseName->setMaxLength(120);
    auto* row = new QHBoxLayout;
    row->addWidget(folder, 1);
    row->addWidget(browse);
    form->addRow(tr("F&older"), row);
    form->addRow(tr("&Name"), baseName);
    language = new QComboBox(box);
    language->setObjectName(QStringLiteral("exportLanguage"));
    language->setAccessibleName(tr("Language of the report"));
    language->setToolTip(tr("Language of PDF and HTML; values for programs stay English"));
    for (const ReportLanguage one : kReportLanguages) language->addItem(QString::fromUtf8(nameOf(one)), QString::fromLatin1(codeOf(one)));
    language->setCurrentIndex(language->findData(QString::fromLatin1(codeOf(context.text.language))));
    form->addRow(tr("&Language"), language);
    static_cast<QLabel*>(form->labelForField(row))->setBuddy(folder);
    QObject::connect(browse, &QPushButton::clicked, q, [this] { chooseFolder(); });
    QObject::connect(folder, &QLineEdit::textChanged, q, [this] { refresh(); });
    QObject::connect(baseName, &QLineEdit::textChanged, q, [this] { refresh(); });
    QObject::connect(baseName, &QLineEdit::textEdited, q, [this] { nameIsOurs = false; });
    return box;
}

QWidget* ExportDialog::Private::buildQuestion() {
    question = new Card(QStringLiteral("overwriteQuestion"), q);
    auto* column = new QVBoxLayout(question);
    column->setContentsMargins(14, 12, 14, 12);
    questionText = wrappedText(QStringLiteral("overwriteText"), question);
    auto* row = new QHBoxLayout;
    const auto add = [&](const char* name, const QString& text, const QString& toolTip, auto&& action) {
        auto* button = new QPushButton(text, question);
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(text);
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        QObject::connect(button, &QPushButton::clicked, q, action);
        row->addWidget(button);
    };
    add("replaceButton", tr("Replace"), tr("The old files are replaced when all new ones are there"),
        [this] { start(plan()); });
    add("renameButton", tr("Use a new name"), tr("Keep the old files and number the new ones"), [this] {
        ExportPlan other = plan();
        baseName->setText(freeBaseName(other));
        start(plan());
    });
    add("backButton", tr("Back"), tr("Write nothing"), [this] { question->setVisible(false), refresh(); });
    row->addStretch(1);
    column->addWidget(questionText);
    column->addLayout(row);
    question->setVisible(false);
    return question;
}

QWidget* ExportDialog::Private::buildResult() {
    result = new QWidget(q);
    auto* row = new QHBoxLayout(result);
    row->setContentsMargins(0, 0, 0, 0);
    progress = new QProgressBar(result);
    progress->setObjectName(QStringLiteral("exportProgress"));
    progress->setAccessibleName(tr("Progress of the export"));
    progress->setRange(0, 100);
    progress->setVisible(false);
    resultSign = new QLabel(result);
    resultText = wrappedText(QStringLiteral("exportResult"), result);
    openFolder = new QPushButton(tr("Open folder"), result);
    openFolder->setObjectName(QStringLiteral("openFolderButton"));
    openFolder->setAccessibleName(openFolder->text());
    openFolder->setToolTip(tr("Show the files in the file manager"));
    openFolder->setAutoDefault(false);
    openFolder->setVisible(false);
    QObject::connect(openFolder, &QPushButton::clicked, q,
                     [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(q->folder())); });
    row->addWidget(progress, 1);
    row->addWidget(resultSign);
    row->addWidget(resultText, 1);
    row->addWidget(openFolder);
    return result;
}

ReportOptions ExportDialog::Private::options() const {
    ReportOptions chosen;
    chosen.identity = banner->isChecked()      ? PatientIdentity::Banner
                      : pseudonym->isChecked() ? PatientIdentity::Pseudonym
                                               : PatientIdentity::None;
    if (pseudonym->isChecked()) chosen.pseudonym = pseudonymText->text().trimmed().toStdString();
    return chosen;
}

ExportPlan ExportDialog::Private::plan() const {
    ExportPlan plan{
        context, options(), std::filesystem::path(q->folder().toStdString()), baseName->text().trimmed(), {}};
    if (!pictures->isChecked()) plan.context.pictures.clear();
    plan.context.text.language = languageOfCode(language->currentData().toString().toStdString()).value_or(context.text.language);
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (kinds[i]->isChecked()) plan.kinds.push_back(kKinds[i].kind);
    return plan;
}

// The name follows the identity until the user types one: a pseudonymous report must not carry the patient's file name.
void ExportDialog::Private::suggestName() {
    if (!baseName) return;
    if (nameIsOurs) baseName->setText(suggestedBaseName(*context.image, options()));
    refresh();
}

void ExportDialog::Private::refresh() {
    if (!write || !progress) return;
    const QString why = planProblem(plan());
    problem->setText(why);
    problem->setVisible(!why.isEmpty());
    pseudonymText->setEnabled(pseudonym->isChecked());
    pseudonymText->setToolTip(pseudonym->isChecked() ? tr("Stands in picture and report instead of the patient's data")
                                                     : tr("Choose Pseudonym first"));
    choices->setEnabled(!isRunning && question->isHidden());
    write->setEnabled(why.isEmpty() && !isRunning && question->isHidden());
    write->setToolTip(why.isEmpty() ? tr("Write the chosen files") : why);
    progress->setVisible(isRunning);
    close->setText(isRunning ? tr("Stop and close") : tr("Close"));
}

void ExportDialog::Private::begin() {
    const ExportPlan wanted = plan();
    const QStringList there = existingFiles(wanted);
    if (there.isEmpty()) return start(wanted);
    say(FindingTone::None, {});
    questionText->setText(there.size() == 1
                              ? tr("%1 is there already.").arg(there.first())
                              : tr("These files are there already: %1.").arg(there.join(QStringLiteral(", "))));
    question->setVisible(true);
    refresh();
    question->findChild<QPushButton*>(QStringLiteral("renameButton"))->setFocus();
}

void ExportDialog::Private::start(const ExportPlan& wanted) {
    question->setVisible(false);
    isRunning = true;
    say(FindingTone::None, {});
    progress->setValue(0);
    refresh();
    exportJob = startJob<std::vector<std::filesystem::path>>(
        *QThreadPool::globalInstance(), q, [wanted](const RunContext& run) { return runExport(wanted, run); },
        [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
        [this](Result<std::vector<std::filesystem::path>> written) { finish(std::move(written)); });
}

void ExportDialog::Private::finish(Result<std::vector<std::filesystem::path>> written) {
    isRunning = false;
    refresh();
    if (!written) {
        const QString message = QString::fromStdString(written.error().message);
        say(FindingTone::Bad, tr("Nothing was written: %1").arg(message));
        Q_EMIT q->failed(message);
        return;
    }
    QStringList files, names;
    for (const auto& file : written.value()) {
        files << QString::fromStdString(file.string());
        names << QString::fromStdString(file.filename().string());
    }
    say(FindingTone::Good, tr("Written: %1.").arg(names.join(QStringLiteral(", "))));
    openFolder->setVisible(true);
    close->setFocus();
    Q_EMIT q->exported(files);
}

void ExportDialog::Private::say(FindingTone tone, const QString& text) {
    resultText->setText(text);
    resultText->setVisible(!text.isEmpty());
    resultSign->setVisible(!text.isEmpty());
    resultSign->setPixmap(tonePixmap(tone, toneColor(tone, q->palette()), 20, q->devicePixelRatioF()));
    openFolder->setVisible(false);
}

void ExportDialog::Private::chooseFolder() {
    const QString chosen = QFileDialog::getExistingDirectory(q, tr("Folder for the files"), q->folder());
    if (!chosen.isEmpty()) q->setFolder(chosen);
}

void ExportDialog::Private::startPreview() {
    previewJob = startJob<QImage>(
        *QThreadPool::globalInstance(), q,
        [shown = context](const RunContext&) -> Result<QImage> { return exportPicture(shown, kPreviewLongSidePx); }, {},
        [this](Result<QImage> made) {
            if (made) picture->setImage(made.value());
        });
}

}  // namespace cxr::ui
