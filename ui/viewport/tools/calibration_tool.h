// Calibration: drag draws a line over something of known size; at the end the user is asked for its length.
#pragma once

#include <optional>

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class CalibrationTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::CrossCursor; }
    void leave() override;
    void press(QPointF at) override;
    void drag(QPointF at) override;
    void release(QPointF at) override;
    void cancel() override;
    void filmChanged() override { m_line.reset(); }
    // The line being drawn or waiting for its length, else the one that calibrates the film.
    void paint(QPainter& painter) const override;

  private:
    QPointF m_pressed;
    std::optional<LinePx> m_line;
};

}  // namespace cxr::ui
