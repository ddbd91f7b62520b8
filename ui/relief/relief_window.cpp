// ReliefWindow: what it does; its controls are in relief_window_build.cpp. See relief_window.h.
#include "ui/relief/relief_window.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <algorithm>

#include "core/base/atomic_file.h"
#include "core/localize/map_geometry.h"
#include "ui/panels/explanation_panel.h"
#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace {

constexpr double kMovingShare = 0.6;     // of the pixels in each direction while something moves
constexpr int kPictureTilePx = 1100;     // width of one landscape in a saved picture

struct LayoutFacts {
    int rows, columns;
};
constexpr LayoutFacts kLayouts[] = {{1, 1}, {1, 2}, {1, 3}, {2, 2}};
const LayoutFacts& factsOf(ReliefWindow::Layout layout) { return kLayouts[static_cast<int>(layout)]; }

}  // namespace

int ReliefWindow::shownTiles() const { return factsOf(m_layout).rows * factsOf(m_layout).columns; }

void ReliefWindow::setLayoutKind(Layout layout) {
    if (layout == m_layout) return;
    m_layout = layout;
    m_layouts->setCurrentIndex(static_cast<int>(layout));
    arrange();
    onMaps();
}

void ReliefWindow::arrange() {
    const LayoutFacts& facts = factsOf(m_layout);
    for (ReliefTile* tile : m_tiles) {
        m_grid->removeWidget(tile);
        tile->setVisible(false);
    }
    for (int i = 0; i < shownTiles(); ++i) {
        m_grid->addWidget(m_tiles[static_cast<std::size_t>(i)], i / facts.columns, i % facts.columns);
        m_tiles[static_cast<std::size_t>(i)]->setVisible(true);
    }
}

void ReliefWindow::setLook(const MapLook& look) {
    for (ReliefTile* tile : m_tiles) tile->setLook(look);
}

void ReliefWindow::load() {
    const FilmSession& session = m_workbench.session();
    m_film = nullptr;
    m_filmJob.cancel();
    m_pictureJob.cancel();
    if (m_mark) setMark(std::nullopt);
    for (ReliefTile* tile : m_tiles) tile->setFilm(session.image(), m_panel.look());
    firstChoices();
    showStates();
    if (!session.image()) return tell(tr("Open a film first."));
    tell(m_workbench.explanations().targets().empty() ? tr("Analyse the film (F5) to choose heatmaps.") : QString());
    m_filmJob = startJob<ReliefFilmPtr>(
        m_pool, this, [image = session.image(), voi = voi(), chest = session.measurement()](const RunContext& context) { return reliefFilm(image, voi, chest, context); }, nullptr,
        [this](Result<ReliefFilmPtr> result) {
            if (!result) return tell(QString::fromStdString(result.error().message));
            m_film = result.value();
            onMaps();
        });
}

// At first: the map of the panel, the same finding by other networks, then the most probable ones.
void ReliefWindow::firstChoices() {
    const auto wish = m_panel.currentWish();
    if (m_hasChoices || !wish) return;
    m_hasChoices = true;
    std::vector<TileChoice> choices{{TileChoice::Kind::Map, QString::fromStdString(wish->output), QString::fromStdString(wish->packId), wish->options.method}};
    const auto add = [&](const ExplainTarget& target) {
        TileChoice choice{TileChoice::Kind::Map, QString::fromStdString(target.finding.name), QString::fromStdString(target.model.id), wish->options.method};
        const auto isSame = [&](const TileChoice& one) { return one.name == choice.name && one.pack == choice.pack; };
        if (std::none_of(choices.begin(), choices.end(), isSame)) choices.push_back(choice);
    };
    const auto& targets = m_workbench.explanations().targets();
    for (const ExplainTarget& target : targets)
        if (target.finding.name == wish->output) add(target);
    std::vector<ExplainTarget> rest;
    std::copy_if(targets.begin(), targets.end(), std::back_inserter(rest), [](const ExplainTarget& target) { return target.cam >= 0; });  // their maps are there
    std::stable_sort(rest.begin(), rest.end(), [](const ExplainTarget& a, const ExplainTarget& b) { return a.finding.probability > b.finding.probability; });
    for (const ExplainTarget& target : rest) add(target);
    for (std::size_t i = 0; i < choices.size() && i < m_tiles.size(); ++i) m_tiles[i]->setChoice(choices[i]);
}

std::optional<MapScale> ReliefWindow::commonScale(int number) const {
    const HeatmapPtr own = m_tiles[static_cast<std::size_t>(number - 1)]->map();
    std::vector<HeatmapPtr> maps;
    for (int i = 0; i < shownTiles(); ++i) maps.push_back(m_tiles[static_cast<std::size_t>(i)]->map());
    if (!m_lock->isChecked() || !own) return {};
    return commonScaleOf(*own, maps, m_panel.look().style.colours == ColourMap::Diverging);
}

void ReliefWindow::onMaps() {
    if (!m_film) return;
    for (int number = 1; number <= shownTiles(); ++number) tile(number).present(m_film, commonScale(number));
    showStates();
}

void ReliefWindow::setCamera(const ReliefCamera& camera, bool isMoving) {
    m_camera = camera;
    for (ReliefTile* tile : m_tiles) tile->canvas().setCamera(camera);
    draw(isMoving);
}

void ReliefWindow::resetCamera() {
    m_height->setValue(100);
    setCamera({});
}

