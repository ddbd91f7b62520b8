// CompareWindow: see compare_window.h.
#include "ui/compare/compare_window.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/image/pixel_chain.h"
#include "core/localize/map_geometry.h"
#include "core/report/report.h"
#include "ui/compare/curtain.h"
#include "ui/icons.h"
#include "ui/panels/explanation_panel.h"
#include "ui/viewport/film_view.h"

namespace cxr::ui {

namespace {

constexpr QSize kFirstSize(1280, 820);

struct LayoutFacts {
    CompareWindow::Layout layout;
    const char* name;
    int rows, columns;
};
constexpr LayoutFacts kLayouts[] = {{CompareWindow::Layout::OneByTwo, "1 x 2", 1, 2},
                                    {CompareWindow::Layout::TwoByTwo, "2 x 2", 2, 2},
                                    {CompareWindow::Layout::TwoByThree, "2 x 3", 2, 3},
                                    {CompareWindow::Layout::Curtain, "Curtain", 1, 2}};
const LayoutFacts& factsOf(CompareWindow::Layout layout) { return kLayouts[static_cast<int>(layout)]; }

QString numberText(double value) { return QString::number(value, 'g', 3); }

}  // namespace

CompareWindow::CompareWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent)
    : FilmWindow(workbench, panel, parent) {
    setObjectName(QStringLiteral("compareWindow"));
    setWindowTitle(tr("Compare \u2013 Precordia"));
    m_pool.setMaxThreadCount(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(8);
    buildBar();
    buildTiles();
    connect(&m_links, &ViewLinks::cursorMoved, this, &CompareWindow::onCursor);
    connect(&workbench.session(), &FilmSession::calibrationChanged, this, [this] {
        for (CompareTile* tile : m_tiles) tile->setSpacingOf(m_workbench.session().calibratedImage());
    });
    resize(kFirstSize);
    arrange();
}

CompareWindow::~CompareWindow() {
    m_links.setViews({});
    qDeleteAll(m_tiles);  // before the pool that their jobs run in
    m_tiles.clear();
    m_pool.waitForDone();
}

void CompareWindow::buildBar() {
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    auto* label = new QLabel(tr("&Layout"), this);
    m_layouts = new QComboBox(this);
    m_layouts->setObjectName(QStringLiteral("compareLayout"));
    m_layouts->setAccessibleName(tr("Layout of the pictures"));
    m_layouts->setToolTip(tr("How many pictures stand side by side; the curtain lays two over each other"));
    for (const LayoutFacts& facts : kLayouts) m_layouts->addItem(tr(facts.name));
    label->setBuddy(m_layouts);
    m_lock = new QCheckBox(tr("One scale for all maps"), this);
    m_lock->setObjectName(QStringLiteral("compareLock"));
    m_lock->setAccessibleName(m_lock->text());
    m_lock->setToolTip(tr("The same colour means the same value in all maps of one unit; the legends name it"));
    m_lock->setChecked(true);
    auto* fit = new QToolButton(this);
    fit->setObjectName(QStringLiteral("compareFit"));
    fit->setIcon(themedIcon(QStringLiteral("zoom-fit")));
    fit->setText(tr("Fit"));
    fit->setAccessibleName(tr("Show the whole film in all pictures"));
    fit->setToolTip(tr("Show the whole film in all pictures (a double click does it too)"));
    fit->setFocusPolicy(Qt::StrongFocus);
    m_cursor = new QLabel(this);
    m_cursor->setObjectName(QStringLiteral("compareCursor"));
    auto* notice = new QLabel(QString::fromLatin1(kNotDiagnostic), this);
    for (QWidget* part : std::initializer_list<QWidget*>{label, m_layouts, m_lock, fit}) row->addWidget(part);
    row->addWidget(m_cursor, 1);
    row->addWidget(notice);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_layouts, &QComboBox::currentIndexChanged, this, [this](int index) { setLayoutKind(static_cast<Layout>(index)); });
    connect(m_lock, &QCheckBox::toggled, this, &CompareWindow::onMaps);
    connect(fit, &QToolButton::clicked, &m_links, &ViewLinks::fit);
}

