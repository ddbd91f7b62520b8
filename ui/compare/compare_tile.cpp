// CompareTile: see compare_tile.h.
#include "ui/compare/compare_tile.h"

#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/viewport/film_view.h"

namespace cxr::ui {

namespace {

// The same pixels, whatever their spacing.
bool isSameFilm(const ImagePtr& a, const ImagePtr& b) { return a && b && a->samples.data == b->samples.data; }

}  // namespace

CompareTile::CompareTile(int number, Explanations& explanations, ReadOther read, QThreadPool& pool, QWidget* parent)
    : QWidget(parent), m_read(std::move(read)), m_pool(pool) {
    setObjectName(QStringLiteral("compareTile%1").arg(number));
    m_head = new TileHead(number, QStringLiteral("tile"), TileHead::Offer::Everything, explanations, this);
    m_map = new TileMap(explanations, pool, this);
    m_view = new FilmView(this);
    m_view->setObjectName(QStringLiteral("tileView%1").arg(number));
    m_view->setBannerVisible(false);
    m_view->setTool(FilmTool::Pan);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_head);
    column->addWidget(m_view, 1);
    connect(m_head, &TileHead::chosen, this, [this] {
        load();
        Q_EMIT choiceChanged();
    });
    connect(m_head, &TileHead::methodReplaced, this, &CompareTile::load);
    connect(m_map, &TileMap::said, m_view, &FilmView::setMessage);
    connect(m_map, &TileMap::changed, this, [this] {
        Q_EMIT mapChanged();
        showMap();
    });
}

CompareTile::~CompareTile() { m_job.cancel(); }

const std::optional<ShownHeatmap>& CompareTile::shown() const { return choice().kind == TileChoice::Kind::Difference ? m_difference : m_map->shown(); }

void CompareTile::takeViewBack() {
    m_view->clearMask();
    static_cast<QVBoxLayout*>(layout())->addWidget(m_view, 1);
    m_view->show();
}

// The same film with another window or other findings keeps its place in the view.
void CompareTile::setFilm(const CompareFilm& film, const std::vector<OtherFilm>& others) {
    const bool isSame = isSameFilm(film.image, m_film.image);
    setSpacingOf(film.image);
    m_film = film;
    {
        const QSignalBlocker quiet(m_view);  // linked views must not take an empty view's window
        if (!isSame) m_view->setImage(nullptr);
        if (isSame && m_view->image() == m_film.image) m_view->setVoi(m_film.voi);
    }
    dropDifference();
    m_head->fill(others, m_film.title);
    load();
}

void CompareTile::setSpacingOf(const ImagePtr& film) {
    if (!isSameFilm(film, m_film.image)) return;
    if (m_view->image() == m_film.image) m_view->setSpacingOf(film);
    m_film.image = film;
}

// The panel tells of every map that comes, ours too: the same look must not ask again.
void CompareTile::setLook(const MapLook& look) {
    if (look == m_look) return;
    m_look = look;
    if (choice().kind == TileChoice::Kind::Map) load();
    if (choice().kind == TileChoice::Kind::Difference) showMap();
}

void CompareTile::setChoice(const TileChoice& choice) {
    if (!m_head->choose(choice)) return;
    load();
    Q_EMIT choiceChanged();
}

void CompareTile::load() {
    m_job.cancel();
    if (choice().kind != TileChoice::Kind::Difference) dropDifference();
    if (!m_film.image || choice().kind != TileChoice::Kind::Map) m_map->drop();
    if (!m_film.image) {
        m_view->setImage(nullptr);
        return;
    }
    const auto place = [this](Result<PlacedImage> made) {
        if (made) return showPicture(made.value().image, {}, made.value().scale, made.value().offset);
        m_view->setMessage(QString::fromStdString(made.error().message));
    };
    switch (choice().kind) {
        case TileChoice::Kind::Film:
        case TileChoice::Kind::Difference:
            return showReference();
        case TileChoice::Kind::Map:
            showReference();
            return m_map->want(m_film.image, choice(), m_look);
        case TileChoice::Kind::Prior:
            m_job = startJob<PlacedImage>(
                m_pool, this, [film = m_film, prior = choice().name](const RunContext& context) { return priorPicture(film.image, film.voi, prior, film.chest, context); },
                nullptr, place);
            return;
        case TileChoice::Kind::OtherFilm:
            m_job = startJob<PlacedImage>(
                m_pool, this,
                [read = m_read, path = choice().name, reference = m_film.image](const RunContext& context) -> Result<PlacedImage> {
                    auto other = read(path, context);
                    if (!other) return other.error();
                    return placedBeside(other.value(), *reference);
                },
                nullptr, place);
            return;
    }
}

void CompareTile::showPicture(const ImagePtr& image, FilmPyramid pyramid, double scale, PointPx offset) {
    m_view->setMessage({});
    if (m_view->image() == image) return;
    {
        const QSignalBlocker quiet(m_view);  // nor another picture's
        m_view->setImage(image, std::move(pyramid));
        if (image == m_film.image) m_view->setVoi(m_film.voi);
    }
    m_scale = scale;
    m_offset = offset;
    Q_EMIT placeChanged();
}

void CompareTile::showMap() {
    if (!shown()) return m_view->setHeatmap({});
    ShownHeatmap map = *shown();
    if (choice().kind == TileChoice::Kind::Difference) {
        map.style = m_look.style;
        map.style.colours = ColourMap::Diverging;
        map.style.showBoxes = map.style.showContours = false;
        map.style.locked.reset();
    } else {
        map.style.locked = m_locked;
    }
    m_view->setHeatmap(map);
}

void CompareTile::dropDifference() {
    if (!m_difference) return;
    m_difference.reset();
    showMap();
    Q_EMIT mapChanged();
}

void CompareTile::setLocked(const std::optional<MapScale>& scale) {
    m_locked = scale;
    showMap();
}

void CompareTile::setDifference(const HeatmapPtr& a, const HeatmapPtr& b, int numberOfA, int numberOfB) {
    if (choice().kind != TileChoice::Kind::Difference || !m_film.image) return;
    if (!a || !b) {
        m_job.cancel();
        dropDifference();
        m_view->setMessage(tr("Show maps in picture %1 and in picture %2: their difference appears here.").arg(numberOfA).arg(numberOfB));
        return;
    }
    m_job = startJob<MapDifference>(
        m_pool, this, [a, b, w = m_film.image->width(), h = m_film.image->height()](const RunContext&) -> Result<MapDifference> { return differenceOf(*a, *b, w, h); },
        nullptr, [this](Result<MapDifference> result) {
            if (!result) return;
            MapDifference made = std::move(result).value();
            m_view->setMessage({});
            m_difference = ShownHeatmap{std::make_shared<const Heatmap>(std::move(made.map)), {}, {}, {}, HeatmapCaption{tr("Difference"), made.sentence, made.unit}};
            showMap();
        });
}

}  // namespace cxr::ui
