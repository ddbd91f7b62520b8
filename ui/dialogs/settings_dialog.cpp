// SettingsDialog: appearance, analysis, reading, corrections.
#include "ui/dialogs/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QThread>
#include <QVBoxLayout>

#include "ui/panels/panel_parts.h"
#include "ui/state/settings.h"

namespace cxr::ui {

namespace {

constexpr std::int64_t kMegapixel = 1'000'000;
constexpr std::int64_t kMebibyte = 1 << 20;

}  // namespace

class SettingsDialog::Private {
  public:
    Private(SettingsDialog* dialog, Settings& given) : q(dialog), settings(given) {}

    void build();
    void buildAppearance(QVBoxLayout* column);
    void buildAnalysis(QVBoxLayout* column);
    void buildReading(QVBoxLayout* column);
    void buildCorrections(QVBoxLayout* column);
    QFormLayout* addGroup(QVBoxLayout* column, const QString& title);
    QCheckBox* addCheck(QFormLayout* form, const char* name, const QString& label, const QString& toolTip);
    QSpinBox* addSpin(QFormLayout* form, const char* name, const QString& label, int low, int high,
                      const QString& toolTip);
    void loadDefaults();
    void fill(const Settings& from);

    SettingsDialog* q;
    Settings& settings;
    QComboBox *theme = nullptr, *device = nullptr;
    QCheckBox *banner = nullptr, *overlays = nullptr, *autoAnalyze = nullptr, *readAhead = nullptr, *keepCorrections = nullptr;
    QSpinBox *threads = nullptr, *megapixels = nullptr, *mebibytes = nullptr;
};

SettingsDialog::SettingsDialog(Settings& settings, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, settings)) {
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    d->build();
    d->fill(settings);
}

SettingsDialog::~SettingsDialog() = default;

void SettingsDialog::accept() {
    Settings& s = d->settings;
    s.setTheme(static_cast<Theme>(d->theme->currentData().toInt()));
    s.setBannerVisible(d->banner->isChecked());
    s.setOverlaysOnOpen(d->overlays->isChecked());
    s.setAutoAnalyze(d->autoAnalyze->isChecked());
    s.setDevice(static_cast<DeviceChoice>(d->device->currentData().toInt()));
    s.setThreads(d->threads->value());
    s.setReadAhead(d->readAhead->isChecked());
    s.setKeepCorrections(d->keepCorrections->isChecked());
    ReadLimits limits = s.readLimits();
    limits.maxPixels = d->megapixels->value() * kMegapixel;
    limits.maxDecodedBytes = d->mebibytes->value() * kMebibyte;
    s.setReadLimits(limits);
    QDialog::accept();
}

void SettingsDialog::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(18, 14, 18, 14);
    column->setSpacing(8);
    buildAppearance(column);
    buildAnalysis(column);
    buildReading(column);
    buildCorrections(column);
    column->addStretch(1);
    auto* buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults, q);
    buttons->button(QDialogButtonBox::Ok)->setToolTip(SettingsDialog::tr("Keep these settings"));
    buttons->button(QDialogButtonBox::Cancel)->setToolTip(SettingsDialog::tr("Change nothing"));
    QPushButton* defaults = buttons->button(QDialogButtonBox::RestoreDefaults);
    defaults->setToolTip(SettingsDialog::tr("Show the values the program came with; OK keeps them"));
    const std::pair<QDialogButtonBox::StandardButton, const char*> names[] = {
        {QDialogButtonBox::Ok, "okButton"},
        {QDialogButtonBox::Cancel, "cancelButton"},
        {QDialogButtonBox::RestoreDefaults, "defaultsButton"}};
    for (const auto& [button, name] : names) {
        buttons->button(button)->setObjectName(QLatin1String(name));
        buttons->button(button)->setAccessibleName(buttons->button(button)->text());
    }
    QObject::connect(buttons, &QDialogButtonBox::accepted, q, &SettingsDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &SettingsDialog::reject);
    QObject::connect(defaults, &QPushButton::clicked, q, [this] { loadDefaults(); });
    column->addWidget(buttons);
    q->setMinimumWidth(440);
}

void SettingsDialog::Private::buildAppearance(QVBoxLayout* column) {
    QFormLayout* form = addGroup(column, tr("Appearance"));
    theme = new QComboBox(q);
    theme->setObjectName(QStringLiteral("themeCombo"));
    theme->setAccessibleName(tr("Theme"));
    theme->setToolTip(tr("Dark suits a reading room"));
    theme->addItem(tr("Dark"), static_cast<int>(Theme::Dark));
    theme->addItem(tr("Light"), static_cast<int>(Theme::Light));
    form->addRow(tr("&Theme"), theme);
    banner = addCheck(form, "bannerCheck", tr("Show the patient banner over the film"),
                      tr("Name, number, birth date, sex and age from the header"));
    overlays = addCheck(form, "overlaysCheck", tr("Show findings when a film opens"),
                        tr("G shows and hides them at any time"));
}

