// MainWindow: what the actions do, and what the window shows when the film, its measurement or its windows change.
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>

#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/bundle_window.h"
#include "ui/dialogs/deidentify_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/report_editor.h"
#include "ui/dialogs/help_window.h"
#include "ui/dialogs/models_dialog.h"
#include "ui/dialogs/prior_lab.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/main_window.h"
#include "ui/panels/explanation_panel.h"
#include "ui/panels/film_area.h"
#include "ui/panels/findings_panel.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/panels/status_fields.h"
#include "ui/panels/window_bar.h"
#include "ui/print/findings_painter.h"
#include "ui/state/companions.h"

namespace cxr::ui {

namespace {

constexpr int kMessageMs = 5000;

int clockwise(FilmOrientation orientation, int turns) {
    // Mirroring comes after the rotation, so under one mirror a turn to the right is a turn to the left before it.
    const int sign = orientation.flipHorizontal != orientation.flipVertical ? -1 : 1;
    return ((orientation.quarterTurns + sign * turns) % 4 + 4) % 4;
}

}  // namespace

// --- opening -----------------------------------------------------------------------------------------------------

void MainWindow::openPaths(const QStringList& paths) {
    m_area->showMessage({});
    QStringList films;
    for (const QString& path : paths) {
        if (BundleWindow::isBundle(path)) {
            showBundle(path);
        } else {
            films << path;
        }
    }
    if (!films.isEmpty()) m_workbench.openPaths(films);
}

void MainWindow::showBundle(const QString& file) {
    auto* window = new BundleWindow(file, this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    connect(window, &BundleWindow::failed, this, &MainWindow::openFailed);
    window->show();
}

void MainWindow::chooseFiles() {
    auto* dialog = new QFileDialog(this, tr("Open films"), m_workbench.settings().lastFolder());
    dialog->setObjectName("openDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("All files (*)"), tr("DICOM (*.dcm *.dic *.dicom)"), tr("Pictures (*.png *.tif *.tiff *.jpg *.jpeg)"),
                            tr("Zip archives and discs (*.zip DICOMDIR)"),
                            tr("Sealed HeartSpot bundles (*.heartspot)")});
    connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::openPaths);
    dialog->open();
}

void MainWindow::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Open folder"), m_workbench.settings().lastFolder());
    dialog->setObjectName("openFolderDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::openPaths);
    dialog->open();
}

void MainWindow::openSample() { m_workbench.openSample(); }
void MainWindow::clearRecent() { m_workbench.settings().clearRecentFiles(); }
void MainWindow::closeFilm() { m_workbench.closeRow(m_workbench.currentRow()); }
void MainWindow::closeAllFilms() { m_workbench.closeAll(); }
void MainWindow::stepFilm(int rows) { m_workbench.step(rows); }

// --- leaving the program -------------------------------------------------------------------------------------------

