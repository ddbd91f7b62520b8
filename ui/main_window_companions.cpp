// MainWindow: what other objects say about the film (presentation states, segmentations, maps, reports, documents), and the
// user's calibration of lengths. See main_window.h.
#include "ui/dialogs/calibration_dialog.h"
#include "ui/dialogs/pdf_window.h"
#include "ui/dialogs/report_window.h"
#include "ui/main_window.h"
#include "ui/panels/companion_bar.h"
#include "ui/panels/film_area.h"
#include "ui/panels/findings_panel.h"
#include "ui/state/companions.h"
#include "ui/viewport/tools/ruler_tool.h"

namespace cxr::ui {

namespace {
constexpr double kSuggestedMm = 100;
}

void MainWindow::bindCompanions() {
    FilmSession& session = m_workbench.session();
    const auto listed = [this] {
        QStringList paths;
        for (int i = 0; i < m_workbench.films().count(); ++i) paths << m_workbench.films().row(i).path;
        return paths;
    };
    m_companions = new Companions(session, listed, this);
    m_area->addStrip(new CompanionBar(*m_companions, session));
    connect(m_companions, &Companions::changed, this, &MainWindow::showCompanions);
    connect(m_companions, &Companions::filmWanted, this, [this](const QString& path) { m_workbench.openPaths({path}); });
    connect(m_companions, &Companions::failed, this, [this](const QString& sentence) {
        m_area->showMessage(sentence);
        Q_EMIT openFailed(sentence);
    });
    connect(m_companions, &Companions::documentOpened, this, [this](const CompanionPtr& document) {
        QWidget* window = document->pdf ? static_cast<QWidget*>(new PdfWindow(document, this)) : new ReportWindow(document, this);
        window->setAttribute(Qt::WA_DeleteOnClose);
        window->show();
        Q_EMIT documentShown(window);
    });
    connect(&m_workbench, &Workbench::companionActivated, this, [this](const QString& path) { m_companions->open(path); });
    connect(&m_workbench, &Workbench::readingFailed, m_companions, &Companions::forgetWaiting);
    connect(m_view, &FilmView::calibrationDrawn, this, &MainWindow::askLength);
    connect(&session, &FilmSession::calibrationChanged, this, &MainWindow::showCalibration);
}

// The map of another object in the words that it says itself.
std::optional<ShownHeatmap> MainWindow::companionMap() const {
    const CompanionPtr object = m_companions->shown(ObjectKind::ParametricMap);
    if (!object) return {};
    const FilmMap& film = *object->map;
    ShownHeatmap shown{film.map, {}, {}, {}};
    shown.style.colours = film.map->isSigned ? ColourMap::Diverging : ColourMap::Cividis;
    const std::string& words = film.explanation.empty() ? film.facts.description : film.explanation;
    const std::string title = film.quantity.empty() ? film.facts.label : film.quantity;
    const QString unit = film.unit.empty() || film.unit == "no units" ? tr("no unit") : QString::fromStdString(film.unit);
    shown.caption = HeatmapCaption{QString::fromStdString(title), QString::fromStdString(words), unit};
    return shown;
}

void MainWindow::showCompanions() {
    const bool isOpen = m_workbench.session().isOpen();
    const auto shown = [&](ObjectKind kind) { return isOpen ? m_companions->shown(kind) : nullptr; };
    const CompanionPtr state = shown(ObjectKind::PresentationState), segments = shown(ObjectKind::Segmentation);
    const bool isTurned = m_view->image() && m_view->orientation() != FilmOrientation{};
    if (!m_hidden) m_view->setPresentation(state ? state->presentation : nullptr);
    if (isTurned || state) showOrientation();
    m_actions.setChecked("invert", m_view->isInverted());
    m_view->setSegments(segments ? segments->segments : nullptr);
    if (shown(ObjectKind::ParametricMap) && m_actions["heatmap"]->isChecked()) {
        setHeatmap(false);  // one map at a time
        return;
    }
    showMap();
}

void MainWindow::showCalibration() {
    FilmSession& session = m_workbench.session();
    if (!session.isOpen()) return;
    m_view->setSpacingOf(session.calibratedImage());
    m_view->setCalibration(session.calibration());
    m_findings->setSpacingOf(session.calibratedImage());
}

void MainWindow::clearCalibration() { (void)m_workbench.session().setCalibration(std::nullopt); }

void MainWindow::askLength(const LinePx& line) {
    FilmSession& session = m_workbench.session();
    if (!session.isOpen() || line.length() < kShortestCalibrationPx) return;
    const auto before = session.calibration();
    auto* dialog = new CalibrationDialog(
        rulerText(line, session.calibratedImage()->spacing), before ? before->lengthMm : kSuggestedMm,
        [&session, line](double mm) { return session.setCalibration(LengthCalibration{line, mm}); }, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_view->setCalibration(LengthCalibration{line, 0});
    connect(dialog, &QDialog::finished, this, [this, &session] { m_view->setCalibration(session.calibration()); });
    connect(&session, &FilmSession::filmChanged, dialog, &QDialog::reject);  // the line was the old film's
    dialog->open();
}

}  // namespace cxr::ui
