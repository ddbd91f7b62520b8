// CompareTile: one picture of the compare window: a choice above, a film view below. It makes what is chosen by itself and
// says so while it waits or fails.
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/image/film_pyramid.h"
#include "ui/compare/tile_choice.h"
#include "ui/state/explanations.h"
#include "ui/state/map_preparation.h"

class QComboBox;

namespace cxr::ui {

class FilmView;

// What all tiles refer to.
struct CompareFilm {
    ImagePtr image;  // null: no film is open
    FilmPyramid pyramid;
    VoiSetting voi;
    std::optional<ChestMeasurement> chest;
};

// A film of the list beside the one on screen.
struct OtherFilm {
    QString path, title;
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
    void setLook(const MapLook& look);
    void setChoice(const TileChoice& choice);
    [[nodiscard]] TileChoice choice() const { return m_choice; }

    // Where the picture lies on the reference film.
    [[nodiscard]] double placeScale() const { return m_scale; }
    [[nodiscard]] PointPx placeOffset() const { return m_offset; }
    // The map on screen; null: none.
    [[nodiscard]] HeatmapPtr map() const { return m_shown ? m_shown->map : nullptr; }
    void setLocked(const std::optional<MapScale>& scale);
    // Difference tiles are filled from outside: both maps, or null where one is missing.
    void setDifference(const HeatmapPtr& a, const HeatmapPtr& b, int numberOfA, int numberOfB);

  Q_SIGNALS:
    void choiceChanged();
    void mapChanged();     // another map, or none
    void placeChanged();   // another picture

  private:
    void fillSources();
    void fillMethods();
    void onSource();
    void load();
    void showPicture(const ImagePtr& image, FilmPyramid pyramid, double scale, PointPx offset);
    void showReference() { showPicture(m_film.image, m_film.pyramid, 1, {}); }
    void wantMap();
    void prepare(const HeatmapPtr& raw);
    void showMap();
    void dropMap();

    int m_number;
    Explanations& m_explanations;
    ReadOther m_read;
    QThreadPool& m_pool;
    CompareFilm m_film;
    std::vector<OtherFilm> m_others;
    MapLook m_look;
    TileChoice m_choice;  // what is shown
    TileChoice m_wanted;  // what the reader chose: comes back when a film has it again
    std::string m_key;  // of the map that is wanted
    std::optional<ShownHeatmap> m_shown;
    std::optional<MapScale> m_locked;
    double m_scale = 1;
    PointPx m_offset;
    JobHandle m_job;

    QComboBox *m_source, *m_method;
    FilmView* m_view;
};

}  // namespace cxr::ui
