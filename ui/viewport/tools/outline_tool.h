// Edits the outlines of heart and lungs: 14 to 16 handles on each; the outline between follows by a spline, the CTR lines
// and the ratio follow the outline. Beside every handle the left button sets the window, as usual.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "ui/viewport/tools/window_level_tool.h"

namespace cxr::ui {

class OutlineTool : public MouseTool {
  public:
    explicit OutlineTool(FilmCanvas& canvas) : MouseTool(canvas), m_window(canvas) {}
    [[nodiscard]] Qt::CursorShape cursor() const override;
    [[nodiscard]] std::optional<double> grabDistance(QPointF at) const override;
    void hover(QPointF at, bool isNearest) override;
    void leave() override;
    void press(QPointF at) override;
    void drag(QPointF at) override;
    void release(QPointF at) override;
    void cancel() override;
    [[nodiscard]] bool editsMeasurement() const override { return m_grabbed.has_value(); }
    void filmChanged() override;
    void paint(QPainter& painter) const override;

    // Film points of the handles of one organ, in the order of the outline; empty without outline.
    [[nodiscard]] std::vector<PointPx> handles(Organ organ) const;

  private:
    struct Grip {
        Organ organ = Organ::Heart;
        std::size_t handle = 0;
        double distance = 0;
    };
    // Which outline points are handles. Kept while the outline has the same number of points, so that handles do not
    // slide along it after a drag.
    struct HandleSet {
        std::size_t pointCount = 0;
        std::vector<std::size_t> indices;
    };
    [[nodiscard]] const HandleSet& handleSet(const Outline& outline) const;
    [[nodiscard]] std::optional<Grip> gripAt(QPointF at) const;

    WindowLevelTool m_window;
    mutable std::array<HandleSet, kOrganCount> m_sets;
    std::optional<Grip> m_hovered;
    std::optional<Grip> m_grabbed;
    std::optional<ChestMeasurement> m_before;
    PointPx m_pressedFilm;
    bool m_edited = false;
};

}  // namespace cxr::ui
