// MainWindow: construction and binding. The commands are in main_window_commands.cpp. See main_window.h.
#include "ui/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDateTime>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QStatusBar>
#include <QTextEdit>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>

#include "core/prior/prior_spec.h"
#include "ui/icons.h"
#include "ui/panels/explanation_panel.h"
#include "ui/panels/film_area.h"
#include "ui/panels/findings_panel.h"
#include "ui/panels/heartspot_panel.h"
#include "ui/panels/status_fields.h"
#include "ui/panels/study_list.h"
#include "ui/panels/window_bar.h"
#include "ui/theme.h"

namespace cxr::ui {

namespace {

constexpr int kListWidthPx = 290;
constexpr int kPanelWidthPx = 380;
constexpr int kFindingsHeightPx = 540;
constexpr int kToolIconPx = 20;
constexpr int kBusyWidthPx = 140;
constexpr QSize kFirstSize(1600, 1000);
constexpr int kStateVersion = 1;

QStringList localFiles(const QMimeData* mime) {
    QStringList files;
    for (const QUrl& url : mime->urls()) {
        if (url.isLocalFile()) files << url.toLocalFile();
    }
    return files;
}

}  // namespace

MainWindow::MainWindow(Settings& settings, WorkbenchCalls calls, QWidget* parent)
    : QMainWindow(parent), m_workbench(settings, std::move(calls)), m_actions(*this), m_view(new FilmView) {
    setObjectName("mainWindow");
    setWindowTitle("Precordia");
    setAcceptDrops(true);
    m_view->setObjectName("filmView");
    m_view->setAccessibleName(tr("Film"));
    m_view->setFocusPolicy(Qt::StrongFocus);
    m_area = new FilmArea(m_view, {m_actions["open"], m_actions["openFolder"], m_actions["openSample"], m_actions["close"]});
    m_list = new StudyList(m_workbench.films(), {m_actions["open"], m_actions["openFolder"], m_actions["closeAll"]}, m_actions["comparePrior"]);
    m_findings = new FindingsPanel;
    m_heartSpot = new HeartSpotPanel(m_workbench.pool());
    m_explanationPanel = new ExplanationPanel(m_workbench.explanations(), m_actions["heatmap"], QList<QAction*>{m_actions["compare"], m_actions["relief"]});
    m_presetMenu = new QMenu(tr("Window &presets"), this);
    setCentralWidget(m_area);
    buildDocks();
    buildMenus();
    buildToolBar();
    buildStatusBar();
    bindWorkbench();
    bindSession();
    bindCorrections();
    bindAnalysis();
    bindView();
    bindPanels();
    bindExplanations();
    bindCompanions();
    restoreWindow();
    showPresets();
    showActionStates();
}

MainWindow::~MainWindow() {
    m_copyJob.cancel();
    m_workbench.cancelAll();
    m_workbench.disconnect(this);
    m_workbench.session().disconnect(this);
    m_workbench.analysis().disconnect(this);
    m_workbench.explanations().disconnect(this);
    m_workbench.films().disconnect(this);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area,
                                 const QString& actionId) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setAccessibleName(title);
    dock->setWidget(content);
    addDockWidget(area, dock);
    QAction* action = m_actions[actionId];
    action->setChecked(true);
    connect(dock->toggleViewAction(), &QAction::toggled, action, &QAction::setChecked);
    return dock;
}

void MainWindow::buildDocks() {
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    auto* films = addDock("dock.films", tr("Films"), m_list, Qt::LeftDockWidgetArea, "list");
    auto* findings = addDock("dock.findings", tr("Findings"), m_findings, Qt::RightDockWidgetArea, "findings");
    auto* heartSpot = addDock("dock.heartspot", tr("HeartSpot"), m_heartSpot, Qt::RightDockWidgetArea, "heartspot");
    auto* explanations = addDock("dock.explanations", tr("Explanations"), m_explanationPanel, Qt::RightDockWidgetArea, "explanations");
    tabifyDockWidget(heartSpot, explanations);
    heartSpot->raise();
    resizeDocks({films, findings, heartSpot}, {kListWidthPx, kPanelWidthPx, kPanelWidthPx}, Qt::Horizontal);
    resizeDocks({findings, heartSpot}, {kFindingsHeightPx, kFirstSize.height() - kFindingsHeightPx}, Qt::Vertical);
}

