// ReliefCanvas: one drawn landscape in the window: painted, turned, pointed at.
//   mouse   left drag turns, right or middle drag pans, wheel zooms, double click goes back, a click marks a point
//   keys    arrows turn, Shift+arrows pan, + and - zoom, 0 or Home goes back
//   frames  are drawn elsewhere (relief_frames.h); an old one stays until the next is there
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <optional>

#include "ui/relief/relief_picture.h"

namespace cxr::ui {

class ReliefCanvas : public QWidget {
    Q_OBJECT
  public:
    explicit ReliefCanvas(int number, QWidget* parent = nullptr);

    void setLandscape(const LandscapePtr& landscape);  // null: none
    [[nodiscard]] const LandscapePtr& landscape() const { return m_landscape; }
    // `camera` is the one that the frame was drawn with.
    void setFrame(const QImage& frame, const ReliefCamera& camera);
    [[nodiscard]] const QImage& frame() const { return m_frame; }
    // One sentence over the landscape; empty: none.
    void setMessage(const QString& message);
    [[nodiscard]] QString message() const { return m_message; }
    void setCamera(const ReliefCamera& camera) { m_camera = camera; }
    void setMark(const std::optional<PointPx>& mark);

  Q_SIGNALS:
    // The reader wants another view; `isMoving`: and is not done.
    void cameraWanted(const cxr::ui::ReliefCamera& camera, bool isMoving);
    void resetWanted();
    void pointedAt(std::optional<cxr::PointPx> film);  // under the mouse
    void marked(std::optional<cxr::PointPx> film);     // clicked; none: beside the landscape

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

  private:
    [[nodiscard]] std::optional<PointPx> filmAt(QPointF at) const;

    int m_number;
    LandscapePtr m_landscape;
    QImage m_frame;
    ReliefCamera m_camera, m_frameCamera;
    QString m_message;
    std::optional<PointPx> m_mark;
    QPointF m_pressedAt, m_dragFrom;
    bool m_isDragging = false;  // moved since the button went down
};

}  // namespace cxr::ui
