// MouseTool: what one mouse button does on the film, from press to release. One class per tool.
// A tool that marks places to grab (ends of lines, handles) names the distance to the nearest one.
//   thread rule  GUI thread only
#pragma once

#include <QPointF>
#include <Qt>
#include <optional>

#include "ui/viewport/tools/film_canvas.h"

class QPainter;

namespace cxr::ui {

// Handles are grabbed within this distance, logical px.
inline constexpr double kGrabRadiusPx = 12;

class MouseTool {
  public:
    explicit MouseTool(FilmCanvas& canvas) : m_canvas(canvas) {}
    virtual ~MouseTool() = default;
    MouseTool(const MouseTool&) = delete;
    MouseTool& operator=(const MouseTool&) = delete;

    [[nodiscard]] virtual Qt::CursorShape cursor() const { return Qt::ArrowCursor; }
    // Distance in px to what a press here would grab; empty = nothing within kGrabRadiusPx.
    [[nodiscard]] virtual std::optional<double> grabDistance(QPointF) const { return std::nullopt; }
    // The mouse moved without a button; `isNearest` = a press here would come to this tool's handle.
    virtual void hover(QPointF, bool isNearest) { (void)isNearest; }
    virtual void leave() {}

    virtual void press(QPointF at) = 0;
    virtual void drag(QPointF at) = 0;
    virtual void release(QPointF at) { (void)at; }
    virtual void cancel() {}  // Esc: back to what was before press()

    [[nodiscard]] virtual bool editsMeasurement() const { return false; }
    virtual bool deleteSelected() { return false; }  // Del; true if something went
    virtual void filmChanged() {}                    // another film: forget everything about the old one
    virtual void paint(QPainter&) const {}           // logical px, above findings

  protected:
    FilmCanvas& m_canvas;
};

}  // namespace cxr::ui
