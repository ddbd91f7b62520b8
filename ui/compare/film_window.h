// FilmWindow: a window beside the main one about the film on screen there: another film there is another film here. What it
// shows is loaded while it is visible only, and Esc closes it.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <optional>

#include "ui/state/workbench.h"

namespace cxr::ui {

class ExplanationPanel;
struct MapLook;

class FilmWindow : public QWidget {
    Q_OBJECT
  public:
    // The film on screen in this window and level.
    void showFilm(const VoiSetting& voi);

  protected:
    FilmWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent);

    // The session's film, its measurement or what can be explained is another one.
    virtual void load() = 0;
    virtual void setLook(const MapLook& look) = 0;
    // Of the film in the main window; as it opens when another one came on screen.
    [[nodiscard]] VoiSetting voi() const;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

    Workbench& m_workbench;
    ExplanationPanel& m_panel;

  private:
    void change();
    void reload();

    std::optional<VoiSetting> m_voi;
    bool m_isStale = true;  // something changed while the window was hidden
};

}  // namespace cxr::ui
