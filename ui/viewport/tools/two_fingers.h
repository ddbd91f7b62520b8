// TwoFingers: the film stays under both fingers. Their distance zooms, about the point that was between them, and that
// point pans; turning the hand does nothing. The order of the fingers does not matter.
//   thread rule  GUI thread only
#pragma once

#include <QLineF>
#include <QPointF>
#include <algorithm>

#include "ui/viewport/tools/film_canvas.h"

namespace cxr::ui {

class TwoFingers {
  public:
    explicit TwoFingers(FilmCanvas& canvas) : m_canvas(canvas) {}

    void begin(QPointF one, QPointF other) { m_last = {one, other}; }
    void move(QPointF one, QPointF other) {
        const QLineF now(one, other);
        const double factor = std::max(kLeastPx, now.length()) / std::max(kLeastPx, m_last.length());
        m_canvas.zoomAbout(m_last.center(), m_canvas.geometry().zoom * factor);
        m_canvas.panBy(now.center() - m_last.center());
        m_last = now;
    }

  private:
    static constexpr double kLeastPx = 10;  // fingers that touch each other do not zoom without end
    FilmCanvas& m_canvas;
    QLineF m_last;
};

}  // namespace cxr::ui
