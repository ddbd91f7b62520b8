// Ruler: drag draws a line; its length stands beside it in mm with its provenance, or in px. Ends of drawn lines can be
// dragged again; a click marks a line, Del removes the marked one.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

// "71 mm (at the detector)" or "406 px": length in any direction, rows and columns each with their own spacing.
QString rulerText(const LinePx& line, const Spacing& spacing);

class RulerTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return m_hovered ? Qt::SizeAllCursor : Qt::CrossCursor; }
    [[nodiscard]] std::optional<double> grabDistance(QPointF at) const override;
    void hover(QPointF at, bool isNearest) override;
    void leave() override;
    void press(QPointF at) override;
    void drag(QPointF at) override;
    void release(QPointF at) override;
    void cancel() override;
    bool deleteSelected() override;
    void filmChanged() override;

    // Drawn in every tool, so that measured lengths stay; handles and the mark only while this tool is chosen.
    void paintRulers(QPainter& painter, bool isActive) const;

  private:
    struct End {
        std::size_t ruler = 0;
        bool isTo = false;
    };
    [[nodiscard]] std::optional<End> endAt(QPointF at, double* distance = nullptr) const;
    [[nodiscard]] std::optional<std::size_t> rulerAt(QPointF at) const;

    std::optional<End> m_hovered;
    std::optional<std::size_t> m_selected;
    std::vector<LinePx> m_before;
    std::optional<End> m_grabbed;  // empty while nothing was dragged yet
    QPointF m_pressed;
};

}  // namespace cxr::ui
