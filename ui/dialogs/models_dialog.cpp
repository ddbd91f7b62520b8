// ModelsDialog: see models_dialog.h.
#include "ui/dialogs/models_dialog.h"

#include <QCheckBox>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTextBrowser>
#include <QThreadPool>
#include <QUrl>
#include <QVBoxLayout>

#include "core/pipeline/model_facts.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/role_choices.h"
#include "ui/jobs/job.h"
#include "ui/state/settings.h"

namespace cxr::ui {

namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString sizeText(const InstalledModel& model) {
    return model.weightsBytes < 0 ? QString() : QLocale(QLocale::English).formattedDataSize(model.weightsBytes, 1, QLocale::DataSizeSIFormat);
}

}  // namespace

class ModelsDialog::Private {
  public:
    Private(ModelsDialog* dialog, Settings& given, ModelTimings times, ImportFunction call)
        : q(dialog), settings(given), timings(std::move(times)), importer(std::move(call)) {}

    void build();
    QWidget* buildDetails(QWidget* parent);
    QWidget* buildActions(QWidget* parent);
    QDialogButtonBox* buildButtons();
    void read();
    void show(Result<std::vector<InstalledModel>> read);
    void showModel(int row);
    void showFacts(const InstalledModel& model);
    void showStates();
    void chooseRole(ModelRole role, bool isAutomatic, const QString& packId);
    void enable(bool on);
    void askToRemove();
    void remove();
    void startImport();
    [[nodiscard]] const InstalledModel* current() const;
    [[nodiscard]] QString rolesOf(const InstalledModel& model) const;

    ModelsDialog* q;
    Settings& settings;
    ModelTimings timings;
    ImportFunction importer;
    std::vector<InstalledModel> models;
    QString wanted;
    RoleChoices* roles = nullptr;
    QListWidget* list = nullptr;
    QLabel* message = nullptr;
    FactRows* facts = nullptr;
    QCheckBox* enabled = nullptr;
    QPushButton *removeButton = nullptr, *folderButton = nullptr;
    QTextBrowser* card = nullptr;
    JobHandle job;
};

ModelsDialog::ModelsDialog(Settings& settings, ModelTimings timings, ImportFunction importer, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, settings, std::move(timings), std::move(importer))) {
    setObjectName(QStringLiteral("modelsDialog"));
    setWindowTitle(tr("Models"));
    d->build();
    d->read();
}

ModelsDialog::~ModelsDialog() = default;

void ModelsDialog::select(const QString& packId) {
    d->wanted = packId;
    for (std::size_t i = 0; i < d->models.size(); ++i) {
        if (d->models[i].id == packId) d->list->setCurrentRow(static_cast<int>(i));
    }
}

void ModelsDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    roles = new RoleChoices(q);
    QObject::connect(roles, &RoleChoices::roleChosen, q, [this](ModelRole role, bool isAutomatic, const QString& packId) { chooseRole(role, isAutomatic, packId); });
    column->addWidget(sectionTitle(tr("Used for"), q));
    column->addWidget(roles);
    message = wrappedText(QStringLiteral("modelsMessage"), q);
    column->addWidget(message);
    list = new QListWidget(q);
    list->setObjectName(QStringLiteral("modelsList"));
    list->setAccessibleName(tr("Installed models"));
    list->setWordWrap(true);  // long names take a second line
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setToolTip(tr("Installed models; the chosen one is described at the right"));
    list->setTextElideMode(Qt::ElideRight);
    list->setSpacing(3);
    QObject::connect(list, &QListWidget::currentRowChanged, q, [this](int row) { showModel(row); });
    auto* splitter = new QSplitter(q);
    splitter->addWidget(list);
    splitter->addWidget(buildDetails(splitter));
    splitter->setSizes({250, 650});
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    column->addWidget(splitter, 1);
    column->addWidget(buildButtons());
    q->resize(940, 720);
}

QWidget* ModelsDialog::Private::buildDetails(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(8, 0, 0, 0);
    facts = new FactRows(QStringLiteral("modelFacts"), box);
    facts->addRow(QStringLiteral("modelProblem"), tr("Problem"));
    facts->addRow(QStringLiteral("modelTask"), tr("Task"), tr("What the model does, and what it is used for now"));
    facts->addRow(QStringLiteral("modelAccuracy"), tr("Accuracy"), tr("By its own card, on films that it had never seen; 95 % interval or range"));
    facts->addRow(QStringLiteral("modelExplains"), tr("Explains"), tr("What it can show beside its numbers"));
    facts->addRow(QStringLiteral("modelSpeed"), tr("Speed"), tr("On the last film of this session"));
    facts->addRow(QStringLiteral("modelWeights"), tr("Weights"));
    facts->addRow(QStringLiteral("modelLicence"), tr("Licence"));
    facts->addRow(QStringLiteral("modelFolder"), tr("Folder"));
    card = new QTextBrowser(box);
    card->setObjectName(QStringLiteral("modelCard"));
    card->setAccessibleName(tr("Model card"));
    card->setOpenExternalLinks(true);
    column->addWidget(facts);
    column->addWidget(buildActions(box));
    column->addWidget(card, 1);
    return box;
}

