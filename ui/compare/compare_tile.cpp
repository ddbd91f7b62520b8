// CompareTile: see compare_tile.h.
#include "ui/compare/compare_tile.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "core/engine/explain_methods.h"
#include "core/prior/prior_spec.h"
#include "ui/viewport/film_view.h"

namespace cxr::ui {

namespace {

QVariant dataOf(const TileChoice& choice) {
    return QVariantList{static_cast<int>(choice.kind), choice.name, choice.pack};
}

TileChoice choiceOf(const QVariant& data) {
    const QVariantList parts = data.toList();
    TileChoice choice;
    choice.kind = static_cast<TileChoice::Kind>(parts.value(0).toInt());
    choice.name = parts.value(1).toString();
    choice.pack = parts.value(2).toString();
    return choice;
}

QComboBox* makeCombo(QWidget* parent, const QString& name, const QString& label, const QString& toolTip) {
    auto* combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setAccessibleName(label);
    combo->setToolTip(toolTip);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    return combo;
}

}  // namespace

CompareTile::CompareTile(int number, Explanations& explanations, ReadOther read, QThreadPool& pool, QWidget* parent)
    : QWidget(parent), m_number(number), m_explanations(explanations), m_read(std::move(read)), m_pool(pool) {
    setObjectName(QStringLiteral("compareTile%1").arg(number));
    m_source = makeCombo(this, QStringLiteral("tileSource%1").arg(number), tr("Picture %1").arg(number), tr("What this picture shows"));
    m_method = makeCombo(this, QStringLiteral("tileMethod%1").arg(number), tr("Method of picture %1").arg(number), tr("How the finding is explained"));
    m_view = new FilmView(this);
    m_view->setObjectName(QStringLiteral("tileView%1").arg(number));
    m_view->setBannerVisible(false);
    m_view->setTool(FilmTool::Pan);
    auto* head = new QHBoxLayout;
    head->setSpacing(6);
    head->addWidget(m_source, 3);
    head->addWidget(m_method, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(m_view, 1);
    connect(m_source, &QComboBox::currentIndexChanged, this, &CompareTile::onSource);
    connect(m_method, &QComboBox::currentIndexChanged, this, [this] {
        m_choice.method = static_cast<ExplainMethod>(m_method->currentData().toInt());
        m_wanted = m_choice;
        load();
        Q_EMIT choiceChanged();
    });
    connect(&m_explanations, &Explanations::ready, this, [this](const std::string& key, const HeatmapPtr& map) {
        if (key == m_key) prepare(map);
    });
    connect(&m_explanations, &Explanations::partial, this, [this](const std::string& key, const HeatmapPtr& map) {
        if (key == m_key) prepare(map);
    });
    connect(&m_explanations, &Explanations::failed, this, [this](const std::string& key, const QString& reason) {
        if (key == m_key) m_view->setMessage(reason);
    });
    connect(&m_explanations, &Explanations::factsKnown, this, [this] { fillMethods(); });
}

CompareTile::~CompareTile() { m_job.cancel(); }

void CompareTile::takeViewBack() {
    m_view->clearMask();
    static_cast<QVBoxLayout*>(layout())->addWidget(m_view, 1);
    m_view->show();
}

void CompareTile::setFilm(const CompareFilm& film, const std::vector<OtherFilm>& others) {
    m_film = film;
    m_others = others;
    {
        const QSignalBlocker quiet(m_view);  // linked views must not take an empty view's window
        m_view->setImage(nullptr);
    }
    fillSources();
    fillMethods();
    load();
}

void CompareTile::setLook(const MapLook& look) {
    m_look = look;
    if (m_choice.kind == TileChoice::Kind::Map) load();
    if (m_choice.kind == TileChoice::Kind::Difference) showMap();
}

void CompareTile::setChoice(const TileChoice& choice) {
    const int index = m_source->findData(dataOf(choice));
    if (index < 0) return;
    const QSignalBlocker quietSource(m_source);
    m_source->setCurrentIndex(index);
    m_choice = m_wanted = choice;
    fillMethods();
    load();
    Q_EMIT choiceChanged();
}

void CompareTile::fillSources() {
    const QSignalBlocker quiet(m_source);
    m_source->clear();
    const auto add = [this](const QString& label, const TileChoice& choice) { m_source->addItem(label, dataOf(choice)); };
    add(tr("Film"), {TileChoice::Kind::Film, {}, {}});
    for (const ExplainTarget& target : m_explanations.targets()) {
        const QString label = QStringLiteral("%1 %2 \u00b7 %3")
                                  .arg(QString::fromStdString(labelOf(target.finding)), QString::fromStdString(percentText(target.finding.probability)),
                                       QString::fromStdString(target.model.name));
        add(label, {TileChoice::Kind::Map, QString::fromStdString(target.finding.name), QString::fromStdString(target.model.id)});
    }
    if (m_number > 2) add(tr("Picture 1 minus picture 2"), {TileChoice::Kind::Difference, {}, {}});
    for (const std::string& prior : priorNames()) add(tr("HeartSpot %1").arg(QString::fromStdString(prior)), {TileChoice::Kind::Prior, QString::fromStdString(prior), {}});
    for (const OtherFilm& other : m_others) add(tr("Film %1").arg(other.title), {TileChoice::Kind::OtherFilm, other.path, {}});
    const int wanted = m_source->findData(dataOf(m_wanted));
    m_source->setCurrentIndex(std::max(0, wanted));
    m_choice = wanted < 0 ? choiceOf(m_source->currentData()) : m_wanted;
}

void CompareTile::fillMethods() {
    const bool isMap = m_choice.kind == TileChoice::Kind::Map;
    m_method->setVisible(isMap);
    if (!isMap) return;
    const QSignalBlocker quiet(m_method);
    std::vector<ExplainMethod> allowed;
    if (const PackFacts* facts = m_explanations.factsOf(m_choice.pack.toStdString())) allowed = facts->methods;
    if (allowed.empty()) allowed = {m_choice.method};
    m_method->clear();
    for (const ExplainMethod one : allowed) m_method->addItem(QString::fromStdString(explainMethodInfo(one).name), static_cast<int>(one));
    const int index = m_method->findData(static_cast<int>(m_choice.method));
    m_method->setCurrentIndex(std::max(0, index));
    if (index >= 0) return;
    m_choice.method = allowed.front();
    load();
}

void CompareTile::onSource() {
    const ExplainMethod method = m_choice.method;
    m_choice = choiceOf(m_source->currentData());
    m_choice.method = method;
    m_wanted = m_choice;
    fillMethods();
    load();
    Q_EMIT choiceChanged();
}

void CompareTile::load() {
    m_job.cancel();
    if (!m_key.empty()) m_key.clear();
    if (!m_film.image) {
        dropMap();
        m_view->setImage(nullptr);
        return;
    }
    const auto place = [this](Result<PlacedImage> made) {
        if (made) return showPicture(made.value().image, {}, made.value().scale, made.value().offset);
        m_view->setMessage(QString::fromStdString(made.error().message));
    };
    switch (m_choice.kind) {
        case TileChoice::Kind::Film:
            dropMap();
            return showReference();
        case TileChoice::Kind::Map:
            showReference();
            return wantMap();
        case TileChoice::Kind::Difference:
            return showReference();
        case TileChoice::Kind::Prior:
            dropMap();
            m_job = startJob<PlacedImage>(
                m_pool, this, [film = m_film, prior = m_choice.name](const RunContext& context) { return priorPicture(film.image, film.voi, prior, film.chest, context); },
                nullptr, place);
            return;
        case TileChoice::Kind::OtherFilm:
            dropMap();
            m_job = startJob<PlacedImage>(
                m_pool, this,
                [read = m_read, path = m_choice.name, reference = m_film.image](const RunContext& context) -> Result<PlacedImage> {
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

void CompareTile::wantMap() {
    ExplainOptions options;
    options.method = m_choice.method;
    const MapWish wish{m_film.image, m_choice.pack.toStdString(), m_choice.name.toStdString(), options};
    m_key = wish.key();
    if (!m_explanations.find(wish)) {
        dropMap();
        m_view->setMessage(tr("Computing\u2026"));
    }
    m_explanations.want(wish);
}

void CompareTile::prepare(const HeatmapPtr& raw) {
    const cv::Size film(m_film.image->width(), m_film.image->height());
    MapLook look = m_look;
    look.style.showBoxes = false;  // the views are small
    m_job = startJob<ShownHeatmap>(
        m_pool, this, [raw, look, film](const RunContext& context) { return prepareMap(raw, look, film, context); }, nullptr,
        [this](Result<ShownHeatmap> result) {
            m_view->setMessage(result ? QString() : QString::fromStdString(result.error().message));
            if (!result) return dropMap();
            m_shown = std::move(result).value();
            Q_EMIT mapChanged();
            showMap();
        });
}

void CompareTile::showMap() {
    if (!m_shown) return;
    ShownHeatmap shown = *m_shown;
    if (m_choice.kind == TileChoice::Kind::Difference) {
        shown.style = m_look.style;
        shown.style.colours = ColourMap::Diverging;
        shown.style.showBoxes = shown.style.showContours = false;
        shown.style.locked.reset();
    } else {
        shown.style.locked = m_locked;
    }
    m_view->setHeatmap(shown);
}

void CompareTile::dropMap() {
    m_view->setHeatmap({});
    if (!m_shown) return;
    m_shown.reset();
    Q_EMIT mapChanged();
}

void CompareTile::setLocked(const std::optional<MapScale>& scale) {
    m_locked = scale;
    showMap();
}

void CompareTile::setDifference(const HeatmapPtr& a, const HeatmapPtr& b, int numberOfA, int numberOfB) {
    if (m_choice.kind != TileChoice::Kind::Difference || !m_film.image) return;
    if (!a || !b) {
        m_job.cancel();
        dropMap();
        m_view->setMessage(tr("Show maps in picture %1 and in picture %2: their difference appears here.").arg(numberOfA).arg(numberOfB));
        return;
    }
    m_job = startJob<MapDifference>(
        m_pool, this, [a, b, w = m_film.image->width(), h = m_film.image->height()](const RunContext&) -> Result<MapDifference> { return differenceOf(*a, *b, w, h); },
        nullptr, [this](Result<MapDifference> result) {
            if (!result) return;
            MapDifference made = std::move(result).value();
            m_view->setMessage({});
            m_shown = ShownHeatmap{std::make_shared<const Heatmap>(std::move(made.map)), {}, {}, {}, HeatmapCaption{tr("Difference"), made.sentence, made.unit}};
            showMap();
        });
}

}  // namespace cxr::ui
