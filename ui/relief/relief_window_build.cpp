// ReliefWindow: its controls, and what they are bound to. See relief_window.h.
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/report/report.h"
#include "ui/icons.h"
#include "ui/panels/explanation_panel.h"
#include "ui/relief/relief_window.h"

namespace cxr::ui {

namespace {

constexpr QSize kFirstSize(1240, 940);
constexpr int kSettleMs = 220;
constexpr int kLowestPercent = 20, kHighestPercent = 300;
const char* const kLayoutNames[] = {"1", "1 x 2", "1 x 3", "2 x 2"};

QToolButton* makeButton(QWidget* parent, const QString& name, const QString& text, const QString& toolTip, const QString& icon = {}) {
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    button->setFocusPolicy(Qt::StrongFocus);
    if (!icon.isEmpty()) button->setIcon(themedIcon(icon));
    return button;
}

}  // namespace

ReliefWindow::ReliefWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent)
    : FilmWindow(workbench, panel, parent) {
    setObjectName(QStringLiteral("reliefWindow"));
    setWindowTitle(tr("Relief \u2013 Precordia"));
    m_pool.setMaxThreadCount(1);
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(8);
    buildBar();
    buildTiles();
    bind();
    resize(kFirstSize);
    arrange();
    showStates();
}

ReliefWindow::~ReliefWindow() {
    m_filmJob.cancel();
    m_pictureJob.cancel();
    qDeleteAll(m_tiles);  // before the pool that their jobs run in
    m_tiles.clear();
    m_pool.waitForDone();
}

void ReliefWindow::buildBar() {
    auto* label = new QLabel(tr("&Layout"), this);
    m_layouts = new QComboBox(this);
    m_layouts->setObjectName(QStringLiteral("reliefLayout"));
    m_layouts->setAccessibleName(tr("Layout of the landscapes"));
    m_layouts->setToolTip(tr("How many landscapes stand side by side"));
    for (const char* name : kLayoutNames) m_layouts->addItem(tr(name));
    m_layouts->setCurrentIndex(static_cast<int>(m_layout));
    label->setBuddy(m_layouts);
    m_lock = new QCheckBox(tr("&One scale for all maps"), this);
    m_lock->setObjectName(QStringLiteral("reliefLock"));
    m_lock->setAccessibleName(tr("One scale for all maps"));
    m_lock->setToolTip(tr("The same height means the same value in all maps of one unit; the legends name it"));
    m_lock->setChecked(true);
    auto* heightLabel = new QLabel(tr("&Height"), this);
    m_height = new QSlider(Qt::Horizontal, this);
    m_height->setObjectName(QStringLiteral("reliefHeight"));
    m_height->setAccessibleName(tr("Height of all landscapes in percent"));
    m_height->setToolTip(tr("How high all landscapes are drawn; the poles grow with them, the values stay"));
    m_height->setRange(kLowestPercent, kHighestPercent);
    m_height->setValue(100);
    m_height->setFixedWidth(110);
    heightLabel->setBuddy(m_height);
    auto* reset = makeButton(this, QStringLiteral("reliefReset"), tr("Reset view"), tr("Turn, zoom, pan and height as at first (a double click does it too)"), QStringLiteral("zoom-fit"));
    m_stop = makeButton(this, QStringLiteral("reliefStop"), tr("Stop"), tr("Stop computing the maps on screen, or go on with those that were stopped"));
    m_add = makeButton(this, QStringLiteral("reliefAdd"), tr("&Add to report"), tr("Put the landscapes as they stand into the report of this film; Export writes it"));
    m_save = makeButton(this, QStringLiteral("reliefSave"), tr("&Save picture\u2026"), tr("Save the landscapes as they stand as PNG, with legends, models and notice"));
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    for (QWidget* part : std::initializer_list<QWidget*>{label, m_layouts, m_lock, heightLabel, m_height, reset, m_stop}) row->addWidget(part);
    row->addStretch(1);
    row->addWidget(m_add);
    row->addWidget(m_save);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(reset, &QToolButton::clicked, this, &ReliefWindow::resetCamera);
}

void ReliefWindow::buildTiles() {
    m_grid = new QGridLayout;
    m_grid->setSpacing(8);
    for (int number = 1; number <= kMostTiles; ++number) {
        auto* tile = new ReliefTile(number, m_workbench.explanations(), m_pool, this);
        m_tiles.push_back(tile);
        tile->canvas().installEventFilter(this);
        connect(tile, &ReliefTile::mapChanged, this, &ReliefWindow::onMaps);
        connect(tile, &ReliefTile::waitingChanged, this, &ReliefWindow::showStates);
        connect(tile, &ReliefTile::landscapeChanged, this, [this] {
            showStates();
            draw(false);
        });
        ReliefCanvas* canvas = &tile->canvas();
        connect(canvas, &ReliefCanvas::cameraWanted, this, &ReliefWindow::setCamera);
        connect(canvas, &ReliefCanvas::resetWanted, this, &ReliefWindow::resetCamera);
        connect(canvas, &ReliefCanvas::pointedAt, this, &ReliefWindow::onPointed);
        connect(canvas, &ReliefCanvas::marked, this, &ReliefWindow::setMark);
    }
    m_pointed = new QLabel(this);
    m_pointed->setObjectName(QStringLiteral("reliefPointed"));
    m_status = new QLabel(this);
    m_status->setObjectName(QStringLiteral("reliefStatus"));
    auto* foot = new QHBoxLayout;
    foot->setSpacing(16);
    foot->addWidget(m_pointed, 1);
    foot->addWidget(m_status);
    foot->addWidget(new QLabel(QString::fromLatin1(kNotDiagnostic), this));
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addLayout(m_grid, 1);
    column->addLayout(foot);
}

void ReliefWindow::bind() {
    connect(m_layouts, &QComboBox::currentIndexChanged, this, [this](int index) { setLayoutKind(static_cast<Layout>(index)); });
    connect(m_lock, &QCheckBox::toggled, this, &ReliefWindow::onMaps);
    connect(m_height, &QSlider::valueChanged, this, [this](int percent) {
        ReliefCamera camera = m_camera;
        camera.height = percent / 100.0;
        setCamera(camera, true);
    });
    connect(m_stop, &QToolButton::clicked, this, &ReliefWindow::stopOrGoOn);
    connect(m_save, &QToolButton::clicked, this, &ReliefWindow::askForFile);
    connect(m_add, &QToolButton::clicked, this, [this] {
        makePicture([this, given = sheet()](const QImage& picture) {
            Q_EMIT pictureAdded(reportPictureOf(given, picture));
            tell(tr("Added to the report of this film; Export (Ctrl+E) writes it."));
        });
    });
    connect(&m_settle, &QTimer::timeout, this, [this] { draw(false); });
    connect(&m_frames, &ReliefFrames::drawn, this, &ReliefWindow::onDrawn);
    connect(&m_frames, &ReliefFrames::failed, this, &ReliefWindow::showProblem);
}

}  // namespace cxr::ui
