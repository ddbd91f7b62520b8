// See window_level_tool.h.
#include "ui/viewport/tools/window_level_tool.h"

#include <algorithm>

#include "core/image/pixel_chain.h"

namespace cxr::ui {

namespace {
constexpr double kPxPerRange = 400;

// LINEAR needs a width of 1; the others stay wider than a hundredth of what one pixel of the mouse moves.
double smallestWidth(const VoiSetting& voi, double valuesPerPx) {
    return voi.function == VoiFunction::Linear ? 1.0 : std::max(valuesPerPx / 100, 1e-6);
}
}  // namespace

VoiSetting asWindow(const VoiSetting& voi) {
    if (!voi.table || voi.table->values.empty()) return voi;
    const int first = voi.table->firstInput;
    const int last = first + static_cast<int>(voi.table->values.size()) - 1;
    int low = first;
    int high = last;
    while (low < last && applyVoi(voi, low) < 0.02) ++low;
    while (high > low && applyVoi(voi, high) > 0.98) --high;
    VoiSetting window;
    window.center = (low + high) / 2.0;
    window.width = std::max(1.0, static_cast<double>(high - low));
    window.function = VoiFunction::LinearExact;
    return window;
}

void WindowLevelTool::press(QPointF at) {
    m_before = m_canvas.voi();
    m_start = asWindow(m_before);
    m_pressed = at;
    if (m_valuesPerPx == 0) m_valuesPerPx = percentileVoi(*m_canvas.image(), 0.001, 0.999).width / kPxPerRange;
}

void WindowLevelTool::drag(QPointF at) {
    const QPointF moved = at - m_pressed;
    const double brighter = m_canvas.isLowBright() ? -1 : 1;
    VoiSetting voi = m_start;
    voi.width = std::max(smallestWidth(voi, m_valuesPerPx), m_start.width + moved.x() * m_valuesPerPx);
    voi.center = m_start.center + brighter * moved.y() * m_valuesPerPx;
    m_canvas.changeVoi(voi);
}

void WindowLevelTool::cancel() {
    m_canvas.changeVoi(m_before);
}

}  // namespace cxr::ui