void CompareWindow::buildTiles() {
    m_gridPage = new QWidget(this);
    m_grid = new QGridLayout(m_gridPage);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
    m_curtain = new Curtain(this);
    const auto read = [limits = m_workbench.settings().readLimits()](const QString& path, const RunContext& context) {
        return readFilm(path, limits, context);
    };
    for (int number = 1; number <= kMostTiles; ++number) {
        auto* tile = new CompareTile(number, m_workbench.explanations(), read, m_pool, m_gridPage);
        m_tiles.push_back(tile);
        connect(tile, &CompareTile::mapChanged, this, &CompareWindow::onMaps);
        connect(tile, &CompareTile::choiceChanged, this, &CompareWindow::onMaps);
        connect(tile, &CompareTile::placeChanged, this, &CompareWindow::link);
    }
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addWidget(m_gridPage, 1);
    column->addWidget(m_curtain, 8);
}

int CompareWindow::shownTiles() const { return factsOf(m_layout).rows * factsOf(m_layout).columns; }

void CompareWindow::setLayoutKind(Layout layout) {
    if (layout == m_layout) return;
    m_layout = layout;
    m_layouts->setCurrentIndex(static_cast<int>(layout));
    arrange();
    onMaps();
}

// In the curtain layout the heads of the first two tiles stay in the grid, their views lie in the curtain.
void CompareWindow::arrange() {
    const LayoutFacts& facts = factsOf(m_layout);
    const bool isCurtain = m_layout == Layout::Curtain;
    m_curtain->setViews(nullptr, nullptr);  // first: a curtain that is resized cuts its views anew
    for (CompareTile* tile : m_tiles) {
        tile->takeViewBack();
        m_grid->removeWidget(tile);
        tile->setVisible(false);
    }
    for (int i = 0; i < shownTiles(); ++i) {
        m_grid->addWidget(m_tiles[static_cast<std::size_t>(i)], i / facts.columns, i % facts.columns);
        m_tiles[static_cast<std::size_t>(i)]->setVisible(true);
    }
    if (isCurtain) m_curtain->setViews(&tile(1).view(), &tile(2).view());
    m_curtain->setVisible(isCurtain);
    m_gridPage->setMaximumHeight(isCurtain ? m_tiles.front()->sizeHint().height() : QWIDGETSIZE_MAX);  // heads only
    link();
}

void CompareWindow::link() {
    std::vector<LinkedView> views;
    for (int i = 0; i < shownTiles(); ++i) {
        CompareTile& one = *m_tiles[static_cast<std::size_t>(i)];
        const bool isReference = one.view().image() && one.view().image() == m_workbench.session().calibratedImage();
        views.push_back({&one.view(), one.placeScale(), one.placeOffset(), isReference});
    }
    m_links.setViews(std::move(views));
}

void CompareWindow::setLook(const MapLook& look) {
    for (CompareTile* tile : m_tiles) tile->setLook(look);
}

void CompareWindow::load() {
    const FilmSession& session = m_workbench.session();
    const CompareFilm film{session.calibratedImage(), session.pyramid(), voi(), session.measurement(), titleOf(session.path())};
    std::vector<OtherFilm> others;
    for (int row = 0; row < m_workbench.films().count(); ++row) {
        const auto& listed = m_workbench.films().row(row);
        if (listed.path != session.path()) others.push_back({listed.path, QStringList{titleOf(listed.path), listed.title}.filter(QRegularExpression(".")).join(QStringLiteral(" \u00b7 "))});
    }
    const bool isOtherFilm = session.path() != m_path;
    m_path = session.path();
    for (CompareTile* tile : m_tiles) {
        tile->setLook(m_panel.look());
        tile->setFilm(film, others);
    }
    if (session.isOpen()) replacePrior();
    firstChoices();
    link();
    if (isOtherFilm) m_links.fit();
}

