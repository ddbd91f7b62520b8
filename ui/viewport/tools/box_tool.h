// Moves, resizes and deletes the boxes of a heatmap while outlines may be edited: corners and middles of the sides resize,
// the frame between them moves, Del removes the box that was pressed last. Inside a box the left button does its usual work.
#pragma once

#include <optional>
#include <vector>

#include "core/localize/boxes.h"
#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class BoxTool : public MouseTool {
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
    bool deleteSelected() override;
    void filmChanged() override;
    void paint(QPainter& painter) const override;

    // Widget points of the eight handles of a box: corners first, then the middles of the sides.
    [[nodiscard]] std::vector<QPointF> handles(const FindingBox& box) const;

  private:
    // Which sides follow the mouse; none of them: the whole box.
    struct Grip {
        std::size_t box = 0;
        int sideX = 0, sideY = 0;  // -1: left or top, 1: right or bottom, 0: neither
        double distance = 0;
    };
    [[nodiscard]] std::optional<Grip> gripAt(QPointF at) const;
    [[nodiscard]] std::optional<Grip> gripOf(std::size_t index, const FindingBox& box, QPointF at) const;

    std::optional<Grip> m_hovered, m_grabbed;
    std::optional<std::size_t> m_selected;
    std::vector<FindingBox> m_before;
    PointPx m_pressedFilm;
    bool m_edited = false;
};

}  // namespace cxr::ui
