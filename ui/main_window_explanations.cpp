// MainWindow: heatmaps on the film, and what belongs to them: status, boxes, the compare window, the relief view. See main_window.h.
#include <QDockWidget>
#include <QStatusBar>
#include <utility>

#include "core/localize/map_scale.h"
#include "ui/compare/compare_window.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/main_window.h"
#include "ui/panels/explanation_panel.h"
#include "ui/panels/status_fields.h"
#include "ui/relief/relief_window.h"
#include "ui/state/companions.h"

namespace cxr::ui {

namespace {
constexpr int kMessageMs = 5000;
constexpr int kHighEnoughPx = 1100;  // the findings with all 14 diseases, and a panel below them
}

void MainWindow::bindExplanations() {
    connect(m_explanationPanel, &ExplanationPanel::shownMapChanged, this, &MainWindow::showMap);
    connect(m_view, &FilmView::boxesEdited, this, [this](const std::vector<FindingBox>& boxes, bool isFinal) {
        if (isFinal) m_explanationPanel->setBoxes(boxes);
    });
    FilmSession& session = m_workbench.session();
    connect(m_explanationPanel, &ExplanationPanel::boxesEdited, &session, &FilmSession::commitBoxes);
    connect(&session, &FilmSession::boxesChanged, this, [this, &session] { m_explanationPanel->setEditedBoxes(session.editedBoxes()); });
    m_explanationPanel->setPreferences(m_workbench.settings().explanationPreferences());
}

// Findings would be crowded by the panels below them.
void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    const bool isFirst = !std::exchange(m_isArranged, true) && m_workbench.settings().windowState().isEmpty();
    if (!isFirst || height() >= kHighEnoughPx) return;
    auto* findings = findChild<QDockWidget*>(QStringLiteral("dock.findings"));
    for (const char* name : {"dock.heartspot", "dock.explanations"}) tabifyDockWidget(findings, findChild<QDockWidget*>(QLatin1String(name)));
    findings->raise();
}

// A step that changes nothing that can be seen is told.
void MainWindow::stepCorrections(void (FilmSession::*step)()) {
    FilmSession& session = m_workbench.session();
    const EditedBoxes before = session.editedBoxes();
    const auto boxesOnFilm = [this] { return m_view->heatmap() ? m_view->heatmap()->boxes : std::vector<FindingBox>(); };
    const auto shownBefore = boxesOnFilm();
    (session.*step)();
    if (session.editedBoxes() == before || boxesOnFilm() != shownBefore) return;
    statusBar()->showMessage(tr("That was a box of a map that is not on the film."), kMessageMs);
}

void MainWindow::showExplained() {
    const FilmSession& session = m_workbench.session();
    const std::string point = m_workbench.settings().findingPreferences().operatingPoint;
    if (session.judgement() != m_explainedFrom || point != m_explainedPoint) {
        m_explainedFrom = session.judgement();
        m_explainedPoint = point;
        m_explained = withPoint(m_explainedFrom, point);
    }
    m_explanationPanel->setAnalysis(session.measurement(), m_explained);
    m_workbench.explanations().setFilm(session.image(), m_explained);
}

void MainWindow::setHeatmap(bool on) {
    if (m_hidden) setOriginal(false);
    m_actions.setChecked("heatmap", on);
    m_explanationPanel->setShown(on);
    if (on) m_companions->show(ObjectKind::ParametricMap, nullptr);  // one map at a time
    if (on && !m_view->overlaysVisible()) setOverlays(true);
    showMap();
}

void MainWindow::showMap() {
    const auto foreign = companionMap();
    const auto& shown = foreign ? foreign : m_explanationPanel->shownMap();
    m_view->setHeatmap(shown);
    m_fields->setMapShown(shown.has_value());
}

std::optional<ExportedMap> MainWindow::exportedMap() const {
    const auto map = m_explanationPanel->currentMap();
    if (!map) return {};
    const auto& story = m_explanationPanel->story();
    return ExportedMap{*map, m_explanationPanel->rawMap(), m_explanationPanel->checks(), story ? story->threeWay : std::nullopt};
}

void MainWindow::showCursor(bool inside, int column, int row, double modalityValue) {
    m_fields->setCursor(inside, column, row, modalityValue);
    if (!m_view->heatmap()) return;
    const auto value = inside ? m_view->heatmapValueAt({column + 0.5, row + 0.5}) : std::nullopt;
    const auto& caption = m_view->heatmap()->caption;
    const QString unit = caption ? caption->unit : QString::fromStdString(unitOf(m_view->heatmap()->map->method));
    m_fields->setMapValue(value, unit);
}

void MainWindow::showCompare() {
    if (!m_compare) m_compare = new CompareWindow(m_workbench, *m_explanationPanel, this);
    m_compare->showFilm(m_view->voi());
    m_compare->show();
    m_compare->raise();
    m_compare->activateWindow();
}

void MainWindow::showPrior() {
    if (m_workbench.priors().empty()) return;
    showCompare();
    m_compare->comparePrior();
}

void MainWindow::showRelief() {
    if (!m_relief) {
        m_relief = new ReliefWindow(m_workbench, *m_explanationPanel, this);
        connect(m_relief, &ReliefWindow::pictureAdded, this, [this](const ReportPicture& picture) { m_addedPictures.push_back(picture); });
    }
    m_relief->showFilm(m_view->voi());
    m_relief->show();
    m_relief->raise();
    m_relief->activateWindow();
}

}  // namespace cxr::ui
