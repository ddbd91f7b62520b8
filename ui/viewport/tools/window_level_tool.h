// Window/level: drag right = wider window (softer), drag up = brighter. 400 px run through the film's value range
// (its 0.1 to 99.9 percentiles), so that 8-bit and 16-bit films feel alike. A VOI table is first replaced by the
// linear window that is closest to it.
#pragma once

#include "ui/viewport/tools/mouse_tool.h"

namespace cxr::ui {

class WindowLevelTool : public MouseTool {
  public:
    using MouseTool::MouseTool;
    [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::ArrowCursor; }
    void press(QPointF at) override;
    void drag(QPointF at) override;
    void cancel() override;
    void filmChanged() override { m_valuesPerPx = 0; }

  private:
    VoiSetting m_before;
    VoiSetting m_start;  // a window, also when m_before is a table
    QPointF m_pressed;
    double m_valuesPerPx = 0;  // 0 = not known for this film
};

// The window (LINEAR_EXACT) between the values that a table maps to 2 % and 98 %; `voi` itself when it has no table.
VoiSetting asWindow(const VoiSetting& voi);

}  // namespace cxr::ui