// A film with a header by its date and view, which say more than a file's name.
QString CompareWindow::titleOf(const QString& path) const {
    const StudyObject* object = m_workbench.films().objectOf(path);
    const QString date = object ? QString::fromStdString(dateOf(*object)) : QString();
    return date.isEmpty() ? date : QStringLiteral("%1 %2").arg(date, object->view == ViewPosition::Unknown ? tr("view unknown") : QString(toString(object->view)));
}

// No prior of one patient stays beside the film of another.
void CompareWindow::replacePrior() {
    if (m_prior.isEmpty() || tile(1).choice() != TileChoice{TileChoice::Kind::OtherFilm, m_prior, {}}) return m_prior.clear();
    const auto& priors = m_workbench.priors();
    m_prior = priors.empty() ? QString() : priors.front().path;
    tile(1).setChoice(m_prior.isEmpty() ? TileChoice{} : TileChoice{TileChoice::Kind::OtherFilm, m_prior, {}});
}

void CompareWindow::comparePrior() {
    m_hasChoices = true;
    m_prior = m_workbench.priors().front().path;
    setLayoutKind(Layout::OneByTwo);
    tile(1).setChoice({TileChoice::Kind::OtherFilm, m_prior, {}});
    tile(2).setChoice({TileChoice::Kind::Film, {}, {}});
    link();
    m_links.fit();
}

// At first: the film and the map of the panel.
void CompareWindow::firstChoices() {
    const auto wish = m_panel.currentWish();
    if (m_hasChoices || !wish) return;
    m_hasChoices = true;
    tile(2).setChoice({TileChoice::Kind::Map, QString::fromStdString(wish->output), QString::fromStdString(wish->packId), wish->options.method});
    tile(3).setChoice({TileChoice::Kind::Prior, QStringLiteral("rhline+heart"), {}});
    const auto& targets = m_workbench.explanations().targets();
    for (const ExplainTarget& target : targets) {
        if (target.role != ModelRole::Diseases || target.finding.name != wish->output) continue;
        tile(4).setChoice({TileChoice::Kind::Map, QString::fromStdString(target.finding.name), QString::fromStdString(target.model.id),
                           m_workbench.explanations().defaultMethod(target.model.id, target.finding.name)});
    }
}

std::optional<MapScale> CompareWindow::commonScale(int number) const {
    const HeatmapPtr own = m_tiles[static_cast<std::size_t>(number - 1)]->map();
    std::vector<HeatmapPtr> maps;
    for (int i = 0; i < shownTiles(); ++i) {
        const CompareTile& one = *m_tiles[static_cast<std::size_t>(i)];
        if (one.choice().kind == TileChoice::Kind::Map) maps.push_back(one.map());
    }
    if (!m_lock->isChecked() || !own) return {};
    return commonScaleOf(*own, maps, m_panel.look().style.colours == ColourMap::Diverging);
}

void CompareWindow::onMaps() {
    const auto mapOf = [this](int number) { return tile(number).choice().kind == TileChoice::Kind::Map ? tile(number).map() : nullptr; };
    for (int number = 1; number <= kMostTiles; ++number) {
        CompareTile* one = &tile(number);
        one->setLocked(commonScale(number));
        one->setDifference(mapOf(1), mapOf(2), 1, 2);
    }
}

void CompareWindow::onCursor(bool inside, PointPx reference) {
    const ImagePtr image = m_workbench.session().image();
    const int column = static_cast<int>(reference.x);
    const int row = static_cast<int>(reference.y);
    if (!inside || !image || reference.x < 0 || reference.y < 0 || column >= image->width() || row >= image->height()) return m_cursor->clear();
    QStringList parts{tr("x %1  y %2").arg(column).arg(row), tr("film %1").arg(numberText(modalityValue(*image, image->samples.at<std::uint16_t>(row, column))))};
    for (int i = 0; i < shownTiles(); ++i) {
        const HeatmapPtr map = m_tiles[static_cast<std::size_t>(i)]->map();
        const auto value = map ? valueAt(*map, reference) : std::nullopt;
        if (value) parts << tr("picture %1: %2").arg(i + 1).arg(numberText(*value));
    }
    m_cursor->setText(parts.join(QStringLiteral("   ")));
}

}  // namespace cxr::ui
