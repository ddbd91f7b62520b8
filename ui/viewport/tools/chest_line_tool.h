// Ends of the two CTR lines, in every tool: they move horizontally on the film. While findings are being corrected, the
// whole line can also be dragged vertically between its ends; otherwise a drag there sets the window, so that nobody
// moves a line by accident. The ratio follows at once.
#pragma once

#include <optional>

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class ChestLineTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override;
    [[nodiscard]] std::optional<double> grabDistance(QPointF at) const override;
    void hover(QPointF at, bool isNearest) override;
    void leave() override;
    void press(QPointF at) override;
    void drag(QPointF at) override;
    void release(QPointF at) override;
    void cancel() override;
    [[nodiscard]] bool editsMeasurement() const override { return true; }
    void filmChanged() override;
    void paint(QPainter& painter) const override;

  private:
    enum class Part { From, To, Body };
    struct Grip {
        bool isHeart = true;
        Part part = Part::Body;
        double distance = 0;
    };
    [[nodiscard]] std::optional<Grip> gripAt(QPointF at) const;

    std::optional<Grip> m_hovered;
    std::optional<Grip> m_grabbed;
    std::optional<ChestMeasurement> m_before;
    PointPx m_pressedFilm;
};

}  // namespace cxr::ui
