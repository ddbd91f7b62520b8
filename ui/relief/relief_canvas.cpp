// ReliefCanvas: see relief_canvas.h.
#include "ui/relief/relief_canvas.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

namespace cxr::ui {

namespace {

const QColor kGround(16, 19, 24);
const QColor kText(226, 231, 237);
constexpr double kDegreesPerPx = 0.35;
constexpr double kKeyDegrees = 5;
constexpr double kKeyPanPx = 24;
constexpr double kZoomStep = 1.2;
constexpr double kFontPx = 12;
constexpr int kLegendWidthPx = 430;  // narrower: title and numbers only

}  // namespace

ReliefCanvas::ReliefCanvas(int number, QWidget* parent) : QWidget(parent), m_number(number) {
    setObjectName(QStringLiteral("reliefCanvas%1").arg(number));
    setAccessibleName(tr("Landscape %1").arg(number));
    setAccessibleDescription(tr("Arrow keys turn, with Shift they pan, plus and minus zoom, 0 goes back"));
    setToolTip(tr("Drag to turn all landscapes, right drag to pan, wheel to zoom, double click to go back; click to mark a point"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setMouseTracking(true);
    setMinimumSize(200, 150);
}

void ReliefCanvas::setLandscape(const LandscapePtr& landscape) {
    m_landscape = landscape;
    if (!landscape || !landscape->sentence.isEmpty()) m_frame = {};
    update();
}

void ReliefCanvas::setFrame(const QImage& frame, const ReliefCamera& camera) {
    m_frame = frame;
    m_frameCamera = camera;
    update();
}

void ReliefCanvas::setMessage(const QString& message) {
    m_message = message;
    update();
}

void ReliefCanvas::setMark(const std::optional<PointPx>& mark) {
    m_mark = mark;
    update();
}

void ReliefCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), kGround);
    if (m_landscape && (!m_frame.isNull() || !m_landscape->sentence.isEmpty())) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        if (!m_frame.isNull()) painter.drawImage(QRectF(rect()), m_frame);
        paintReliefNotes(painter, rect(), *m_landscape, m_frameCamera, {m_number, kFontPx, width() < kLegendWidthPx, m_mark});
    }
    if (!m_message.isEmpty()) {
        painter.setPen(kText);
        painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap, m_message);
    }
    if (!hasFocus()) return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

std::optional<PointPx> ReliefCanvas::filmAt(QPointF at) const {
    return m_landscape ? filmPointAt(*m_landscape, m_frameCamera, QSizeF(size()), at) : std::nullopt;
}

void ReliefCanvas::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = m_dragFrom = event->position();
    m_isDragging = false;
}

void ReliefCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton) {
        Q_EMIT pointedAt(filmAt(event->position()));
        return;
    }
    if (!m_isDragging && (event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance()) return;
    const QPointF moved = event->position() - m_dragFrom;
    m_isDragging = true;
    m_dragFrom = event->position();
    const bool turns = event->buttons() & Qt::LeftButton;
    Q_EMIT cameraWanted(turns ? turned(m_camera, -moved.x() * kDegreesPerPx, moved.y() * kDegreesPerPx) : panned(m_camera, moved, size()), true);
}

void ReliefCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (m_isDragging) {
        Q_EMIT cameraWanted(m_camera, false);
    } else if (event->button() == Qt::LeftButton) {
        Q_EMIT marked(filmAt(event->position()));
    }
    m_isDragging = false;
}

void ReliefCanvas::mouseDoubleClickEvent(QMouseEvent*) { Q_EMIT resetWanted(); }

void ReliefCanvas::wheelEvent(QWheelEvent* event) {
    Q_EMIT cameraWanted(zoomed(m_camera, std::pow(kZoomStep, event->angleDelta().y() / 120.0)), true);
    event->accept();
}

void ReliefCanvas::keyPressEvent(QKeyEvent* event) {
    const bool pans = event->modifiers() & Qt::ShiftModifier;
    const auto step = [&](double x, double y) {
        Q_EMIT cameraWanted(pans ? panned(m_camera, QPointF(x, y) * kKeyPanPx, size()) : turned(m_camera, -x * kKeyDegrees, y * kKeyDegrees), true);
    };
    switch (event->key()) {
        case Qt::Key_Left: return step(-1, 0);
        case Qt::Key_Right: return step(1, 0);
        case Qt::Key_Up: return step(0, -1);
        case Qt::Key_Down: return step(0, 1);
        case Qt::Key_Plus: case Qt::Key_Equal: return Q_EMIT cameraWanted(zoomed(m_camera, kZoomStep), true);
        case Qt::Key_Minus: return Q_EMIT cameraWanted(zoomed(m_camera, 1 / kZoomStep), true);
        case Qt::Key_0: case Qt::Key_Home: return Q_EMIT resetWanted();
        default: QWidget::keyPressEvent(event);
    }
}

void ReliefCanvas::leaveEvent(QEvent*) { Q_EMIT pointedAt(std::nullopt); }

}  // namespace cxr::ui
