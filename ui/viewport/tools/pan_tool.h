// Pan: the film follows the mouse.
#pragma once

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class PanTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return m_down ? Qt::ClosedHandCursor : Qt::OpenHandCursor; }
    void press(QPointF at) override {
        m_down = true;
        m_pressed = m_last = at;
    }
    void drag(QPointF at) override {
        m_canvas.panBy(at - m_last);
        m_last = at;
    }
    void release(QPointF) override { m_down = false; }
    void cancel() override {
        m_canvas.panBy(m_pressed - m_last);
        m_down = false;
    }

  private:
    QPointF m_pressed;
    QPointF m_last;
    bool m_down = false;
};

}  // namespace cxr::ui
