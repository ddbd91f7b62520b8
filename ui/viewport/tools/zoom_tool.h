// Zoom: drag up to come closer, down to go away, about the point where the button went down; 140 px double the zoom.
#pragma once

#include <cmath>

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class ZoomTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::SizeVerCursor; }
    void press(QPointF at) override {
        m_pressed = at;
        m_zoomBefore = m_canvas.geometry().zoom;
    }
    void drag(QPointF at) override {
        m_canvas.zoomAbout(m_pressed, m_zoomBefore * std::exp2((m_pressed.y() - at.y()) / kPxPerDoubling));
    }
    void cancel() override { m_canvas.zoomAbout(m_pressed, m_zoomBefore); }

  private:
    static constexpr double kPxPerDoubling = 140;
    QPointF m_pressed;
    double m_zoomBefore = 1;
};

}  // namespace cxr::ui
