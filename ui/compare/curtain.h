// Curtain: two film views on one place; the left part shows the first, the right part the second, and the line between
// them is dragged or moved by the arrow keys.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

namespace cxr::ui {

class CurtainHandle;

class Curtain : public QWidget {
    Q_OBJECT
  public:
    explicit Curtain(QWidget* parent = nullptr);

    // Takes both as children; nullptr lets them go to whoever takes them.
    void setViews(QWidget* left, QWidget* right);
    void setShare(double share);  // of the width that the first one has, [0, 1]
    [[nodiscard]] double share() const { return m_share; }

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void arrange();

    QWidget* m_left = nullptr;
    QWidget* m_right = nullptr;
    CurtainHandle* m_handle;
    double m_share = 0.5;
};

}  // namespace cxr::ui
