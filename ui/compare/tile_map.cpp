// TileMap: see tile_map.h.
#include "ui/compare/tile_map.h"

namespace cxr::ui {

TileMap::TileMap(Explanations& explanations, QThreadPool& pool, QObject* parent) : QObject(parent), m_explanations(explanations), m_pool(pool) {
    connect(&m_explanations, &Explanations::ready, this, [this](const std::string& key, const HeatmapPtr& map) {
        if (key != m_key) return;
        setWaiting(false, false);
        prepare(map);
    });
    connect(&m_explanations, &Explanations::partial, this, [this](const std::string& key, const HeatmapPtr& map) {
        if (key == m_key) prepare(map);
    });
    connect(&m_explanations, &Explanations::failed, this, [this](const std::string& key, const QString& reason) {
        if (key != m_key) return;
        setWaiting(false, false);
        Q_EMIT said(reason);
    });
    connect(&m_explanations, &Explanations::busyChanged, this, &TileMap::onBusy);
}

TileMap::~TileMap() { m_job.cancel(); }

void TileMap::want(const ImagePtr& film, const TileChoice& choice, const MapLook& look) {
    m_job.cancel();
    m_film = film;
    m_look = look;
    m_look.style.showBoxes = false;  // the pictures are small
    ExplainOptions options;
    options.method = choice.method;
    const MapWish wish{film, choice.pack.toStdString(), choice.name.toStdString(), options};
    m_key = wish.key();
    // A map of the analysis counts from the base rate by the pack's calibration: again once that is known.
    disconnect(&m_explanations, &Explanations::factsKnown, this, nullptr);
    connect(&m_explanations, &Explanations::factsKnown, this, [this, wish](const std::string& packId) {
        if (wish.packId == packId && wish.key() == m_key && !m_isWaiting && !m_isStopped) m_explanations.want(wish);
    });
    if (!m_explanations.find(wish)) {
        const bool hadMap = m_shown.has_value();
        m_shown.reset();
        setWaiting(true, false);
        if (hadMap) Q_EMIT changed();
        Q_EMIT said(tr("Computing\u2026"));
    }
    m_explanations.want(wish);
}

void TileMap::drop() {
    m_job.cancel();
    m_key.clear();
    setWaiting(false, false);
    if (!m_shown) return;
    m_shown.reset();
    Q_EMIT changed();
}

void TileMap::stop() {
    if (m_isWaiting) m_explanations.cancel(m_key);
}

// Nothing runs any more. A map that is ready is told right after this, a stopped one never is.
void TileMap::onBusy(bool isBusy) {
    if (isBusy || !m_isWaiting) return;
    QMetaObject::invokeMethod(
        this,
        [this, key = m_key] {
            if (!m_isWaiting || key != m_key || m_explanations.isBusy()) return;
            setWaiting(false, true);
            Q_EMIT said(tr("Stopped."));
        },
        Qt::QueuedConnection);
}

void TileMap::prepare(const HeatmapPtr& raw) {
    const cv::Size film(m_film->width(), m_film->height());
    m_job = startJob<ShownHeatmap>(
        m_pool, this, [raw, look = m_look, film](const RunContext& context) { return prepareMap(raw, look, film, context); }, nullptr,
        [this](Result<ShownHeatmap> result) {
            m_shown.reset();
            if (result) m_shown = std::move(result).value();
            Q_EMIT said(result ? QString() : QString::fromStdString(result.error().message));
            Q_EMIT changed();
        });
}

void TileMap::setWaiting(bool isWaiting, bool isStopped) {
    if (isWaiting == m_isWaiting && isStopped == m_isStopped) return;
    m_isWaiting = isWaiting;
    m_isStopped = isStopped;
    Q_EMIT waitingChanged();
}

}  // namespace cxr::ui
