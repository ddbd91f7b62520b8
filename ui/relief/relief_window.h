// ReliefWindow: up to four heatmaps of the film on screen as landscapes over it, side by side, turned together, on one scale for
// all maps of one unit; saved as a picture, or added to the film's report.
//   follows the main window: another film there is another film here, what is chosen stays
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QTimer>
#include <vector>

#include "ui/compare/film_window.h"
#include "ui/relief/relief_frames.h"
#include "ui/relief/relief_renderer.h"
#include "ui/relief/relief_tile.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace cxr::ui {

class ReliefWindow : public FilmWindow {
    Q_OBJECT
  public:
    static constexpr int kMostTiles = static_cast<int>(ReliefRenderer::kMostLandscapes);
    enum class Layout { One, OneByTwo, OneByThree, TwoByTwo };

    ReliefWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent = nullptr);
    ~ReliefWindow() override;

    void setLayoutKind(Layout layout);
    [[nodiscard]] Layout layoutKind() const { return m_layout; }
    [[nodiscard]] ReliefTile& tile(int number) { return *m_tiles[static_cast<std::size_t>(number - 1)]; }  // 1 .. kMostTiles
    // The scale of all maps on screen that have the unit of this tile's; empty while each has its own, or without a map.
    [[nodiscard]] std::optional<MapScale> commonScale(int number) const;

    void setCamera(const ReliefCamera& camera, bool isMoving = false);
    [[nodiscard]] const ReliefCamera& camera() const { return m_camera; }
    void resetCamera();
    // A point of the film in all landscapes; none: no mark.
    void setMark(const std::optional<PointPx>& mark);

    // Ends in saved() or in a sentence in the window.
    void savePicture(const QString& file);

  Q_SIGNALS:
    void saved(const QString& file);
    void frameDrawn(double seconds, bool isMoving);  // all landscapes
    // The reader wants it in the report of the film on screen.
    void pictureAdded(const cxr::ReportPicture& picture);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;  // a landscape's size changes

  private:
    void load() override;
    void setLook(const MapLook& look) override;
    void buildBar();
    void buildTiles();
    void bind();
    void arrange();
    void firstChoices();
    void onMaps();
    void draw(bool isMoving);
    void showProblem();
    void onDrawn(const std::vector<QImage>& frames, const ReliefFrames::Wish& wish, double seconds);
    void onPointed(std::optional<PointPx> film);
    void showStates();
    void stopOrGoOn();
    void askForFile();
    void makePicture(std::function<void(const QImage&)> use);
    [[nodiscard]] ReliefSheet sheet() const;
    [[nodiscard]] int shownTiles() const;
    void tell(const QString& sentence);

    QThreadPool m_pool;
    ReliefFrames m_frames;
    ReliefFilmPtr m_film;
    ReliefCamera m_camera;
    std::optional<PointPx> m_mark;
    Layout m_layout = Layout::TwoByTwo;
    bool m_hasChoices = false;
    std::vector<ReliefTile*> m_tiles;
    QTimer m_settle;  // a still picture, once nothing moves
    JobHandle m_filmJob, m_pictureJob;

    QComboBox* m_layouts = nullptr;
    QCheckBox* m_lock = nullptr;
    QSlider* m_height = nullptr;
    QToolButton *m_stop = nullptr, *m_add = nullptr, *m_save = nullptr;
    QLabel *m_pointed = nullptr, *m_status = nullptr;
    QGridLayout* m_grid = nullptr;
};

}  // namespace cxr::ui
