// Workbench: everything that happens between "open this" and "measured", without a widget: list, reading, session,
// analysis, window presets. The main window shows it and forwards the user's wishes.
//   stale   an answer for a film that is no longer on screen is dropped by its job's handle
//   order   the film is shown first; the analysis starts when the window says filmOnScreen() (torch is loaded then)
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <memory>
#include <vector>

#include "ui/state/analysis_runner.h"
#include "ui/state/correction_keeper.h"
#include "ui/state/explanations.h"
#include "ui/state/film_list_state.h"
#include "ui/state/film_loader.h"
#include "ui/state/film_session.h"
#include "ui/state/model_timings.h"
#include "ui/state/settings.h"
#include "ui/state/voi_presets.h"

namespace cxr::ui {

// The long calls; the defaults are the real ones.
struct WorkbenchCalls {
    ReadFunction read = readFilm;
    AnalyzeFunction analyze = analyzeWithEngine;
    ExplanationCalls explanations = explanationsWithEngine();
};

class Workbench : public QObject {
    Q_OBJECT
  public:
    Workbench(Settings& settings, WorkbenchCalls calls, QObject* parent = nullptr);
    ~Workbench() override;

    [[nodiscard]] Settings& settings() { return m_settings; }
    [[nodiscard]] FilmListState& films() { return m_films; }
    [[nodiscard]] FilmSession& session() { return m_session; }
    [[nodiscard]] CorrectionKeeper& corrections() { return m_corrections; }
    [[nodiscard]] AnalysisRunner& analysis() { return m_analysis; }
    [[nodiscard]] Explanations& explanations() { return m_explanations; }
    [[nodiscard]] const std::vector<NamedVoi>& presets() const { return m_presets; }
    [[nodiscard]] const ModelTimings& timings() const { return m_timings; }
    [[nodiscard]] QThreadPool& pool() { return m_pool; }  // for short work beside reading and analysis

    // Files, folders, discs and archives; the first film of them comes on screen, unless another is chosen while they are looked for.
    void openPaths(const QStringList& paths);
    void openSample();
    void select(int row);  // no-op for the row that is already current
    [[nodiscard]] int currentRow() const;  // -1: none
    void step(int rows);   // +1 next, -1 previous; stays at the ends
    void closeRow(int row);
    void closePaths(const QStringList& paths);  // films and companions
    void closeAll();
    void reload();  // tries a failed film again

    void filmOnScreen();
    void analyze();
    void cancelAll();  // reading, analysis and explanations
    [[nodiscard]] bool isReading() const { return m_loader.isLoading(); }

    // Earlier films of the patient on screen, the best one to compare with first.
    struct PriorFilm {
        QString path;
        QString title;  // "2019-03-08 PA"
    };
    [[nodiscard]] const std::vector<PriorFilm>& priors() const { return m_priors; }

  Q_SIGNALS:
    void currentChanged(int row);
    void readingStarted(const QString& title);
    void readingProgressed(double fraction);
    void readingStopped();
    void readingFailed(const QString& title, const QString& reason);
    void nothingFound(const QString& sentence);
    void presetsChanged();
    void priorsChanged();
    // A structured report, segmentation, presentation state, ... of a study was chosen in the list, or opened alone.
    void companionActivated(const QString& path, cxr::ObjectKind kind);

  private:
    void show(int row);
    void onLoaded(const QString& path, const LoadedFilm& film);
    void onFailed(const QString& path, const Error& error);
    void onMeasurementChanged();
    void showNothing();
    void readNextAhead();
    void makePresets();
    void findPriors();

    Settings& m_settings;
    FilmListState m_films;
    FilmLoader m_loader;
    FilmSession m_session;
    CorrectionKeeper m_corrections;
    AnalysisRunner m_analysis;
    Explanations m_explanations;
    QThreadPool m_pool;
    std::vector<NamedVoi> m_presets;
    std::vector<PriorFilm> m_priors;
    ModelTimings m_timings;
    JobHandle m_presetsJob;
    QString m_current;  // path of the selected film, on screen or on its way
    bool m_hasChosenSince = false;  // another film than those asked for last, while they were looked for: they only join the list
};

}  // namespace cxr::ui
