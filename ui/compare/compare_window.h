// CompareWindow: the film on screen beside its maps, its HeartSpot pictures and other films: up to six linked pictures, or
// two behind a curtain, all maps on one scale.
//   follows the main window: another film there is another film here, what is chosen stays
//   thread rule  GUI thread only
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <vector>

#include "ui/compare/compare_tile.h"
#include "ui/compare/view_links.h"
#include "ui/state/workbench.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QStackedWidget;

namespace cxr::ui {

class Curtain;
class ExplanationPanel;

class CompareWindow : public QWidget {
    Q_OBJECT
  public:
    static constexpr int kMostTiles = 6;
    enum class Layout { OneByTwo, TwoByTwo, TwoByThree, Curtain };

    CompareWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent = nullptr);
    ~CompareWindow() override;

    // The film on screen in this window and level; at first film and current map stand side by side.
    void showFilm(const VoiSetting& voi);
    void setLayoutKind(Layout layout);
    [[nodiscard]] Layout layoutKind() const { return m_layout; }
    [[nodiscard]] CompareTile& tile(int number) { return *m_tiles[static_cast<std::size_t>(number - 1)]; }  // 1 .. kMostTiles
    // The scale of all maps on screen that have the unit of this tile's; empty while each has its own, or without a map.
    [[nodiscard]] std::optional<MapScale> commonScale(int number) const;

  private:
    void buildBar();
    void buildTiles();
    void reload();
    void arrange();
    void link();
    void onMaps();
    void onCursor(bool inside, PointPx reference);
    void firstChoices();
    [[nodiscard]] int shownTiles() const;

    Workbench& m_workbench;
    ExplanationPanel& m_panel;
    QThreadPool m_pool;
    std::optional<VoiSetting> m_voi;  // of the film in the main window; none: another film came on screen
    Layout m_layout = Layout::OneByTwo;
    bool m_hasChoices = false;
    bool m_isStale = true;  // the film changed while the window was hidden
    std::vector<CompareTile*> m_tiles;
    ViewLinks m_links;

    QComboBox* m_layouts = nullptr;
    QCheckBox* m_lock = nullptr;
    QLabel* m_cursor = nullptr;
    QGridLayout* m_grid = nullptr;
    QWidget* m_gridPage = nullptr;
    Curtain* m_curtain = nullptr;

  protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;  // Esc closes
};

}  // namespace cxr::ui