void SettingsDialog::Private::buildAnalysis(QVBoxLayout* column) {
    QFormLayout* form = addGroup(column, tr("Analysis"));
    autoAnalyze = addCheck(form, "autoAnalyzeCheck", tr("Measure as soon as a film is open"),
                           tr("Otherwise press Analyse in the findings panel"));
    device = new QComboBox(q);
    device->setObjectName(QStringLiteral("deviceCombo"));
    device->setAccessibleName(tr("Device"));
    device->setToolTip(tr("Where the networks run. Automatic takes the graphics card if there is a usable one"));
    device->addItem(tr("Automatic"), static_cast<int>(DeviceChoice::Auto));
    device->addItem(tr("Processor (CPU)"), static_cast<int>(DeviceChoice::Cpu));
    device->addItem(tr("Graphics card (CUDA)"), static_cast<int>(DeviceChoice::Cuda));
    form->addRow(tr("&Device"), device);
    threads = addSpin(form, "threadsSpin", tr("T&hreads"), 0, Settings::kMaxThreads,
                      tr("Processor threads for the networks; this computer has %1").arg(QThread::idealThreadCount()));
    threads->setSpecialValueText(tr("all cores"));
}

void SettingsDialog::Private::buildReading(QVBoxLayout* column) {
    QFormLayout* form = addGroup(column, tr("Reading films"));
    readAhead = addCheck(form, "readAheadCheck", tr("Read the next film ahead"),
                         tr("The next film of the list then appears at once; costs memory for one film"));
    megapixels = addSpin(form, "megapixelsSpin", tr("Largest &film"), 1, 1024,
                         tr("Films that claim more are refused before anything is decoded"));
    megapixels->setSuffix(tr(" megapixels"));
    mebibytes = addSpin(form, "mebibytesSpin", tr("&Memory for decoding"), 16, 65536,
                        tr("Files whose decoded pixels need more are refused"));
    mebibytes->setSuffix(tr(" MiB"));
}

void SettingsDialog::Private::buildCorrections(QVBoxLayout* column) {
    QFormLayout* form = addGroup(column, tr("Corrections"));
    keepCorrections = addCheck(form, "keepCorrectionsCheck", tr("Keep my corrections of films"),
                               tr("Outlines, lines and boxes that you moved, and what you wrote for the report, are there again when the film is opened "
                                  "next time.\nA film is known by the hash of its file; nothing about the patient is kept but what you wrote yourself"));
    auto* forget = new QPushButton(tr("Forget all kept corrections..."), q);
    forget->setObjectName(QStringLiteral("forgetCorrectionsButton"));
    forget->setAccessibleName(tr("Forget all kept corrections"));
    forget->setToolTip(tr("Empties the file of corrections of all films; asks first"));
    forget->setAutoDefault(false);
    QObject::connect(forget, &QPushButton::clicked, q, &SettingsDialog::forgetCorrectionsWanted);
    form->addRow(forget);
}

QFormLayout* SettingsDialog::Private::addGroup(QVBoxLayout* column, const QString& title) {
    column->addWidget(sectionTitle(title, q));
    auto* card = new Card(QString(), q);
    auto* form = new QFormLayout(card);
    form->setContentsMargins(14, 12, 14, 12);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    column->addWidget(card);
    return form;
}

QCheckBox* SettingsDialog::Private::addCheck(QFormLayout* form, const char* name, const QString& label,
                                             const QString& toolTip) {
    auto* check = new QCheckBox(label, q);
    check->setObjectName(QLatin1String(name));
    check->setAccessibleName(label);
    check->setToolTip(toolTip);
    form->addRow(check);
    return check;
}

QSpinBox* SettingsDialog::Private::addSpin(QFormLayout* form, const char* name, const QString& label, int low, int high,
                                           const QString& toolTip) {
    auto* spin = new QSpinBox(q);
    spin->setObjectName(QLatin1String(name));
    spin->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    spin->setRange(low, high);
    spin->setToolTip(toolTip);
    form->addRow(label, spin);
    return spin;
}

void SettingsDialog::Private::fill(const Settings& from) {
    theme->setCurrentIndex(theme->findData(static_cast<int>(from.theme())));
    banner->setChecked(from.bannerVisible());
    overlays->setChecked(from.overlaysOnOpen());
    autoAnalyze->setChecked(from.autoAnalyze());
    device->setCurrentIndex(device->findData(static_cast<int>(from.device())));
    threads->setValue(from.threads());
    readAhead->setChecked(from.readAhead());
    keepCorrections->setChecked(from.keepCorrections());
    const ReadLimits limits = from.readLimits();
    megapixels->setValue(static_cast<int>(limits.maxPixels / kMegapixel));
    mebibytes->setValue(static_cast<int>(limits.maxDecodedBytes / kMebibyte));
}

// An empty store answers with the defaults.
void SettingsDialog::Private::loadDefaults() {
    const QTemporaryDir folder;
    const Settings pristine(folder.filePath(QStringLiteral("defaults.conf")));
    fill(pristine);
}

}  // namespace cxr::ui
