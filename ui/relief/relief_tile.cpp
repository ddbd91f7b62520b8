// ReliefTile: see relief_tile.h.
#include "ui/relief/relief_tile.h"

#include <QVBoxLayout>

namespace cxr::ui {

namespace {

bool isSame(const std::optional<MapScale>& a, const std::optional<MapScale>& b) {
    return a.has_value() == b.has_value() && (!a || (a->low == b->low && a->high == b->high && a->unit == b->unit));
}

}  // namespace

ReliefTile::ReliefTile(int number, Explanations& explanations, QThreadPool& pool, QWidget* parent) : QWidget(parent), m_pool(pool) {
    setObjectName(QStringLiteral("reliefTile%1").arg(number));
    m_head = new TileHead(number, QStringLiteral("relief"), TileHead::Offer::MapsOnly, explanations, this);
    m_map = new TileMap(explanations, pool, this);
    m_canvas = new ReliefCanvas(number, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_head);
    column->addWidget(m_canvas, 1);
    connect(m_head, &TileHead::chosen, this, &ReliefTile::load);
    connect(m_head, &TileHead::methodReplaced, this, &ReliefTile::load);
    connect(m_map, &TileMap::said, m_canvas, &ReliefCanvas::setMessage);
    connect(m_map, &TileMap::waitingChanged, this, &ReliefTile::waitingChanged);
    connect(m_map, &TileMap::changed, this, [this] {
        m_isBuilt = false;
        Q_EMIT mapChanged();  // the window answers with present()
    });
}

ReliefTile::~ReliefTile() { m_job.cancel(); }

void ReliefTile::setFilm(const ImagePtr& image, const MapLook& look) {
    m_image = image;
    m_look = look;
    m_film = nullptr;
    m_isBuilt = false;
    m_job.cancel();
    m_canvas->setLandscape(nullptr);
    m_head->fill();
    load();
}

// The panel tells of every map that comes, ours too: the same look must not ask again.
void ReliefTile::setLook(const MapLook& look) {
    if (look == m_look) return;
    m_look = look;
    if (m_image && choice().kind == TileChoice::Kind::Map) load();
}

void ReliefTile::setChoice(const TileChoice& choice) {
    if (m_head->choose(choice)) load();
}

void ReliefTile::load() {
    if (m_image && choice().kind == TileChoice::Kind::Map) return m_map->want(m_image, choice(), m_look);
    m_canvas->setMessage({});
    m_map->drop();
    m_isBuilt = false;  // the bare film
    Q_EMIT mapChanged();
}

void ReliefTile::present(const ReliefFilmPtr& film, const std::optional<MapScale>& locked) {
    if (m_isBuilt && film == m_film && isSame(locked, m_locked)) return;
    m_film = film;
    m_locked = locked;
    m_isBuilt = true;
    build();
}

// A map on its way has no landscape: what was there would be taken for it.
void ReliefTile::build() {
    m_job.cancel();
    const bool isMap = choice().kind == TileChoice::Kind::Map;
    if (!m_film || (isMap && !m_map->shown())) {
        m_canvas->setLandscape(nullptr);
        Q_EMIT landscapeChanged();
        return;
    }
    std::optional<ShownHeatmap> shown;
    if (isMap) shown = m_map->shown();
    if (shown) shown->style.locked = m_locked;
    m_job = startJob<LandscapePtr>(
        m_pool, this, [film = m_film, shown](const RunContext& context) { return landscapeOf(film, shown, context); }, nullptr,
        [this](Result<LandscapePtr> result) {
            if (!result) return m_canvas->setMessage(QString::fromStdString(result.error().message));
            m_canvas->setLandscape(result.value());
            Q_EMIT landscapeChanged();
        });
}

}  // namespace cxr::ui
