// ImportDialog: see import_dialog.h.
#include "ui/dialogs/import_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QThreadPool>
#include <QVBoxLayout>

#include "core/model/registry.h"
#include "core/pipeline/import_presets.h"
#include "ui/jobs/job.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr int kLeastSize = 31;  // shown as "the source's"
constexpr int kMostSize = 2048;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

// "CheXNet model.pth.tar" -> "chexnet-model"
QString idFrom(const QString& path) {
    QString id = QFileInfo(path).baseName().toLower();
    id.replace(QRegularExpression(QStringLiteral("[^a-z0-9]+")), QStringLiteral("-"));
    while (id.startsWith(QLatin1Char('-'))) id.remove(0, 1);
    while (id.endsWith(QLatin1Char('-'))) id.chop(1);
    return id.left(40);
}

QString factsText(const WeightsFacts& facts) {
    const QLocale english(QLocale::English);
    if (facts.kind == WeightsKind::TorchScript) return ImportDialog::tr("TorchScript program, SHA-256 %1").arg(text(facts.sha256));
    QString line = ImportDialog::tr("%1: %2 arrays, %3 numbers").arg(QLatin1String(toString(facts.kind)))
                       .arg(facts.arrays).arg(english.toString(static_cast<qulonglong>(facts.numbers)));
    if (facts.outputs) line += ImportDialog::tr(", %1 outputs").arg(*facts.outputs);
    return line + ImportDialog::tr("\nSHA-256 %1").arg(text(facts.sha256));
}

QString titleOfSource(const std::string& source) {
    if (source == "chexnet") return QStringLiteral("CheXNet");
    if (source == "torchxrayvision") return QStringLiteral("torchxrayvision");
    if (source == "torchvision") return QStringLiteral("torchvision (natural pictures)");
    return ImportDialog::tr("somebody else's");
}

}  // namespace

Result<ImportOutcome> importWithEngine(const ImportRequest& request, const RunContext& context) {
    const auto engine = loadEngine();
    if (!engine) return engine.error();
    return importPack(request, *engine.value(), context);
}

class ImportDialog::Private {
  public:
    Private(ImportDialog* dialog, ImportFunction call) : q(dialog), importer(std::move(call)) {}

    void build();
    void buildFile(QVBoxLayout* column);
    void buildTrust(QVBoxLayout* column);
    void buildForm(QVBoxLayout* column);
    void buildEnd(QVBoxLayout* column);
    QLineEdit* addLine(QFormLayout* form, const char* name, const QString& label, const QString& toolTip);
    QComboBox* addCombo(QFormLayout* form, const char* name, const QString& label, const QString& toolTip);
    void look();
    void showFacts(const Result<WeightsFacts>& result);
    void fillFromSource();
    void showState();
    void start();
    void finish(const Result<ImportOutcome>& result);
    [[nodiscard]] ImportRequest request() const;
    [[nodiscard]] QString problem() const;

    ImportDialog* q;
    ImportFunction importer;
    QString path;
    std::optional<WeightsFacts> facts;
    bool isRunning = false;

    QLabel *file = nullptr, *about = nullptr, *trustText = nullptr, *message = nullptr;
    QPushButton *choose = nullptr, *go = nullptr, *close = nullptr;
    Card* trustCard = nullptr;
    QCheckBox *trust = nullptr, *half = nullptr;
    QWidget* form = nullptr;
    QComboBox *source = nullptr, *network = nullptr, *framing = nullptr, *normalisation = nullptr;
    QLineEdit *id = nullptr, *name = nullptr, *classes = nullptr, *licence = nullptr;
    QSpinBox* size = nullptr;
    QProgressBar* progress = nullptr;
    QPlainTextEdit* misfits = nullptr;
    JobHandle job;
};

ImportDialog::ImportDialog(ImportFunction importer, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, std::move(importer))) {
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import a model"));
    d->build();
    d->showState();
}

ImportDialog::~ImportDialog() = default;

void ImportDialog::setFile(const QString& path) {
    d->path = path;
    d->file->setText(QFileInfo(path).fileName());
    d->file->setToolTip(path);
    d->facts.reset();
    d->look();
}

void ImportDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(8);
    buildFile(column);
    buildTrust(column);
    buildForm(column);
    buildEnd(column);
    q->setMinimumWidth(560);
}

void ImportDialog::Private::buildFile(QVBoxLayout* column) {
    auto* row = new QHBoxLayout;
    file = wrappedText(QStringLiteral("importFile"), q);
    file->setText(tr("No file is chosen"));
    choose = new QPushButton(tr("Choose &file…"), q);
    choose->setObjectName(QStringLiteral("chooseWeights"));
    choose->setAccessibleName(tr("Choose a file with weights"));
    choose->setToolTip(tr("A PyTorch checkpoint, a safetensors file or a TorchScript program"));
    row->addWidget(file, 1);
    row->addWidget(choose);
    about = wrappedText(QStringLiteral("importFacts"), q);
    about->setForegroundRole(QPalette::PlaceholderText);
    column->addLayout(row);
    column->addWidget(about);
    QObject::connect(choose, &QPushButton::clicked, q, [this] {
        auto* dialog = new QFileDialog(q, tr("Choose weights"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({tr("Weights (*.pt *.pth *.tar *.ckpt *.bin *.safetensors)"), tr("All files (*)")});
        QObject::connect(dialog, &QFileDialog::fileSelected, q, &ImportDialog::setFile);
        dialog->open();
    });
}

void ImportDialog::Private::buildTrust(QVBoxLayout* column) {
    trustCard = new Card(QStringLiteral("trustCard"), q);
    auto* box = new QVBoxLayout(trustCard);
    box->setContentsMargins(14, 10, 14, 10);
    trustText = wrappedText(QStringLiteral("trustText"), trustCard);
    trust = new QCheckBox(tr("&Trust this program and run it"), trustCard);
    trust->setObjectName(QStringLiteral("trustProgram"));
    trust->setAccessibleName(tr("Trust this program and run it"));
    trust->setToolTip(tr("Trusts exactly this file, by its SHA-256, on this account"));
    box->addWidget(trustText);
    box->addWidget(trust);
    column->addWidget(trustCard);
    QObject::connect(trust, &QCheckBox::toggled, q, [this] { showState(); });
}

QLineEdit* ImportDialog::Private::addLine(QFormLayout* rows, const char* objectName, const QString& label, const QString& toolTip) {
    auto* line = new QLineEdit(form);
    line->setObjectName(QLatin1String(objectName));
    line->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    line->setToolTip(toolTip);
    rows->addRow(label, line);
    QObject::connect(line, &QLineEdit::textChanged, q, [this] { showState(); });
    return line;
}

QComboBox* ImportDialog::Private::addCombo(QFormLayout* rows, const char* objectName, const QString& label, const QString& toolTip) {
    auto* combo = new QComboBox(form);
    combo->setObjectName(QLatin1String(objectName));
    combo->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    combo->setToolTip(toolTip);
    rows->addRow(label, combo);
    return combo;
}

void ImportDialog::Private::buildForm(QVBoxLayout* column) {
    form = new QWidget(q);
    auto* rows = new QFormLayout(form);
    rows->setContentsMargins(0, 4, 0, 4);
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    source = addCombo(rows, "importSource", tr("&Whose weights"), tr("What is known about these weights: network, preparation of the film, outputs"));
    for (const std::string& key : importSources()) source->addItem(titleOfSource(key), text(key));
    network = addCombo(rows, "importNetwork", tr("&Network"), tr("The architecture that these weights belong to"));
    network->setEditable(true);
    network->addItems({QString(), QStringLiteral("densenet121"), QStringLiteral("resnet18"), QStringLiteral("resnet50"), QStringLiteral("vgg16"),
                       QStringLiteral("vgg16_bn"), QStringLiteral("efficientnet_b4")});
    network->lineEdit()->setPlaceholderText(tr("the source's"));
    network->lineEdit()->setObjectName(QStringLiteral("qt_networkEdit"));
    classes = addLine(rows, "importClasses", tr("&Outputs"), tr("What the outputs mean, in their order, with commas between: Cardiomegaly, Edema"));
    size = new QSpinBox(form);
    size->setObjectName(QStringLiteral("importSize"));
    size->setAccessibleName(tr("Side of the picture"));
    size->setToolTip(tr("Side of the square picture that the network reads, in pixels"));
    size->setRange(kLeastSize, kMostSize);
    size->setSpecialValueText(tr("the source's"));
    size->setSuffix(tr(" px"));
    rows->addRow(tr("&Picture"), size);
    framing = addCombo(rows, "importFraming", tr("F&raming"), tr("Which part of the film the network reads"));
    for (const char* key : {"", "letterbox", "centre-crop", "thorax"}) framing->addItem(*key ? QLatin1String(key) : tr("the source's"), QLatin1String(key));
    normalisation = addCombo(rows, "importNormalisation", tr("&Gray values"), tr("How gray values are scaled for the network"));
    for (const char* key : {"", "film-z-score", "unit", "imagenet", "xrv"}) normalisation->addItem(*key ? QLatin1String(key) : tr("the source's"), QLatin1String(key));
    id = addLine(rows, "importId", tr("&Short name"), tr("Folder of the new model: lower-case letters, digits and dashes"));
    name = addLine(rows, "importName", tr("Nam&e"), tr("Name for people"));
    licence = addLine(rows, "importLicence", tr("&Licence"), tr("Licence of the weights, for the card"));
    half = new QCheckBox(tr("&Half precision (half the size)"), form);
    half->setObjectName(QStringLiteral("importHalf"));
    half->setAccessibleName(tr("Half precision"));
    half->setToolTip(tr("Weights as 16-bit numbers; probabilities change in the third decimal at most, as a rule"));
    half->setChecked(true);
    rows->addRow(half);
    column->addWidget(form);
    QObject::connect(source, &QComboBox::currentIndexChanged, q, [this] { fillFromSource(); });
    QObject::connect(network, &QComboBox::editTextChanged, q, [this] { showState(); });
}

void ImportDialog::Private::buildEnd(QVBoxLayout* column) {
    message = wrappedText(QStringLiteral("importMessage"), q);
    misfits = new QPlainTextEdit(q);
    misfits->setObjectName(QStringLiteral("importMisfits"));
    misfits->setAccessibleName(tr("What does not fit"));
    misfits->setReadOnly(true);
    misfits->setLineWrapMode(QPlainTextEdit::NoWrap);
    misfits->hide();
    progress = new QProgressBar(q);
    progress->setObjectName(QStringLiteral("importProgress"));
    progress->setAccessibleName(tr("Progress of the import"));
    progress->setRange(0, 100);
    progress->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, q);
    close = buttons->button(QDialogButtonBox::Cancel);
    close->setObjectName(QStringLiteral("cancelImport"));
    close->setAccessibleName(tr("Cancel"));
    close->setToolTip(tr("Close without importing; a running import is stopped and leaves nothing"));
    go = buttons->addButton(tr("&Import"), QDialogButtonBox::ActionRole);
    go->setObjectName(QStringLiteral("startImport"));
    go->setAccessibleName(tr("Import"));
    go->setDefault(true);
    column->addWidget(message);
    column->addWidget(misfits, 1);
    column->addWidget(progress);
    column->addWidget(buttons);
    QObject::connect(go, &QPushButton::clicked, q, [this] { start(); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
}

void ImportDialog::Private::look() {
    about->setText(tr("Looking at the file…"));
    showState();
    job = startJob<WeightsFacts>(
        *QThreadPool::globalInstance(), q, [given = path.toStdString()](const RunContext&) { return inspectWeights(given); }, {},
        [this](Result<WeightsFacts> result) { showFacts(result); });
}

void ImportDialog::Private::showFacts(const Result<WeightsFacts>& result) {
    about->setText(result ? factsText(result.value()) : text(result.error().message));
    if (!result) return showState();
    facts = result.value();
    trust->setChecked(false);
    trustText->setText(tr("This file is a program. Run, it can do on this computer whatever you can do. Trust it only if you trust "
                          "those who made it and got its SHA-256 from them:\n%1").arg(text(facts->sha256)));
    const int suggested = source->findData(text(facts->suggestedSource));
    if (suggested >= 0) source->setCurrentIndex(suggested);
    if (id->text().isEmpty()) id->setText(idFrom(path));
    fillFromSource();
}

// What the source says stands in the fields, to see and to change.
void ImportDialog::Private::fillFromSource() {
    const Result<ImportPreset> preset = importPreset(source->currentData().toString().toStdString());
    if (preset) {
        QStringList names;
        for (const std::string& output : preset.value().classes) names << text(output);
        classes->setPlaceholderText(names.isEmpty() ? tr("Cardiomegaly, Edema, …") : names.join(QStringLiteral(", ")));
        name->setPlaceholderText(preset.value().name.empty() ? tr("Name for people") : text(preset.value().name));
    }
    showState();
}

// Empty if the import may start.
QString ImportDialog::Private::problem() const {
    if (path.isEmpty()) return tr("Choose a file with weights.");
    if (!facts) return tr("The file cannot be imported.");
    if (facts->kind == WeightsKind::TorchScript && !trust->isChecked()) return tr("A program is imported only if you trust it.");
    const QRegularExpression plain(QStringLiteral("^[a-z0-9][a-z0-9-]{0,63}$"));
    if (!plain.match(id->text()).hasMatch()) return tr("Give a short name of lower-case letters, digits and dashes.");
    if (userModelFolder().empty()) return tr("There is no home folder to keep models in.");
    if (QFileInfo::exists(text((userModelFolder() / id->text().toStdString()).string()))) return tr("There is a model of this short name already; choose another.");
    return {};
}

void ImportDialog::Private::showState() {
    trustCard->setVisible(facts && facts->kind == WeightsKind::TorchScript);
    form->setVisible(facts.has_value());
    form->setEnabled(!isRunning);
    choose->setEnabled(!isRunning);
    const QString hindrance = problem();
    go->setEnabled(hindrance.isEmpty() && !isRunning);
    go->setToolTip(hindrance.isEmpty() ? tr("Check the weights and keep them as a model") : hindrance);
    progress->setVisible(isRunning);
}

ImportRequest ImportDialog::Private::request() const {
    ImportRequest wanted;
    wanted.file = path.toStdString();
    wanted.outFolder = userModelFolder() / id->text().toStdString();
    wanted.source = source->currentData().toString().toStdString();
    wanted.architecture = network->currentText().trimmed().toStdString();
    for (const QString& part : classes->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) wanted.classes.push_back(part.trimmed().toStdString());
    if (size->value() > kLeastSize) wanted.size = size->value();
    wanted.framing = framing->currentData().toString().toStdString();
    wanted.normalisation = normalisation->currentData().toString().toStdString();
    wanted.id = id->text().toStdString();
    wanted.name = name->text().trimmed().toStdString();
    wanted.licence = licence->text().trimmed().toStdString();
    wanted.asHalf = half->isChecked();
    if (facts && facts->kind == WeightsKind::TorchScript) wanted.trustedSha256 = facts->sha256;
    return wanted;
}

void ImportDialog::Private::start() {
    if (!problem().isEmpty()) return;
    isRunning = true;
    message->clear();
    misfits->hide();
    progress->setValue(0);
    showState();
    job = startJob<ImportOutcome>(
        *QThreadPool::globalInstance(), q,
        [call = importer, wanted = request()](const RunContext& context) { return call(wanted, context); },
        [this](double fraction) { progress->setValue(static_cast<int>(fraction * 100)); },
        [this](Result<ImportOutcome> result) { finish(result); });
}

void ImportDialog::Private::finish(const Result<ImportOutcome>& result) {
    isRunning = false;
    showState();
    if (!result) return message->setText(tr("Nothing was imported: %1").arg(text(result.error().message)));
    const ImportOutcome& outcome = result.value();
    if (!outcome.misfits.empty()) {
        QStringList lines;
        for (const std::string& misfit : outcome.misfits) lines << text(misfit);
        message->setText(tr("The weights do not fit this network: %n difference(s), nothing was imported.", nullptr, static_cast<int>(lines.size())));
        misfits->setPlainText(lines.join(QLatin1Char('\n')));
        return misfits->show();
    }
    Q_EMIT q->imported(text(outcome.folder.filename().string()));
    q->accept();
}

}  // namespace cxr::ui
