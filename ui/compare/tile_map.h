// TileMap: the heatmap that a tile chose: asked of Explanations, made ready in a worker (pooling, contours), again with every
// partial map. Shared by the compare window and the relief view.
//   thread rule  GUI thread only
#pragma once

#include <QObject>
#include <QThreadPool>
#include <optional>
#include <string>

#include "ui/compare/tile_choice.h"
#include "ui/state/explanations.h"
#include "ui/state/map_preparation.h"

namespace cxr::ui {

class TileMap : public QObject {
    Q_OBJECT
  public:
    TileMap(Explanations& explanations, QThreadPool& pool, QObject* parent = nullptr);
    ~TileMap() override;

    // What comes of it is told by said() and changed(). REQUIRES: film not null, choice.kind is Map
    void want(const ImagePtr& film, const TileChoice& choice, const MapLook& look);
    void drop();
    // None: not wanted, on its way, or it failed.
    [[nodiscard]] const std::optional<ShownHeatmap>& shown() const { return m_shown; }
    // Asked for and not whole yet; false once somebody stopped it.
    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }
    [[nodiscard]] bool isStopped() const { return m_isStopped; }
    // No longer wanted by anybody.
    void stop();

  Q_SIGNALS:
    void changed();                      // another map, or none
    void said(const QString& sentence);  // "Computing...", why there is no map; empty: all is well
    void waitingChanged();

  private:
    void onBusy(bool isBusy);
    void prepare(const HeatmapPtr& raw);
    void setWaiting(bool isWaiting, bool isStopped);

    Explanations& m_explanations;
    QThreadPool& m_pool;
    ImagePtr m_film;
    MapLook m_look;
    std::string m_key;  // of the wanted map; empty: none
    std::optional<ShownHeatmap> m_shown;
    bool m_isWaiting = false, m_isStopped = false;
    JobHandle m_job;
};

}  // namespace cxr::ui