void MainWindow::buildMenus() {
    const QList<std::pair<ActionMenu, QString>> titles{
        {ActionMenu::File, tr("&File")},   {ActionMenu::Edit, tr("&Edit")},         {ActionMenu::View, tr("&View")},
        {ActionMenu::Film, tr("Fil&m")},   {ActionMenu::Tools, tr("&Tools")},       {ActionMenu::Analysis, tr("&Analysis")},
        {ActionMenu::Help, tr("&Help")}};
    QHash<int, QMenu*> menus;
    for (const auto& [menu, title] : titles) {
        menus[static_cast<int>(menu)] = menuBar()->addMenu(title);
        menus[static_cast<int>(menu)]->setObjectName(QStringLiteral("menu.") + QString(title).remove('&').toLower());
    }
    m_presetMenu->setObjectName("menu.presets");
    m_presetMenu->setIcon(themedIcon("preset"));
    m_presetMenu->setToolTipsVisible(true);
    for (const ActionSpec& spec : actionTable()) {
        const bool isPreset = QString(spec.id).startsWith("preset");
        QMenu* menu = menus[static_cast<int>(spec.menu)];
        if (spec.separatorBefore) menu->addSeparator();
        if (QString(spec.id) == "preset1") menu->addMenu(m_presetMenu);
        (isPreset ? m_presetMenu : menu)->addAction(m_actions[spec.id]);
        if (QString(spec.id) == "openSample") {
            QMenu* recent = menu->addMenu(themedIcon("recent"), tr("&Recent films"));
            recent->setObjectName("menu.recent");
            connect(recent, &QMenu::aboutToShow, this, [this, recent] { buildRecentMenu(*recent); });
        }
    }
}

