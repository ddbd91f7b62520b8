// Settings: the user's choices, kept between runs (QSettings) and told to whoever listens.
//   store   the user's own (~/.config/Precordia/Precordia.conf), or a file: tests and --no-settings use a temporary one
//   ranges  values outside their range are clamped when read, so a broken file cannot break the window
//   thread rule  GUI thread only; workers get copies (readLimits(), AnalysisOptions)
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <memory>

#include "core/engine/engine.h"
#include "core/io/image_reader.h"
#include "core/pipeline/model_roles.h"
#include "core/report/reader_text.h"
#include "ui/state/explanation_preferences.h"
#include "ui/state/finding_preferences.h"

namespace cxr::ui {

enum class Theme { Dark, Light };

class Settings : public QObject {
    Q_OBJECT
  public:
    static constexpr int kMaxThreads = 256;
    static constexpr int kMaxRecentFiles = 12;

    // Empty `file`: the user's own store.
    explicit Settings(const QString& file = {}, QObject* parent = nullptr);
    ~Settings() override;

    [[nodiscard]] Theme theme() const;  // default Dark
    void setTheme(Theme theme);
    [[nodiscard]] bool autoAnalyze() const;  // measure as soon as a film is open; default true
    void setAutoAnalyze(bool on);
    [[nodiscard]] DeviceChoice device() const;  // default Auto
    void setDevice(DeviceChoice device);
    [[nodiscard]] int threads() const;  // 0 = all cores (default) .. kMaxThreads
    void setThreads(int threads);
    [[nodiscard]] bool overlaysOnOpen() const;  // findings are drawn when a film opens; default true
    void setOverlaysOnOpen(bool on);
    [[nodiscard]] bool readAhead() const;  // the next film is read while this one is looked at; default true
    void setReadAhead(bool on);
    [[nodiscard]] bool bannerVisible() const;  // patient banner over the film; default true
    void setBannerVisible(bool on);
    [[nodiscard]] bool keepCorrections() const;  // corrections of films outlive the program; default true
    void setKeepCorrections(bool on);
    // Where: beside the settings' file if that was named, else among the user's data (~/.local/share/precordia). Empty: not kept.
    [[nodiscard]] QString correctionsFile() const;
    // The reader's own templates of impressions, beside the corrections.
    [[nodiscard]] QString reportTemplatesFile() const;
    [[nodiscard]] ReportLanguage reportLanguage() const;  // default English
    void setReportLanguage(ReportLanguage language);
    [[nodiscard]] QString reportReader() const;  // name for the line of signature
    void setReportReader(const QString& name);
    // Claimed megapixels 1..1024 and decoded MiB 16..65536; the other limits keep their defaults.
    [[nodiscard]] ReadLimits readLimits() const;
    void setReadLimits(const ReadLimits& limits);

    [[nodiscard]] FindingPreferences findingPreferences() const;
    void setFindingPreferences(const FindingPreferences& preferences);
    [[nodiscard]] ExplanationPreferences explanationPreferences() const;
    void setExplanationPreferences(const ExplanationPreferences& preferences);
    [[nodiscard]] ModelChoice modelChoice() const;  // default: the default pack of each role
    void setModelChoice(const ModelChoice& choice);

    // Newest first, absolute paths of films and folders, no doubles.
    [[nodiscard]] QStringList recentFiles() const;
    void addRecentFile(const QString& path);
    void clearRecentFiles();

    // State that the window remembers without asking.
    [[nodiscard]] QByteArray windowGeometry() const;
    [[nodiscard]] QByteArray windowState() const;
    void setWindow(const QByteArray& geometry, const QByteArray& state);
    [[nodiscard]] QString lastFolder() const;  // where the open dialogs start
    void setLastFolder(const QString& folder);
    [[nodiscard]] QString exportFolder() const;
    void setExportFolder(const QString& folder);
    [[nodiscard]] QStringList pacsServers() const;  // serverToJson(), without passwords
    void setPacsServers(const QStringList& servers);
    [[nodiscard]] QString pacsInbox() const;  // where retrieved studies go; default beside the user's other data
    void setPacsInbox(const QString& folder);
    [[nodiscard]] QString heartSpotJson() const;  // PriorSpec::toJson(), empty = default
    void setHeartSpotJson(const QString& json);

  Q_SIGNALS:
    void changed();  // one of the choices (not the window's state)
    void themeChanged(cxr::ui::Theme theme);
    void recentFilesChanged();
    void modelChoiceChanged();

  private:
    template <typename T>
    void store(const QString& key, const T& value);

    [[nodiscard]] QString dataFolder() const;  // of what is kept beside the choices

    bool m_isUsersOwn = true;
    std::unique_ptr<QSettings> m_store;
};

}  // namespace cxr::ui
