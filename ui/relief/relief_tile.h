// ReliefTile: one landscape of the relief view: a choice above, the landscape below. It makes the chosen map and its heights by
// itself, in workers, and says so while it waits or fails.
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <optional>

#include "ui/compare/tile_head.h"
#include "ui/compare/tile_map.h"
#include "ui/relief/relief_canvas.h"

namespace cxr::ui {

class ReliefTile : public QWidget {
    Q_OBJECT
  public:
    ReliefTile(int number, Explanations& explanations, QThreadPool& pool, QWidget* parent = nullptr);
    ~ReliefTile() override;

    [[nodiscard]] ReliefCanvas& canvas() { return *m_canvas; }
    // Another film, or other findings on it; null: none. What is chosen stays where it still exists.
    void setFilm(const ImagePtr& image, const MapLook& look);
    void setLook(const MapLook& look);
    // The film prepared for landscapes, and the scale of all of them; none: the map's own. Nothing happens twice.
    void present(const ReliefFilmPtr& film, const std::optional<MapScale>& locked);
    void setChoice(const TileChoice& choice);
    [[nodiscard]] const TileChoice& choice() const { return m_head->choice(); }
    [[nodiscard]] HeatmapPtr map() const { return m_map->shown() ? m_map->shown()->map : nullptr; }
    [[nodiscard]] const LandscapePtr& landscape() const { return m_canvas->landscape(); }

    [[nodiscard]] bool isWaiting() const { return m_map->isWaiting(); }
    [[nodiscard]] bool isStopped() const { return m_map->isStopped(); }
    void stop() { m_map->stop(); }
    void load();  // asks for the chosen map, again if it was stopped

  Q_SIGNALS:
    void mapChanged();        // another map, or none
    void landscapeChanged();  // it is there to be drawn, or gone
    void waitingChanged();

  private:
    void build();

    ImagePtr m_image;
    MapLook m_look;
    ReliefFilmPtr m_film;
    std::optional<MapScale> m_locked;
    bool m_isBuilt = false;  // or being built from what there is
    QThreadPool& m_pool;
    TileHead* m_head;
    TileMap* m_map;
    ReliefCanvas* m_canvas;
    JobHandle m_job;
};

}  // namespace cxr::ui