void MainWindow::buildRecentMenu(QMenu& menu) {
    menu.clear();
    int number = 0;
    for (const QString& path : m_workbench.settings().recentFiles()) {
        const QFileInfo info(path);
        const QString label = QStringLiteral("%1%2   %3").arg(++number < 10 ? QStringLiteral("&%1 ").arg(number) : QString(),
                                                              info.fileName(), info.absolutePath());
        menu.addAction(label, this, [this, path] { openPaths({path}); })->setToolTip(path);
    }
    if (number == 0) menu.addAction(tr("No film was opened yet"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(m_actions["clearRecent"]);
}

void MainWindow::buildToolBar() {
    auto* bar = addToolBar(tr("Tools"));
    bar->setObjectName("toolBar");
    bar->setIconSize(QSize(kToolIconPx, kToolIconPx));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    m_windowBar = new WindowBar(m_presetMenu, bar);
    const QList<QStringList> groups{{"open", "export"},
                                    {"toolWindow", "toolPan", "toolZoom", "toolMagnifier", "toolRuler", "toolEdit"},
                                    {"window"},
                                    {"invert", "flipHorizontal", "flipVertical", "rotateLeft", "rotateRight"},
                                    {"zoomOut", "zoomIn", "zoomFit", "zoomOne"},
                                    {"overlays", "heatmap", "original"},
                                    {"undo", "redo"},
                                    {"analyze", "cancel"},
                                    {"previous", "next"}};
    for (const QStringList& group : groups) {
        if (group != groups.front()) bar->addSeparator();
        for (const QString& id : group) {
            if (id == "window") {
                bar->addWidget(m_windowBar);
                continue;
            }
            bar->addAction(m_actions[id]);
            QWidget* button = bar->widgetForAction(m_actions[id]);
            button->setObjectName("button." + id);
            button->setAccessibleName(QString(m_actions[id]->text()).remove('&'));
            button->setFocusPolicy(Qt::TabFocus);  // tool bars take it away
        }
    }
}

void MainWindow::buildStatusBar() {
    m_busy = new QProgressBar;
    m_busy->setObjectName("busyProgress");
    m_busy->setAccessibleName(tr("Analysis progress"));
    m_busy->setFixedWidth(kBusyWidthPx);
    m_busy->setRange(0, 100);
    m_busy->setFormat(tr("Analysing %p %"));
    m_busy->hide();
    statusBar()->setObjectName("statusBar");
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addPermanentWidget(m_busy);
    m_fields = new StatusFields(statusBar());
}

void MainWindow::bindWorkbench() {
    connect(&m_workbench, &Workbench::currentChanged, this, [this](int row) {
        m_list->setCurrentRow(row);
        if (row < 0) m_area->showWelcome();
        showActionStates();
    });
    connect(&m_workbench, &Workbench::readingStarted, m_area, &FilmArea::showReading);
    connect(&m_workbench, &Workbench::readingStarted, this, &MainWindow::showActionStates);
    connect(&m_workbench, &Workbench::readingProgressed, m_area, &FilmArea::setReadingProgress);
    connect(&m_workbench, &Workbench::readingStopped, this, [this] {
        const int row = m_workbench.currentRow();
        if (row >= 0) m_area->showFailure(m_workbench.films().row(row).title, tr("Reading was stopped."));
        showActionStates();
    });
    connect(&m_workbench, &Workbench::readingFailed, this, [this](const QString& title, const QString& reason) {
        m_area->showFailure(title, reason);
        showActionStates();
        Q_EMIT openFailed(reason);
    });
    connect(&m_workbench, &Workbench::nothingFound, this, [this](const QString& sentence) {
        m_area->showMessage(sentence);
        Q_EMIT openFailed(sentence);
    });
    connect(&m_workbench, &Workbench::presetsChanged, this, &MainWindow::showPresets);
    connect(&m_workbench.films(), &FilmListState::listing, this, [this](bool isBusy) {
        if (isBusy) {
            statusBar()->showMessage(tr("Looking for films\u2026"));
        } else {
            statusBar()->clearMessage();
        }
        showActionStates();
    });
    connect(&m_workbench.films(), &FilmListState::listingProgressed, this, [this](double fraction) {
        statusBar()->showMessage(tr("Looking for films\u2026 %1 %").arg(qRound(fraction * 100)));
    });
    connect(&m_workbench.films(), &FilmListState::treeChanged, this, &MainWindow::showActionStates);
    connect(&m_workbench, &Workbench::priorsChanged, this, [this] {
        const auto& priors = m_workbench.priors();
        m_list->setPrior(priors.empty() ? QString() : priors.front().title);
        showActionStates();
    });
    connect(&m_workbench.settings(), &Settings::themeChanged, this, [this](Theme theme) {
        applyTheme(*qApp, theme);
        m_actions.setChecked("lightTheme", theme == Theme::Light);
    });
    connect(&m_workbench.settings(), &Settings::changed, this, [this] {
        m_actions.setChecked("automatic", m_workbench.settings().autoAnalyze());
        m_actions.setChecked("banner", m_workbench.settings().bannerVisible());
        m_view->setBannerVisible(m_workbench.settings().bannerVisible());
    });
    connect(&m_workbench.settings(), &Settings::recentFilesChanged, this, &MainWindow::showActionStates);
}

void MainWindow::bindSession() {
    FilmSession& session = m_workbench.session();
    connect(&session, &FilmSession::filmChanged, this, &MainWindow::onFilmChanged);
    connect(&session, &FilmSession::filmChanged, this, [this] { m_addedPictures.clear(); });
    connect(&session, &FilmSession::measurementChanged, this, &MainWindow::onMeasurementChanged);
    connect(&session, &FilmSession::historyChanged, this, &MainWindow::showActionStates);
    connect(&session, &FilmSession::measurementPreviewed, this, [this, &session](const ChestMeasurement& chest) {
        m_findings->setAnalysis(chest, session.model(), session.seconds());
    });
}

void MainWindow::bindCorrections() {
    constexpr int kReadingMs = 10'000;
    CorrectionKeeper& corrections = m_workbench.corrections();
    connect(&corrections, &CorrectionKeeper::restored, this, [this](const QString& savedAt) {
        const QDateTime when = QDateTime::fromString(savedAt, Qt::ISODate).toLocalTime();
        statusBar()->showMessage(tr("Your corrections of %1 are back. Undo shows what the networks found.")
                                     .arg(QLocale().toString(when, QLocale::ShortFormat)), kReadingMs);
    });
    connect(&corrections, &CorrectionKeeper::troubled, this,
            [this](const QString& sentence) { statusBar()->showMessage(sentence, kReadingMs); });
}

void MainWindow::bindAnalysis() {
    AnalysisRunner& analysis = m_workbench.analysis();
    const auto setBusy = [this](double fraction) {
        m_findings->setBusy(fraction);
        m_busy->setVisible(fraction >= 0);
        m_busy->setValue(static_cast<int>(fraction * 100));
        showActionStates();
    };
    connect(&analysis, &AnalysisRunner::started, this, [this, setBusy] {
        m_area->showMessage({});
        m_findings->setError({});
        setBusy(0);
    });
    connect(&analysis, &AnalysisRunner::progressed, this, setBusy);
    connect(&analysis, &AnalysisRunner::finished, this, [this, setBusy] {
        setBusy(-1);
        Q_EMIT analysisSettled(true);
    });
    connect(&analysis, &AnalysisRunner::stopped, this, [this, setBusy] {
        setBusy(-1);
        statusBar()->showMessage(tr("The analysis was stopped."), 4000);
        Q_EMIT analysisSettled(false);
    });
    connect(&analysis, &AnalysisRunner::failed, this, [this, setBusy](const QString& message) {
        setBusy(-1);
        showAnalysisError(message);
        Q_EMIT analysisSettled(false);
    });
}

void MainWindow::bindView() {
    m_view->installEventFilter(this);
    qApp->installEventFilter(this);  // Space, wherever the focus is
    connect(m_view, &FilmView::cursorMoved, this, &MainWindow::showCursor);
    connect(m_view, &FilmView::viewChanged, this, [this](double zoom) { m_fields->setZoom(zoom); });
    connect(m_view, &FilmView::voiChanged, this, [this](const VoiSetting& voi) {
        m_windowBar->setVoi(voi);
        m_fields->setVoi(voi);
        if (m_hidden) return;
        if (!m_waitsForPaint) m_heartSpot->setFilm(m_workbench.session().image(), voi);
        rememberLook();
    });
    connect(m_view, &FilmView::measurementEdited, this, [this](const ChestMeasurement& chest, bool isFinal) {
        if (isFinal) {
            m_workbench.session().commitEdit(chest);
        } else {
            m_workbench.session().previewEdit(chest);
        }
    });
    connect(m_view, &FilmView::orientationChanged, this, &MainWindow::showOrientation);
    connect(m_view, &FilmView::filesDropped, this, &MainWindow::openPaths);
    connect(m_view, &FilmView::contextMenuWanted, this, &MainWindow::showFilmMenu);
    connect(m_windowBar, &WindowBar::voiEntered, m_view, &FilmView::setVoi);
    m_view->setBannerVisible(m_workbench.settings().bannerVisible());
    m_view->setTool(FilmTool::WindowLevel);
    m_actions.setChecked("toolWindow", true);
    m_actions.setChecked("overlays", true);
}

void MainWindow::bindPanels() {
    connect(m_list, &StudyList::rowChosen, &m_workbench, &Workbench::select);
    connect(m_list, &StudyList::companionActivated, &m_workbench, &Workbench::companionActivated);
    connect(m_list, &StudyList::removeRequested, &m_workbench, &Workbench::closePaths);
    connect(m_list, &StudyList::removeAllRequested, &m_workbench, &Workbench::closeAll);
    connect(m_area, &FilmArea::cancelRequested, this, &MainWindow::cancelWork);
    connect(m_area, &FilmArea::retryRequested, &m_workbench, &Workbench::reload);
    connect(m_findings, &FindingsPanel::analyzeRequested, this, &MainWindow::analyze);
    connect(m_findings, &FindingsPanel::cancelRequested, this, &MainWindow::cancelWork);
    connect(m_findings, &FindingsPanel::editToggled, this,
            [this](bool on) { setTool(on ? FilmTool::EditOutlines : FilmTool::WindowLevel); });
    connect(m_findings, &FindingsPanel::modelCardRequested, this, &MainWindow::showModels);
    connect(m_findings, &FindingsPanel::preferencesChanged, this, [this](const FindingPreferences& preferences) {
        m_workbench.settings().setFindingPreferences(preferences);
        showJudgement();
    });
    m_heartSpot->linkView(m_view);
    if (const auto spec = priorFromJson(m_workbench.settings().heartSpotJson().toStdString())) {
        m_heartSpot->setSpec(spec.value());
    }
    m_actions.setChecked("automatic", m_workbench.settings().autoAnalyze());
    m_actions.setChecked("banner", m_workbench.settings().bannerVisible());
    m_actions.setChecked("lightTheme", m_workbench.settings().theme() == Theme::Light);
}

void MainWindow::restoreWindow() {
    resize(kFirstSize);
    restoreGeometry(m_workbench.settings().windowGeometry());
    restoreState(m_workbench.settings().windowState(), kStateVersion);
    for (const auto& [dock, id] : {std::pair{"dock.films", "list"}, {"dock.findings", "findings"}, {"dock.heartspot", "heartspot"},
                                   {"dock.explanations", "explanations"}}) {
        m_actions.setChecked(id, !findChild<QDockWidget*>(dock)->isHidden());
    }
    m_actions.setChecked("fullScreen", isFullScreen());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_workbench.settings().setWindow(saveGeometry(), saveState(kStateVersion));
    m_workbench.settings().setHeartSpotJson(QString::fromStdString(m_heartSpot->spec().toJson()));
    m_workbench.settings().setExplanationPreferences(m_explanationPanel->preferences());
    m_workbench.cancelAll();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    openPaths(localFiles(event->mimeData()));
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && !isActiveWindow() && m_isSpaceDown) {
        m_isSpaceDown = false;
        setOriginal(false);
    }
    if (event->type() == QEvent::WindowStateChange) m_actions.setChecked("fullScreen", isFullScreen());
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_view) return filterControl(watched, event) || QMainWindow::eventFilter(watched, event);
    if (event->type() == QEvent::Paint && m_waitsForPaint) {
        m_waitsForPaint = false;
        QMetaObject::invokeMethod(this, &MainWindow::onFilmPainted, Qt::QueuedConnection);  // after this paint
    }
    return handleSpace(event);
}