QWidget* ModelsDialog::Private::buildActions(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    enabled = new QCheckBox(tr("&May be used"), box);
    enabled->setObjectName(QStringLiteral("modelEnabled"));
    enabled->setAccessibleName(tr("May be used"));
    enabled->setToolTip(tr("A model that is switched off takes no part in any analysis"));
    folderButton = new QPushButton(tr("Open &folder"), box);
    folderButton->setObjectName(QStringLiteral("openModelFolder"));
    folderButton->setAccessibleName(tr("Open the model's folder"));
    folderButton->setToolTip(tr("Show manifest, weights, card and curves in the file manager"));
    removeButton = new QPushButton(tr("&Remove…"), box);
    removeButton->setObjectName(QStringLiteral("removeModel"));
    removeButton->setAccessibleName(tr("Remove the model"));
    for (QPushButton* button : {folderButton, removeButton}) button->setAutoDefault(false);
    row->addWidget(enabled);
    row->addStretch(1);
    row->addWidget(folderButton);
    row->addWidget(removeButton);
    QObject::connect(enabled, &QCheckBox::toggled, q, [this](bool on) { enable(on); });
    QObject::connect(folderButton, &QPushButton::clicked, q, [this] {
        if (const InstalledModel* model = current()) QDesktopServices::openUrl(QUrl::fromLocalFile(text(model->entry.folder.string())));
    });
    QObject::connect(removeButton, &QPushButton::clicked, q, [this] { askToRemove(); });
    return box;
}

QDialogButtonBox* ModelsDialog::Private::buildButtons() {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, q);
    QPushButton* close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("closeButton"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close this window; the choices are kept"));
    QPushButton* importButton = buttons->addButton(tr("&Import…"), QDialogButtonBox::ActionRole);
    importButton->setObjectName(QStringLiteral("importModel"));
    importButton->setAccessibleName(tr("Import a model"));
    importButton->setToolTip(tr("Make a model of weights that others trained: PyTorch, safetensors or TorchScript files"));
    importButton->setAutoDefault(false);
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    QObject::connect(importButton, &QPushButton::clicked, q, [this] { startImport(); });
    return buttons;
}

void ModelsDialog::Private::read() {
    if (models.empty()) message->setText(tr("Reading the models…"));
    showStates();
    job = startJob<std::vector<InstalledModel>>(
        *QThreadPool::globalInstance(), q, [](const RunContext& context) { return readInstalledModels(context); }, {},
        [this](Result<std::vector<InstalledModel>> result) { show(std::move(result)); });
}

void ModelsDialog::Private::show(Result<std::vector<InstalledModel>> read) {
    if (!read) return message->setText(text(read.error().message));
    const QString keep = !wanted.isEmpty() ? wanted : current() ? current()->id : QString();
    wanted.clear();
    models = std::move(read).value();
    int row = models.empty() ? -1 : 0;
    {
        const QSignalBlocker quiet(list);
        list->clear();
        for (const InstalledModel& model : models) list->addItem(model.title());
        for (std::size_t i = 0; i < models.size(); ++i) row = models[i].id == keep ? static_cast<int>(i) : row;
        list->setCurrentRow(row);
    }
    message->setText(models.empty() ? tr("No model is installed. Install the program again to get its models.") : QString());
    message->setVisible(models.empty());
    showStates();
    showModel(row);
}

const InstalledModel* ModelsDialog::Private::current() const {
    const int row = list->currentRow();
    return row >= 0 && row < static_cast<int>(models.size()) ? &models[static_cast<std::size_t>(row)] : nullptr;
}

// "diseases, cardiomegaly"; empty if no role takes it now.
QString ModelsDialog::Private::rolesOf(const InstalledModel& model) const {
    std::vector<RegistryEntry> entries;
    for (const InstalledModel& other : models) entries.push_back(other.entry);
    QStringList names;
    for (const RolePack& pack : choosePacks(settings.modelChoice(), entries)) {
        if (pack.folder == model.entry.folder) names << titleOf(pack.role).toLower();
    }
    return names.join(QStringLiteral(", "));
}

// Combos and list after a change of models or choices.
void ModelsDialog::Private::showStates() {
    const ModelChoice choice = settings.modelChoice();
    roles->setModels(models, choice);
    for (std::size_t i = 0; i < models.size() && static_cast<int>(i) < list->count(); ++i) {
        QListWidgetItem* item = list->item(static_cast<int>(i));
        const bool isOff = choice.disabled.contains(models[i].id.toStdString());
        const QString use = isOff ? tr("switched off") : models[i].isWhole() ? rolesOf(models[i]) : tr("cannot be used");
        item->setText(models[i].title() + QLatin1Char('\n') + (use.isEmpty() ? tr("not used now") : use));
        item->setForeground(q->palette().color(isOff || !models[i].isWhole() ? QPalette::Disabled : QPalette::Active, QPalette::Text));
        item->setData(Qt::AccessibleTextRole, models[i].title() + QStringLiteral(", ") + use);
    }
}

