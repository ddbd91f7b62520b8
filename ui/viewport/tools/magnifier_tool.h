// Magnifier: a round loupe under the mouse, 2, 3 or 4 times the view's zoom; a click goes to the next.
#pragma once

#include <optional>

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class MagnifierTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::CrossCursor; }
    void hover(QPointF at, bool isNearest) override;
    void leave() override;
    void press(QPointF at) override;
    void drag(QPointF at) override { hover(at, true); }
    void filmChanged() override { m_at.reset(); }
    void paint(QPainter& painter) const override;
    [[nodiscard]] int factor() const { return m_factor; }

  private:
    std::optional<QPointF> m_at;
    int m_factor = 2;
};

}  // namespace cxr::ui