// Other widgets of this window: Space is the film's there, too, but for texts and for controls that the keyboard reached.
bool MainWindow::filterControl(QObject* watched, QEvent* event) {
    const bool isFocus = event->type() == QEvent::FocusIn;
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease;
    if (!isFocus && !isKey) return false;
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || widget->window() != this) return false;
    if (isFocus) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason) {
            m_isFocusByKey = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason;
        }
        return false;
    }
    if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Space || static_cast<QKeyEvent*>(event)->modifiers() != Qt::NoModifier) return false;
    if (!keepsSpace(*widget)) return handleSpace(event);
    if (event->type() != QEvent::ShortcutOverride) return false;
    event->accept();  // no shortcut: the key comes to the control
    return true;
}

bool MainWindow::keepsSpace(const QWidget& widget) const {
    const auto* list = qobject_cast<const QComboBox*>(&widget);
    if (qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QTextEdit*>(&widget) || qobject_cast<const QPlainTextEdit*>(&widget)) return true;
    const bool isControl = list || qobject_cast<const QAbstractButton*>(&widget) || qobject_cast<const QAbstractItemView*>(&widget);
    return isControl && m_isFocusByKey;
}

// The key shows the original while it is down: press and release are taken before the shortcut sees them.
bool MainWindow::handleSpace(QEvent* event) {
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress ||
                       event->type() == QEvent::KeyRelease;
    if (event->type() == QEvent::FocusOut && m_hidden) setOriginal(false);
    if (!isKey || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Space) return false;
    event->accept();
    if (event->type() != QEvent::ShortcutOverride && !static_cast<QKeyEvent*>(event)->isAutoRepeat()) {
        m_isSpaceDown = event->type() == QEvent::KeyPress;
        setOriginal(m_isSpaceDown);
    }
    return true;
}

}  // namespace cxr::ui
