// CompareTile: one picture of the compare window: a choice above, a film view below. It makes what is chosen by itself and
// says so while it waits or fails.
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/image/film_pyramid.h"
#include "ui/compare/tile_head.h"
#include "ui/compare/tile_map.h"

namespace cxr::ui {

class FilmView;

// What all tiles refer to.
struct CompareFilm {
    ImagePtr image;  // null: no film is open
    FilmPyramid pyramid;
    VoiSetting voi;
    std::optional<ChestMeasurement> chest;
    QString title;  // "2022-03-01 PA"; empty: nothing is known
};

class CompareTile : public QWidget {
    Q_OBJECT
  public:
    using ReadOther = std::function<Result<ImagePtr>(const QString& path, const RunContext&)>;

    CompareTile(int number, Explanations& explanations, ReadOther read, QThreadPool& pool, QWidget* parent = nullptr);
    ~CompareTile() override;

    [[nodiscard]] FilmView& view() { return *m_view; }
    void takeViewBack();  // after it stood elsewhere

    // Another film, other findings, other films in the list: what is chosen stays where it still exists.
    void setFilm(const CompareFilm& film, const std::vector<OtherFilm>& others);
    // The same film, after the user calibrated its lengths.
    void setSpacingOf(const ImagePtr& film);
    void setLook(const MapLook& look);
    void setChoice(const TileChoice& choice);
    [[nodiscard]] TileChoice choice() const { return m_head->choice(); }

    // Where the picture lies on the reference film.
    [[nodiscard]] double placeScale() const { return m_scale; }
    [[nodiscard]] PointPx placeOffset() const { return m_offset; }
    // The map on screen; null: none.
    [[nodiscard]] HeatmapPtr map() const { return shown() ? shown()->map : nullptr; }
    void setLocked(const std::optional<MapScale>& scale);
    // Difference tiles are filled from outside: both maps, or null where one is missing.
    void setDifference(const HeatmapPtr& a, const HeatmapPtr& b, int numberOfA, int numberOfB);

  Q_SIGNALS:
    void choiceChanged();
    void mapChanged();     // another map, or none
    void placeChanged();   // another picture

  private:
    [[nodiscard]] const std::optional<ShownHeatmap>& shown() const;
    void load();
    void showPicture(const ImagePtr& image, FilmPyramid pyramid, double scale, PointPx offset);
    void showReference() { showPicture(m_film.image, m_film.pyramid, 1, {}); }
    void showMap();
    void dropDifference();

    ReadOther m_read;
    QThreadPool& m_pool;
    CompareFilm m_film;
    MapLook m_look;
    std::optional<ShownHeatmap> m_difference;
    std::optional<MapScale> m_locked;
    double m_scale = 1;
    PointPx m_offset;
    JobHandle m_job;

    TileHead* m_head;
    TileMap* m_map;
    FilmView* m_view;
};

}  // namespace cxr::ui