// While something moves, coarse pictures; a fine one as soon as it stands.
void ReliefWindow::draw(bool isMoving) {
    if (!isVisible()) return;
    if (!m_frames.problem().isEmpty()) return showProblem();
    isMoving ? m_settle.start() : m_settle.stop();
    ReliefFrames::Wish wish{{}, {}, m_camera, isMoving};
    for (int i = 0; i < shownTiles(); ++i) {
        ReliefTile& one = *m_tiles[static_cast<std::size_t>(i)];
        const double share = isMoving ? kMovingShare : 1;
        wish.landscapes.push_back(one.landscape());
        wish.sizes.push_back((QSizeF(one.canvas().size()) * devicePixelRatioF() * share).toSize());
    }
    m_frames.want(std::move(wish));
}

// Instead of landscapes, on a machine that cannot draw them.
void ReliefWindow::showProblem() {
    for (ReliefTile* tile : m_tiles) tile->canvas().setMessage(m_frames.problem());
    showStates();
}

void ReliefWindow::onDrawn(const std::vector<QImage>& frames, const ReliefFrames::Wish& wish, double seconds) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const bool isStillWanted = m_tiles[i]->landscape() == wish.landscapes[i];
        if (isStillWanted && !frames[i].isNull()) m_tiles[i]->canvas().setFrame(frames[i], wish.camera);
    }
    Q_EMIT frameDrawn(seconds, wish.isMoving);
}

void ReliefWindow::onPointed(std::optional<PointPx> film) {
    if (!film) film = m_mark;
    if (!film) return m_pointed->clear();
    QStringList parts{tr("x %1  y %2").arg(static_cast<int>(film->x)).arg(static_cast<int>(film->y))};
    for (int i = 0; i < shownTiles(); ++i) {
        const LandscapePtr& landscape = m_tiles[static_cast<std::size_t>(i)]->landscape();
        const HeatmapPtr map = landscape && landscape->shown ? landscape->shown->map : nullptr;
        const auto value = map ? valueAt(*map, *film) : std::nullopt;
        if (value) parts << tr("%1: %2 %3").arg(i + 1).arg(QString::fromStdString(legendText(*value)), QString::fromStdString(unitOf(map->method)));
    }
    const QString anatomy = m_film ? anatomyAt(m_film->chest, *film) : QString();
    if (!anatomy.isEmpty()) parts << anatomy;
    m_pointed->setText(parts.join(QStringLiteral("   ")));
}

void ReliefWindow::setMark(const std::optional<PointPx>& mark) {
    m_mark = mark;
    for (ReliefTile* tile : m_tiles) tile->canvas().setMark(mark);
    onPointed(mark);
}

void ReliefWindow::showStates() {
    bool isWaiting = false, isStopped = false, isShown = false;
    for (int i = 0; i < shownTiles(); ++i) {
        const ReliefTile& one = *m_tiles[static_cast<std::size_t>(i)];
        isWaiting = isWaiting || one.isWaiting();
        isStopped = isStopped || one.isStopped();
        isShown = isShown || (one.landscape() && one.landscape()->shown);
    }
    m_stop->setText(isWaiting || !isStopped ? tr("Stop") : tr("Go on"));
    m_stop->setEnabled(isWaiting || isStopped);
    for (QToolButton* button : {m_add, m_save}) button->setEnabled(isShown && m_frames.problem().isEmpty());
}

void ReliefWindow::stopOrGoOn() {
    const auto shown = static_cast<std::size_t>(shownTiles());
    const bool stops = std::any_of(m_tiles.begin(), m_tiles.begin() + static_cast<std::ptrdiff_t>(shown), [](const ReliefTile* one) { return one->isWaiting(); });
    for (std::size_t i = 0; i < shown; ++i) {
        if (stops) {
            m_tiles[i]->stop();
        } else if (m_tiles[i]->isStopped()) {
            m_tiles[i]->load();
        }
    }
}

// As the window has it, larger.
ReliefSheet ReliefWindow::sheet() const {
    ReliefSheet sheet{{}, factsOf(m_layout).columns, {}, m_camera, m_mark};
    for (int i = 0; i < shownTiles(); ++i) sheet.landscapes.push_back(m_tiles[static_cast<std::size_t>(i)]->landscape());
    const QSize canvas = m_tiles.front()->canvas().size();
    sheet.tile = {kPictureTilePx, kPictureTilePx * std::max(1, canvas.height()) / std::max(1, canvas.width())};
    return sheet;
}

void ReliefWindow::makePicture(std::function<void(const QImage&)> use) {
    tell(tr("Drawing the picture\u2026"));
    m_pictureJob = m_frames.makePicture(this, sheet(), [this, use = std::move(use)](Result<QImage> picture) {
        if (!picture) return tell(QString::fromStdString(picture.error().message));
        use(picture.value());
    });
}

void ReliefWindow::savePicture(const QString& file) {
    makePicture([this, file](const QImage& picture) {
        const std::vector<std::byte> png = toPng(picture);
        const auto written = writeFileAtomically(std::filesystem::path(file.toStdString()), std::span<const std::byte>(png));
        tell(written ? tr("Saved: %1").arg(file) : QString::fromStdString(written.error().message));
        if (written) Q_EMIT saved(file);
    });
}

void ReliefWindow::askForFile() {
    auto* dialog = new QFileDialog(this, tr("Save the landscapes"), QStringLiteral("relief.png"), tr("Pictures (*.png)"));
    dialog->setObjectName(QStringLiteral("reliefFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, this, &ReliefWindow::savePicture);
    dialog->open();
}

void ReliefWindow::tell(const QString& sentence) { m_status->setText(sentence); }

bool ReliefWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) draw(true);
    return QWidget::eventFilter(watched, event);
}

}  // namespace cxr::ui
