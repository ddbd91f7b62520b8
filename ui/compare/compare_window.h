// CompareWindow: the film on screen beside its maps, its HeartSpot pictures and other films: up to six linked pictures, or
// two behind a curtain, all maps on one scale.
//   follows the main window: another film there is another film here, what is chosen stays
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <vector>

#include "ui/compare/compare_tile.h"
#include "ui/compare/film_window.h"
#include "ui/compare/view_links.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QStackedWidget;

namespace cxr::ui {

class Curtain;

class CompareWindow : public FilmWindow {
    Q_OBJECT
  public:
    static constexpr int kMostTiles = 6;
    enum class Layout { OneByTwo, TwoByTwo, TwoByThree, Curtain };

    CompareWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent = nullptr);
    ~CompareWindow() override;

    void setLayoutKind(Layout layout);
    [[nodiscard]] Layout layoutKind() const { return m_layout; }
    [[nodiscard]] CompareTile& tile(int number) { return *m_tiles[static_cast<std::size_t>(number - 1)]; }  // 1 .. kMostTiles
    // The patient's best prior film on the left, the film on screen on the right: the newer one is always there. With another
    // film on screen its own prior takes the place. REQUIRES: the workbench has priors
    void comparePrior();
    // The scale of all maps on screen that have the unit of this tile's; empty while each has its own, or without a map.
    [[nodiscard]] std::optional<MapScale> commonScale(int number) const;

  private:
    void load() override;
    void setLook(const MapLook& look) override;
    void buildBar();
    void buildTiles();
    void arrange();
    void link();
    void onMaps();
    void onCursor(bool inside, PointPx reference);
    void firstChoices();
    [[nodiscard]] QString titleOf(const QString& path) const;  // empty: nothing is known of its date
    void replacePrior();
    [[nodiscard]] int shownTiles() const;

    QThreadPool m_pool;
    Layout m_layout = Layout::OneByTwo;
    bool m_hasChoices = false;
    QString m_path;  // of the film that is shown
    QString m_prior;  // path of the prior film on the left; empty: that picture was chosen otherwise
    std::vector<CompareTile*> m_tiles;
    ViewLinks m_links;

    QComboBox* m_layouts = nullptr;
    QCheckBox* m_lock = nullptr;
    QLabel* m_cursor = nullptr;
    QGridLayout* m_grid = nullptr;
    QWidget* m_gridPage = nullptr;
    Curtain* m_curtain = nullptr;
};

}  // namespace cxr::ui