void ModelsDialog::Private::showModel(int row) {
    const InstalledModel* model = current();
    for (QWidget* part : std::initializer_list<QWidget*>{enabled, folderButton, removeButton}) part->setEnabled(model != nullptr && row >= 0);
    if (!model) return card->clear();
    showFacts(*model);
    const QSignalBlocker quiet(enabled);
    enabled->setChecked(!settings.modelChoice().disabled.contains(model->id.toStdString()));
    removeButton->setEnabled(model->isOwn);
    removeButton->setToolTip(model->isOwn ? tr("Delete this model's folder") : tr("This model came with the program; switch it off instead"));
    card->setSearchPaths({text(model->entry.folder.string())});
    card->setMarkdown(model->card);
}

void ModelsDialog::Private::showFacts(const InstalledModel& model) {
    const auto set = [this](const char* name, const QString& value) { facts->setValue(QLatin1String(name), value); };
    set("modelProblem", model.isWhole() ? QString() : text(model.entry.pack.error().message));
    set("modelFolder", text(model.entry.folder.lexically_normal().string()));
    if (!model.isWhole()) {
        for (const char* name : {"modelTask", "modelAccuracy", "modelExplains", "modelSpeed", "modelWeights", "modelLicence"}) set(name, {});
        return;
    }
    const QString use = rolesOf(model);
    set("modelTask", text(taskLine(model.manifest())) + (use.isEmpty() ? QString() : tr(" · used for %1").arg(use)));
    set("modelAccuracy", text(metricsLine(model.manifest())));
    set("modelExplains", text(explainsLine(model.manifest())));
    const auto seen = timings.find(model.id);
    const auto speed = [](const ModelTiming& one) {
        const bool isShort = one.seconds < 0.1;
        const QString number = QLocale(QLocale::English).toString(isShort ? 1e3 * one.seconds : one.seconds, 'f', isShort ? 0 : 2);
        return isShort ? tr("%1 ms a film on %2").arg(number, one.device) : tr("%1 s a film on %2").arg(number, one.device);
    };
    set("modelSpeed", seen == timings.end() ? tr("not run in this session") : speed(seen->second));
    const QString hash = text(model.manifest().weightsSha256);
    facts->setValue(QStringLiteral("modelWeights"), tr("%1, SHA-256 %2…").arg(sizeText(model), hash.left(16)), tr("SHA-256 of the weights: %1").arg(hash));
    set("modelLicence", text(model.manifest().licence));
}

void ModelsDialog::Private::chooseRole(ModelRole role, bool isAutomatic, const QString& packId) {
    ModelChoice choice = settings.modelChoice();
    if (isAutomatic) {
        choice.chosen.erase(role);
    } else {
        choice.chosen[role] = packId.toStdString();
    }
    settings.setModelChoice(choice);
    showStates();
    showModel(list->currentRow());
}

void ModelsDialog::Private::enable(bool on) {
    const InstalledModel* model = current();
    if (!model) return;
    ModelChoice choice = settings.modelChoice();
    if (on) {
        choice.disabled.erase(model->id.toStdString());
    } else {
        choice.disabled.insert(model->id.toStdString());
    }
    settings.setModelChoice(choice);
    showStates();
    showModel(list->currentRow());
}

void ModelsDialog::Private::askToRemove() {
    const InstalledModel* model = current();
    if (!model) return;
    auto* question = new QMessageBox(QMessageBox::Question, tr("Remove model"),
                                     tr("Delete the folder of %1? Its weights cannot be brought back.").arg(model->title()),
                                     QMessageBox::Cancel, q);
    question->setObjectName(QStringLiteral("removeQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* yes = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("removeYes"));
    QObject::connect(yes, &QPushButton::clicked, q, [this] { remove(); });
    question->open();
}

void ModelsDialog::Private::remove() {
    const InstalledModel* model = current();
    if (!model) return;
    job = startJob<Done>(
        *QThreadPool::globalInstance(), q, [gone = *model](const RunContext&) { return removeModel(gone); }, {},
        [this](Result<Done> done) {
            read();
            if (done) return;
            message->setText(text(done.error().message));
            message->show();
        });
}

void ModelsDialog::Private::startImport() {
    auto* dialog = new ImportDialog(importer, q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &ImportDialog::imported, q, [this](const QString& packId) {
        wanted = packId;
        read();
    });
    dialog->open();
}

}  // namespace cxr::ui
