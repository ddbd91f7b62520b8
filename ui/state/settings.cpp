// Settings on QSettings. See settings.h.
#include "ui/state/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <algorithm>

namespace cxr::ui {

namespace {

constexpr const char* kTheme = "view/theme";
constexpr const char* kAutoAnalyze = "analysis/automatic";
constexpr const char* kDevice = "analysis/device";
constexpr const char* kThreads = "analysis/threads";
constexpr const char* kOverlaysOnOpen = "view/overlaysOnOpen";
constexpr const char* kBanner = "view/banner";
constexpr const char* kReadAhead = "reading/readAhead";
constexpr const char* kKeepCorrections = "corrections/keep";
constexpr const char* kMaxMegapixels = "reading/maxMegapixels";
constexpr const char* kMaxDecodedMiB = "reading/maxDecodedMiB";
constexpr const char* kRecent = "recent/files";
constexpr const char* kGeometry = "window/geometry";
constexpr const char* kState = "window/state";
constexpr const char* kLastFolder = "folders/open";
constexpr const char* kReportLanguage = "report/language";
constexpr const char* kReportReader = "report/reader";
constexpr const char* kExportFolder = "folders/export";
constexpr const char* kHeartSpot = "heartspot/spec";
constexpr const char* kPacsServers = "pacs/servers";
constexpr const char* kPacsInbox = "pacs/inbox";
constexpr const char* kDiseaseOrder = "findings/order";
constexpr const char* kOperatingPoint = "findings/operatingPoint";
constexpr const char* kPrevalences = "findings/prevalences";  // JSON object, shares by the finding's name
constexpr const char* kExplanations = "explanations/look";    // JSON object
constexpr const char* kRolePacks = "models/roles";            // JSON object, packs by the role's key
constexpr const char* kDisabledPacks = "models/disabled";

const char* keyOf(ModelRole role) {
    const char* keys[] = {"heart-lungs", "view", "diseases", "cardiomegaly", "heartspot"};
    return keys[static_cast<int>(role)];
}

QJsonObject objectOf(const QString& json) { return QJsonDocument::fromJson(json.toUtf8()).object(); }
QString textOf(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

constexpr std::int64_t kMega = 1'000'000;
constexpr std::int64_t kMiB = 1LL << 20;

}  // namespace

Settings::Settings(const QString& file, QObject* parent) : QObject(parent), m_isUsersOwn(file.isEmpty()) {
    m_store = file.isEmpty() ? std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, "Precordia",
                                                           "Precordia")
                             : std::make_unique<QSettings>(file, QSettings::IniFormat);
}

Settings::~Settings() = default;

template <typename T>
void Settings::store(const QString& key, const T& value) {
    if (m_store->contains(key) && m_store->value(key) == QVariant(value)) return;
    m_store->setValue(key, value);
    Q_EMIT changed();
}

Theme Settings::theme() const { return m_store->value(kTheme, "dark").toString() == "light" ? Theme::Light : Theme::Dark; }
void Settings::setTheme(Theme value) {
    const bool differs = theme() != value;
    store(kTheme, QString(value == Theme::Light ? "light" : "dark"));
    if (differs) Q_EMIT themeChanged(value);
}

bool Settings::autoAnalyze() const { return m_store->value(kAutoAnalyze, true).toBool(); }
void Settings::setAutoAnalyze(bool on) { store(kAutoAnalyze, on); }

DeviceChoice Settings::device() const {
    const QString name = m_store->value(kDevice, "auto").toString();
    if (name == "cpu") return DeviceChoice::Cpu;
    return name == "cuda" ? DeviceChoice::Cuda : DeviceChoice::Auto;
}
void Settings::setDevice(DeviceChoice value) {
    const char* names[] = {"auto", "cpu", "cuda"};
    store(kDevice, QString(names[static_cast<int>(value)]));
}

int Settings::threads() const { return std::clamp(m_store->value(kThreads, 0).toInt(), 0, kMaxThreads); }
void Settings::setThreads(int value) { store(kThreads, std::clamp(value, 0, kMaxThreads)); }

bool Settings::overlaysOnOpen() const { return m_store->value(kOverlaysOnOpen, true).toBool(); }
void Settings::setOverlaysOnOpen(bool on) { store(kOverlaysOnOpen, on); }

bool Settings::readAhead() const { return m_store->value(kReadAhead, true).toBool(); }
void Settings::setReadAhead(bool on) { store(kReadAhead, on); }

bool Settings::bannerVisible() const { return m_store->value(kBanner, true).toBool(); }
void Settings::setBannerVisible(bool on) { store(kBanner, on); }

bool Settings::keepCorrections() const { return m_store->value(kKeepCorrections, true).toBool(); }
void Settings::setKeepCorrections(bool on) { store(kKeepCorrections, on); }
QString Settings::correctionsFile() const {
    return keepCorrections() ? dataFolder() + QStringLiteral("/corrections.sqlite") : QString();
}
QString Settings::reportTemplatesFile() const { return dataFolder() + QStringLiteral("/report-templates.json"); }
ReportLanguage Settings::reportLanguage() const {
    return languageOfCode(m_store->value(kReportLanguage).toString().toStdString()).value_or(ReportLanguage::English);
}
void Settings::setReportLanguage(ReportLanguage language) { m_store->setValue(kReportLanguage, QString::fromLatin1(codeOf(language))); }
QString Settings::reportReader() const { return m_store->value(kReportReader).toString(); }
void Settings::setReportReader(const QString& name) { m_store->setValue(kReportReader, name); }
QString Settings::dataFolder() const {
    return m_isUsersOwn ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/precordia")
                        : QFileInfo(m_store->fileName()).absolutePath();
}

ReadLimits Settings::readLimits() const {
    ReadLimits limits;
    const auto read = [this](const char* key, std::int64_t unit, std::int64_t standard, qlonglong low, qlonglong high) {
        const qlonglong number = m_store->value(key, static_cast<qlonglong>(standard / unit)).toLongLong();
        return std::clamp(number, low, high) * unit;
    };
    limits.maxPixels = read(kMaxMegapixels, kMega, limits.maxPixels, 1, 1024);
    limits.maxDecodedBytes = read(kMaxDecodedMiB, kMiB, limits.maxDecodedBytes, 16, 65536);
    return limits;
}
void Settings::setReadLimits(const ReadLimits& limits) {
    store(kMaxMegapixels, static_cast<qlonglong>(limits.maxPixels / kMega));
    store(kMaxDecodedMiB, static_cast<qlonglong>(limits.maxDecodedBytes / kMiB));
}

FindingPreferences Settings::findingPreferences() const {
    FindingPreferences preferences;
    if (m_store->value(kDiseaseOrder).toString() == "name") preferences.order = DiseaseOrder::Name;
    preferences.operatingPoint = m_store->value(kOperatingPoint, kDefaultPoint).toString().toStdString();
    const QJsonObject shares = objectOf(m_store->value(kPrevalences).toString());
    for (auto entry = shares.begin(); entry != shares.end(); ++entry) {
        const double share = entry.value().toDouble(-1);
        if (share > 0 && share < 1) preferences.prevalences[entry.key().toStdString()] = share;
    }
    return preferences;
}
void Settings::setFindingPreferences(const FindingPreferences& preferences) {
    QJsonObject shares;
    for (const auto& [name, share] : preferences.prevalences) shares[QString::fromStdString(name)] = share;
    store(kDiseaseOrder, QString(preferences.order == DiseaseOrder::Name ? "name" : "probability"));
    store(kOperatingPoint, QString::fromStdString(preferences.operatingPoint));
    store(kPrevalences, textOf(shares));
}

ExplanationPreferences Settings::explanationPreferences() const {
    return explanationPreferencesFrom(m_store->value(kExplanations).toString());
}
void Settings::setExplanationPreferences(const ExplanationPreferences& preferences) { store(kExplanations, toJson(preferences)); }

ModelChoice Settings::modelChoice() const {
    ModelChoice choice;
    const QJsonObject packs = objectOf(m_store->value(kRolePacks).toString());
    for (const ModelRole role : kModelRoles) {
        const QJsonValue pack = packs[QLatin1String(keyOf(role))];
        if (pack.isString()) choice.chosen[role] = pack.toString().toStdString();
    }
    for (const QString& id : m_store->value(kDisabledPacks).toStringList()) choice.disabled.insert(id.toStdString());
    return choice;
}
void Settings::setModelChoice(const ModelChoice& choice) {
    if (choice == modelChoice()) return;
    QJsonObject packs;
    for (const auto& [role, id] : choice.chosen) packs[QLatin1String(keyOf(role))] = QString::fromStdString(id);
    QStringList disabled;
    for (const std::string& id : choice.disabled) disabled << QString::fromStdString(id);
    store(kRolePacks, textOf(packs));
    store(kDisabledPacks, disabled);
    Q_EMIT modelChoiceChanged();
}

QStringList Settings::recentFiles() const { return m_store->value(kRecent).toStringList().mid(0, kMaxRecentFiles); }
void Settings::addRecentFile(const QString& path) {
    const QString absolute = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    m_store->setValue(kRecent, files.mid(0, kMaxRecentFiles));
    Q_EMIT recentFilesChanged();
}
void Settings::clearRecentFiles() {
    m_store->remove(kRecent);
    Q_EMIT recentFilesChanged();
}

QByteArray Settings::windowGeometry() const { return m_store->value(kGeometry).toByteArray(); }
QByteArray Settings::windowState() const { return m_store->value(kState).toByteArray(); }
void Settings::setWindow(const QByteArray& geometry, const QByteArray& state) {
    m_store->setValue(kGeometry, geometry);
    m_store->setValue(kState, state);
}

QString Settings::lastFolder() const { return m_store->value(kLastFolder, QDir::homePath()).toString(); }
void Settings::setLastFolder(const QString& folder) { m_store->setValue(kLastFolder, folder); }
QString Settings::exportFolder() const { return m_store->value(kExportFolder).toString(); }
void Settings::setExportFolder(const QString& folder) { m_store->setValue(kExportFolder, folder); }
QStringList Settings::pacsServers() const { return m_store->value(kPacsServers).toStringList(); }
void Settings::setPacsServers(const QStringList& servers) { m_store->setValue(kPacsServers, servers); }
QString Settings::pacsInbox() const { return m_store->value(kPacsInbox, dataFolder() + QStringLiteral("/inbox")).toString(); }
void Settings::setPacsInbox(const QString& folder) { m_store->setValue(kPacsInbox, folder); }
QString Settings::heartSpotJson() const { return m_store->value(kHeartSpot).toString(); }
void Settings::setHeartSpotJson(const QString& json) { m_store->setValue(kHeartSpot, json); }

}  // namespace cxr::ui
