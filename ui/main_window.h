// MainWindow: list left, film in the middle, findings and HeartSpot right, bars above and below. It binds widgets to
// the Workbench (what is open, what is measured); what it does itself is in the commands, called by ui/actions.cpp.
//   thread rule  GUI thread only; never waits, never reads a file
#pragma once

#include <QMainWindow>

#include "core/report/report_picture.h"
#include "ui/actions.h"
#include "ui/state/workbench.h"
#include "ui/viewport/film_view.h"

class QDockWidget;
class QLabel;
class QMenu;
class QProgressBar;
class QToolButton;

namespace cxr::ui {

class Companions;
class CompareWindow;
struct ExportContext;
struct ExportedMap;
class ExplanationPanel;
class FilmArea;
class FindingsPanel;
class HeartSpotPanel;
class HelpWindow;
class PacsWindow;
class PriorLab;
class ReliefWindow;
class ServerList;
class StatusFields;
class StudyList;
class WindowBar;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    static constexpr double kZoomStep = 1.25;

    explicit MainWindow(Settings& settings, WorkbenchCalls calls = {}, QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] Workbench& workbench() { return m_workbench; }
    [[nodiscard]] FilmView& filmView() { return *m_view; }
    [[nodiscard]] FilmArea& filmArea() { return *m_area; }
    [[nodiscard]] Companions& companions() { return *m_companions; }
    [[nodiscard]] HeartSpotPanel& heartSpot() { return *m_heartSpot; }
    [[nodiscard]] ExplanationPanel& explanationPanel() { return *m_explanationPanel; }
    [[nodiscard]] const ActionSet& actions() const { return m_actions; }

    void openPaths(const QStringList& paths);

    // The commands of the action table, in its order.
    void chooseFiles();
    void chooseFolder();
    void openSample();
    void clearRecent();
    void exportFilm();
    void writeReport();  // of the film on screen, in the reader's words
    void exportDeidentified();
    void showPacs();
    void sendResults();  // of the film on screen, to an archive
    void copyPicture();
    void closeFilm();
    void closeAllFilms();
    void undo();
    void redo();
    void discardEdits();
    void clearRulers();
    void clearCalibration();
    void showSettings();
    void setOverlays(bool on);
    void setOriginal(bool on);
    void setHeatmap(bool on);
    void showCompare();
    void showPrior();  // the compare window with the patient's earlier film
    void showRelief();
    void setBanner(bool on);
    void zoomBy(double factor);
    void zoomToFit();
    void zoomToPixels();
    void setDockVisible(const QString& dock, bool on);
    void setLightTheme(bool on);
    void setFullScreen(bool on);
    void stepFilm(int rows);
    void setInverted(bool on);
    void flipHorizontally(bool on);
    void flipVertically(bool on);
    void rotate(int quarterTurns);  // clockwise as seen
    void resetView();
    void applyPreset(int number);  // 0 = the first
    void setTool(FilmTool tool);
    void analyze();
    void cancelWork();
    void setAutomatic(bool on);
    void showPriorLab();
    void showModels(const QString& packId = {});
    void showHelp(const QString& chapter = {});
    void showAbout();

  Q_SIGNALS:
    void filmPainted();                     // the film is on screen (once for each film)
    void analysisSettled(bool isMeasured);  // finished, failed, stopped, or not wanted
    void openFailed(const QString& reason);
    void documentShown(QWidget* window);  // a report or PDF of a study, in a window of its own

  protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;  // a low window gets its panels as tabs
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;  // Space held over the film; the first paint of a film
    void changeEvent(QEvent* event) override;

  private:
    void buildDocks();
    void buildMenus();
    void buildRecentMenu(QMenu& menu);
    void buildToolBar();
    void buildStatusBar();
    void bindWorkbench();
    void bindSession();
    void bindCorrections();
    void bindAnalysis();
    void bindView();
    void bindPanels();
    void bindExplanations();
    void bindCompanions();
    void restoreWindow();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area,
                         const QString& actionId);

    void onFilmChanged();
    void onMeasurementChanged();
    void showJudgement();
    void showExplained();  // film, measurement and judgement to the explanations
    void showMap();
    void showCompanions();  // presentation state, segments and parametric map over the film
    void showCalibration();
    void askLength(const LinePx& line);
    [[nodiscard]] std::optional<ShownHeatmap> companionMap() const;
    [[nodiscard]] std::optional<ExportedMap> exportedMap() const;
    [[nodiscard]] ExportContext exportContext();
    [[nodiscard]] ServerList& servers();
    void stepCorrections(void (FilmSession::*step)());  // undo, redo
    void showCursor(bool inside, int column, int row, double modalityValue);
    void onFilmPainted();
    void showAnalysisError(const QString& message);
    void showBundle(const QString& file);
    void showFilmInPriorLab();
    void showPresets();
    void showActionStates();
    void showOrientation();
    void rememberLook();
    void restoreLook();
    void applyOrientation(FilmOrientation orientation);
    void showFilmMenu(const QPoint& at);
    bool handleSpace(QEvent* event);
    bool filterControl(QObject* watched, QEvent* event);
    [[nodiscard]] bool keepsSpace(const QWidget& widget) const;

    Workbench m_workbench;
    ActionSet m_actions;
    FilmView* m_view;
    FilmArea* m_area;
    Companions* m_companions = nullptr;
    StudyList* m_list;
    FindingsPanel* m_findings;
    HeartSpotPanel* m_heartSpot;
    ExplanationPanel* m_explanationPanel = nullptr;
    WindowBar* m_windowBar = nullptr;
    StatusFields* m_fields = nullptr;
    QProgressBar* m_busy = nullptr;
    QMenu* m_presetMenu = nullptr;
    HelpWindow* m_help = nullptr;
    PriorLab* m_priorLab = nullptr;
    ServerList* m_servers = nullptr;
    PacsWindow* m_pacs = nullptr;
    CompareWindow* m_compare = nullptr;
    ReliefWindow* m_relief = nullptr;
    std::vector<ReportPicture> m_addedPictures;  // to the report of the film on screen
    JobHandle m_copyJob;
    JudgementPtr m_shownJudgement;
    JudgementPtr m_explained, m_explainedFrom;  // what the explanations know, and what it was decided from
    std::string m_explainedPoint;

    // While the original is shown: what to go back to.
    struct Hidden {
        VoiSetting voi;
        bool isInverted = false;
        bool overlays = true;
    };
    bool m_isSpaceDown = false;
    bool m_isFocusByKey = false;  // the control with the focus was reached by Tab: its Space is its own
    std::optional<Hidden> m_hidden;
    bool m_waitsForPaint = false;
    bool m_isArranged = false;  // for the height of the first show
    bool m_isRestoringLook = false;
};

}  // namespace cxr::ui