void MainWindow::exportFilm() {
    if (!m_workbench.session().measurement()) return;
    auto* dialog = new ExportDialog(exportContext(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QString folder = m_workbench.settings().exportFolder();
    if (!folder.isEmpty()) dialog->setFolder(folder);
    connect(dialog, &ExportDialog::exported, this, [this, dialog](const QStringList& files) {
        m_workbench.settings().setExportFolder(dialog->folder());
        statusBar()->showMessage(tr("%n file(s) written to %1", nullptr, static_cast<int>(files.size())).arg(dialog->folder()), kMessageMs);
    });
    dialog->open();
}

void MainWindow::writeReport() {
    FilmSession& session = m_workbench.session();
    if (!session.measurement()) return;
    Settings& settings = m_workbench.settings();
    auto* editor = new ReportEditor(exportContext(), settings.reportTemplatesFile(), settings.reportReader(), this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &ReportEditor::textEdited, this, [&session, &settings](const ReaderText& text) {
        session.setReaderText(text);
        settings.setReportLanguage(text.language);
        if (!text.reader.empty()) settings.setReportReader(QString::fromStdString(text.reader));
    });
    connect(editor, &ReportEditor::exportWanted, this, &MainWindow::exportFilm);
    connect(editor, &ReportEditor::helpWanted, this, &MainWindow::showHelp);
    editor->open();
}

void MainWindow::exportDeidentified() {
    QStringList files;
    for (int i = 0; i < m_workbench.films().count(); ++i) files << m_workbench.films().row(i).path;
    auto* dialog = new DeidentifyDialog(files, m_workbench.session().path(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DeidentifyDialog::helpWanted, this, &MainWindow::showHelp);
    dialog->open();
}

void MainWindow::copyPicture() {
    const FilmSession& session = m_workbench.session();
    if (!session.isOpen()) return;
    m_copyJob = startJob<QImage>(
        m_workbench.pool(), this,
        [image = session.calibratedImage(), companions = FilmCompanions{m_view->presentation(), m_view->segments()}, voi = m_view->voi(), inverted = m_view->isInverted(),
         chest = session.measurement().value_or(ChestMeasurement{}), model = session.model(), heatmap = companionMap() ? companionMap() : m_explanationPanel->shownMap()](const RunContext&) -> Result<QImage> {
            return annotatedPicture(*image, voi, inverted, chest, model, 1600, heatmap ? &*heatmap : nullptr, &companions);
        },
        nullptr,
        [this](Result<QImage> picture) {
            if (!picture) return;
            QApplication::clipboard()->setImage(picture.value());
            statusBar()->showMessage(tr("The picture is on the clipboard."), kMessageMs);
        });
}

// --- corrections -----------------------------------------------------------------------------------------------------

void MainWindow::undo() { stepCorrections(&FilmSession::undo); }
void MainWindow::redo() { stepCorrections(&FilmSession::redo); }
void MainWindow::discardEdits() { m_workbench.session().discardEdits(); }
void MainWindow::clearRulers() { m_view->clearRulers(); }

void MainWindow::setTool(FilmTool tool) {
    const char* ids[] = {"toolWindow", "toolPan", "toolZoom", "toolMagnifier", "toolRuler", "toolEdit", "toolCalibrate"};
    m_view->setTool(tool);
    m_actions.setChecked(ids[static_cast<int>(tool)], true);
    m_findings->setEditing(tool == FilmTool::EditOutlines);
    if (tool == FilmTool::EditOutlines && !m_view->overlaysVisible()) setOverlays(true);
}

// --- how the film is shown -------------------------------------------------------------------------------------------

void MainWindow::setOverlays(bool on) {
    if (m_hidden) setOriginal(false);
    m_view->setOverlaysVisible(on);
    m_actions.setChecked("overlays", on);
}

void MainWindow::setOriginal(bool on) {
    const ImagePtr image = m_view->image();
    if (on == m_hidden.has_value() || (on && !image)) return;
    m_actions.setChecked("original", on);
    if (on) {
        m_view->setPresentation(nullptr);  // showCompanions() brings it back
        m_hidden = Hidden{m_view->voi(), m_view->isInverted(), m_view->overlaysVisible()};
        m_view->setOverlaysVisible(false);
        m_view->setInverted(false);
        m_view->setVoi(image->defaultVoi);
        return;
    }
    const Hidden back = *m_hidden;
    m_view->setVoi(back.voi);
    m_view->setInverted(back.isInverted);
    m_view->setOverlaysVisible(back.overlays);
    m_hidden.reset();
    showCompanions();
}

void MainWindow::setBanner(bool on) { m_workbench.settings().setBannerVisible(on); }
void MainWindow::zoomBy(double factor) { m_view->zoomBy(factor); }
void MainWindow::zoomToFit() { m_view->zoomToFit(); }
void MainWindow::zoomToPixels() { m_view->setZoom(1); }

void MainWindow::setInverted(bool on) {
    m_view->setInverted(on);
    m_actions.setChecked("invert", on);
    rememberLook();
}

void MainWindow::applyOrientation(FilmOrientation orientation) {
    m_view->setOrientation(orientation);
    showOrientation();
}

void MainWindow::flipHorizontally(bool on) {
    FilmOrientation orientation = m_view->orientation();
    orientation.flipHorizontal = on;
    applyOrientation(orientation);
}

void MainWindow::flipVertically(bool on) {
    FilmOrientation orientation = m_view->orientation();
    orientation.flipVertical = on;
    applyOrientation(orientation);
}

void MainWindow::rotate(int quarterTurns) {
    FilmOrientation orientation = m_view->orientation();
    orientation.quarterTurns = clockwise(orientation, quarterTurns);
    applyOrientation(orientation);
}

void MainWindow::showOrientation() {
    m_actions.setChecked("flipHorizontal", m_view->orientation().flipHorizontal);
    m_actions.setChecked("flipVertical", m_view->orientation().flipVertical);
    rememberLook();
}

void MainWindow::resetView() {
    if (!m_view->image()) return;
    m_view->setVoi(m_view->image()->defaultVoi);
    setInverted(false);
    applyOrientation({});
    m_view->zoomToFit();
}

void MainWindow::applyPreset(int number) {
    const auto& presets = m_workbench.presets();
    if (number >= static_cast<int>(presets.size())) return;
    const NamedVoi& preset = presets[static_cast<std::size_t>(number)];
    if (!preset.setting) return;
    if (m_hidden) setOriginal(false);
    m_view->setVoi(*preset.setting);
    statusBar()->showMessage(tr("Window: %1").arg(preset.name), kMessageMs);
}

// --- the window ------------------------------------------------------------------------------------------------------

// A panel behind another one comes to the front first.
void MainWindow::setDockVisible(const QString& dock, bool on) {
    auto* widget = findChild<QDockWidget*>(dock);
    const bool isBehind = !on && widget->isVisible() && widget->visibleRegion().isEmpty();
    if (isBehind) {
        m_actions.setChecked(dock == QLatin1String("dock.films") ? QStringLiteral("list") : dock.section('.', 1), true);
        return widget->raise();
    }
    widget->setVisible(on);
    if (on) widget->raise();
}

void MainWindow::setLightTheme(bool on) { m_workbench.settings().setTheme(on ? Theme::Light : Theme::Dark); }

void MainWindow::setFullScreen(bool on) {
    setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
}

void MainWindow::showSettings() {
    auto* dialog = new SettingsDialog(m_workbench.settings(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::forgetCorrectionsWanted, this, [this, dialog] {
        auto* question = new QMessageBox(QMessageBox::Question, tr("Forget corrections"),
                                         tr("Forget the corrections and report texts of all films? This cannot be undone."),
                                         QMessageBox::Cancel, dialog);
        question->setObjectName(QStringLiteral("forgetQuestion"));
        question->setAttribute(Qt::WA_DeleteOnClose);
        QPushButton* yes = question->addButton(tr("Forget"), QMessageBox::DestructiveRole);
        yes->setToolTip(tr("Outlines, lines and boxes then open as the networks find them"));
        question->button(QMessageBox::Cancel)->setToolTip(tr("Keep them"));
        connect(yes, &QPushButton::clicked, &m_workbench.corrections(), &CorrectionKeeper::forgetAll);
        question->open();
    });
    dialog->open();
}

void MainWindow::showModels(const QString& packId) {
    auto* dialog = new ModelsDialog(m_workbench.settings(), m_workbench.timings(), importWithEngine, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!packId.isEmpty()) dialog->select(packId);
    const ModelChoice before = m_workbench.settings().modelChoice();
    connect(dialog, &QDialog::finished, this, [this, before] {
        if (!(before == m_workbench.settings().modelChoice()) && m_workbench.session().measurement()) {
            m_area->showMessage(tr("Other models were chosen. Analyse the film again to use them."), m_actions["analyze"]);
        }
    });
    dialog->open();
}

void MainWindow::showPriorLab() {
    if (!m_priorLab) {
        m_priorLab = new PriorLab(installedPriorJudges, this);
        connect(m_priorLab, &PriorLab::helpWanted, this, &MainWindow::showHelp);
    }
    showFilmInPriorLab();
    m_priorLab->show();
    m_priorLab->raise();
    m_priorLab->activateWindow();
}

void MainWindow::showFilmInPriorLab() {
    if (!m_priorLab) return;
    const ImagePtr image = m_workbench.session().image();
    m_priorLab->setFilm(image, image ? image->defaultVoi : VoiSetting{}, image ? QString::fromStdString(image->sourceName) : QString());
}

void MainWindow::showAbout() {
    auto* dialog = new AboutDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showHelp(const QString& chapter) {
    if (!m_help) m_help = new HelpWindow(this);
    if (!chapter.isEmpty()) m_help->showChapter(chapter);
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
}

// --- analysis --------------------------------------------------------------------------------------------------------

void MainWindow::analyze() { m_workbench.analyze(); }
void MainWindow::cancelWork() {
    m_workbench.films().stopListing();
    m_workbench.cancelAll();
}
void MainWindow::setAutomatic(bool on) {
    m_workbench.settings().setAutoAnalyze(on);
    if (on && !m_workbench.analysis().isRunning()) m_workbench.filmOnScreen();
}

void MainWindow::showAnalysisError(const QString& message) {
    m_findings->setError(message);
    m_area->showMessage(tr("The film could not be analysed: %1").arg(message), m_actions["analyze"]);
}

// --- what follows from a change --------------------------------------------------------------------------------------

void MainWindow::onFilmChanged() {
    const ImagePtr image = m_workbench.session().image();
    m_hidden.reset();
    m_actions.setChecked("original", false);
    m_fields->setFilm(image);
    m_findings->setFilm(image);
    showFilmInPriorLab();
    m_shownJudgement.reset();
    setHeatmap(false);  // each film starts bare
    m_waitsForPaint = image != nullptr;
    m_isRestoringLook = true;  // setImage() tells of its default window: that is not the user's wish
    m_view->setImage(image, m_workbench.session().pyramid());
    m_isRestoringLook = false;
    setWindowTitle(image ? QStringLiteral("%1 \u2013 Precordia").arg(QString::fromStdString(image->sourceName)) : QStringLiteral("Precordia"));
    if (!image) {
        m_heartSpot->setFilm(nullptr, {});
        return;
    }
    setOverlays(m_workbench.settings().overlaysOnOpen());
    restoreLook();
    showCalibration();
    m_area->showFilm();
    m_windowBar->setVoi(m_view->voi());
    m_fields->setVoi(m_view->voi());
    m_fields->setZoom(m_view->zoom());
    if (!m_view->isVisible()) {
        m_waitsForPaint = false;
        QMetaObject::invokeMethod(this, &MainWindow::onFilmPainted, Qt::QueuedConnection);
    }
}

void MainWindow::onFilmPainted() {
    FilmSession& session = m_workbench.session();
    if (!session.isOpen()) return;
    Q_EMIT filmPainted();
    m_heartSpot->setFilm(session.image(), m_view->voi());
    m_heartSpot->setMeasurement(session.measurement());
    m_workbench.filmOnScreen();
    if (!m_workbench.analysis().isRunning()) Q_EMIT analysisSettled(session.measurement().has_value());
}

void MainWindow::onMeasurementChanged() {
    const FilmSession& session = m_workbench.session();
    const auto chest = session.measurement();
    m_view->setMeasurement(chest, QString::fromStdString(session.model().name));
    m_findings->setAnalysis(chest, session.model(), session.seconds());
    if (m_shownJudgement != session.judgement()) showJudgement();
    showExplained();
    if (!m_waitsForPaint) m_heartSpot->setMeasurement(chest);
    showActionStates();
}

void MainWindow::showJudgement() {
    m_shownJudgement = m_workbench.session().judgement();
    m_findings->setJudgement(m_shownJudgement, m_workbench.settings().findingPreferences());
    showExplained();
}

void MainWindow::rememberLook() {
    if (m_hidden || m_isRestoringLook || !m_view->image() || m_view->presentation()) return;  // a state's look is its own
    const FilmOrientation orientation = m_view->orientation();
    m_workbench.session().setLook({m_view->voi(), m_view->isInverted(), orientation.quarterTurns, orientation.flipHorizontal,
                                   orientation.flipVertical});
}

void MainWindow::restoreLook() {
    m_isRestoringLook = true;
    const FilmLook look = m_workbench.session().look().value_or(FilmLook{m_view->image()->defaultVoi, false, 0, false, false});
    m_view->setVoi(look.voi);
    m_view->setInverted(look.isInverted);
    m_view->setOrientation({look.quarterTurns, look.flipHorizontal, look.flipVertical});
    m_view->zoomToFit();
    m_actions.setChecked("invert", look.isInverted);
    showOrientation();
    m_isRestoringLook = false;
}

void MainWindow::showPresets() {
    const auto& presets = m_workbench.presets();
    for (int i = 0; i < kMaxPresets; ++i) {
        QAction* action = m_actions[QStringLiteral("preset%1").arg(i + 1)];
        const bool exists = i < static_cast<int>(presets.size());
        action->setVisible(exists || i == 0);
        action->setEnabled(exists && presets[static_cast<std::size_t>(i)].setting);
        action->setText(exists ? presets[static_cast<std::size_t>(i)].name : tr("As opened"));
        const QString tip = exists ? presets[static_cast<std::size_t>(i)].explanation : tr("A window for this film");
        action->setToolTip(QStringLiteral("%1 (%2)").arg(tip).arg(i + 1));
    }
}

void MainWindow::showActionStates() {
    const FilmSession& session = m_workbench.session();
    m_actions.setEnabled(ActionNeeds::Films, m_workbench.films().count() > 0);
    m_actions.setEnabled(ActionNeeds::Film, session.isOpen());
    m_actions.setEnabled(ActionNeeds::Prior, session.isOpen() && !m_workbench.priors().empty());
    m_windowBar->setEnabled(session.isOpen());
    m_actions.setEnabled(ActionNeeds::Measurement, session.measurement().has_value());
    m_actions.setEnabled(ActionNeeds::Work, m_workbench.isReading() || m_workbench.analysis().isRunning() || m_workbench.films().isListing());
    m_actions.setEnabled(ActionNeeds::Undo, session.canUndo());
    m_actions.setEnabled(ActionNeeds::Redo, session.canRedo());
    m_actions.setEnabled(ActionNeeds::Recent, !m_workbench.settings().recentFiles().isEmpty());
}

void MainWindow::showFilmMenu(const QPoint& at) {
    auto* menu = new QMenu(this);
    menu->setObjectName("filmMenu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char* id : {"overlays", "heatmap", "original", "invert"}) menu->addAction(m_actions[id]);
    menu->addMenu(m_presetMenu);
    menu->addSeparator();
    for (const char* id : {"zoomFit", "zoomOne", "resetView"}) menu->addAction(m_actions[id]);
    menu->addSeparator();
    for (const char* id : {"toolRuler", "toolCalibrate", "toolEdit", "clearRulers"}) menu->addAction(m_actions[id]);
    menu->addSeparator();
    for (const char* id : {"copy", "export"}) menu->addAction(m_actions[id]);
    menu->popup(m_view->mapToGlobal(at));
}

}  // namespace cxr::ui
