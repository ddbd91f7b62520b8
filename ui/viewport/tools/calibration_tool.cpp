// See calibration_tool.h.
#include "ui/viewport/tools/calibration_tool.h"

#include <QLineF>
#include <QPainter>

#include "ui/print/halo_text.h"

namespace cxr::ui {

namespace {

const QColor kLine(120, 230, 255);
constexpr double kTickPx = 9;

}  // namespace

void CalibrationTool::leave() { m_canvas.refresh(); }

void CalibrationTool::press(QPointF at) {
    m_pressed = at;
    m_line.reset();
}

void CalibrationTool::drag(QPointF at) {
    m_line = LinePx{m_canvas.geometry().toFilm(m_pressed), m_canvas.geometry().toFilm(at)};
    m_canvas.refresh();
}

void CalibrationTool::release(QPointF) {
    const auto line = m_line;
    m_line.reset();
    if (line) m_canvas.calibrateBy(*line);
    m_canvas.refresh();
}

void CalibrationTool::cancel() {
    m_line.reset();
    m_canvas.refresh();
}

void CalibrationTool::paint(QPainter& painter) const {
    const auto& known = m_canvas.calibration();
    const std::optional<LinePx> line = m_line ? m_line : known ? std::optional(known->line) : std::nullopt;
    if (!line) return;
    const QLineF shown(m_canvas.geometry().toWidget(line->from), m_canvas.geometry().toWidget(line->to));
    QPointF across(0, kTickPx);
    if (shown.length() > 0) across = QPointF(-shown.dy(), shown.dx()) / shown.length() * kTickPx;
    const QLineF parts[3] = {shown, {shown.p1() - across, shown.p1() + across}, {shown.p2() - across, shown.p2() + across}};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 170), 4, Qt::SolidLine, Qt::RoundCap));
    painter.drawLines(parts, 3);
    painter.setPen(QPen(kLine, 1.6, Qt::DashLine, Qt::FlatCap));
    painter.drawLines(parts, 3);
    const bool isKnown = !m_line && known && known->lengthMm > 0;
    const QString text = isKnown ? QStringLiteral("%1 mm").arg(known->lengthMm) : QStringLiteral("?");
    drawHaloText(painter, shown.center() + across * 1.4, Qt::AlignHCenter | Qt::AlignVCenter, text, {.fontPx = 13, .colour = kLine, .bold = true});
}

}  // namespace cxr::ui
