// FilmView: mouse, wheel, keys, touch and drops. Left works the chosen tool or the handle under the mouse, middle pans,
// right zooms.
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPointingDevice>
#include <QStyleHints>
#include <QTouchEvent>
#include <QUrl>
#include <QWheelEvent>
#include <cmath>
#include <utility>
#include <vector>

#include "core/image/pixel_chain.h"
#include "ui/viewport/film_view_p.h"

namespace cxr::ui {

namespace {

constexpr double kClickPx = 3;          // a press that moves less is a click
constexpr double kArrowStepPx = 48;     // logical px
constexpr double kZoomPerWheelStep = 1.2;
constexpr double kTapPx = 24;           // two taps that lie farther apart are no double tap

QStringList localFiles(const QMimeData* mime) {
    QStringList files;
    for (const QUrl& url : mime->urls()) {
        if (url.isLocalFile()) files << url.toLocalFile();
    }
    return files;
}

QPointF arrowOf(int key) {
    switch (key) {
        case Qt::Key_Left: return {1, 0};
        case Qt::Key_Right: return {-1, 0};
        case Qt::Key_Up: return {0, 1};
        case Qt::Key_Down: return {0, -1};
        default: return {};
    }
}

}  // namespace

MouseTool& FilmView::Private::toolAt(QPointF at) const {
    MouseTool* nearest = &current();
    std::optional<double> best = current().grabDistance(at);
    for (MouseTool* tool : {m_lineTool.get(), m_boxTool.get()}) {
        const auto away = tool ? tool->grabDistance(at) : std::nullopt;
        if (!away || (best && *best <= *away)) continue;
        best = away;
        nearest = tool;
    }
    return *nearest;
}

void FilmView::Private::hover(QPointF at) {
    MouseTool& nearest = toolAt(at);
    if (m_lineTool) m_lineTool->hover(at, &nearest == m_lineTool.get());
    if (m_boxTool) m_boxTool->hover(at, &nearest == m_boxTool.get());
    current().hover(at, &nearest == &current());
    m_view.setCursor(nearest.cursor());
}

void FilmView::Private::updateCursor(QPointF at) {
    m_view.setCursor(m_image ? toolAt(at).cursor() : Qt::ArrowCursor);
}

void FilmView::Private::startDrag(MouseTool& tool, Qt::MouseButton button, QPointF at) {
    m_dragging = &tool;
    m_dragButton = button;
    m_pressedAt = at;
    m_moved = false;
    tool.press(at);
    m_view.setCursor(tool.cursor());
}

void FilmView::Private::moveDrag(QPointF at) {
    const QPointF moved = at - m_pressedAt;
    if (std::hypot(moved.x(), moved.y()) >= kClickPx) m_moved = true;
    if (m_moved) m_dragging->drag(at);
}

void FilmView::Private::endDrag(QPointF at) {
    MouseTool* tool = m_dragging;
    m_dragging = nullptr;
    tool->release(at);
    hover(at);
}

bool FilmView::Private::cancelDrag() {
    if (!m_dragging) return false;
    MouseTool* tool = m_dragging;
    m_dragging = nullptr;
    tool->cancel();
    m_view.update();
    return true;
}

void FilmView::Private::touch(const QTouchEvent& event) {
    if (event.type() == QEvent::TouchBegin) m_fingers = 0;
    std::vector<QPointF> down;
    for (const QEventPoint& point : event.points()) {
        if (point.state() != QEventPoint::Released) down.push_back(point.position());
    }
    const auto before = std::exchange(m_fingers, event.type() == QEvent::TouchCancel ? 0 : std::ssize(down));
    if (event.type() == QEvent::TouchCancel) {
        cancelDrag();
    } else if (m_fingers == 2 && before == 2) {
        m_twoFingers.move(down[0], down[1]);
    } else if (m_fingers == 2) {
        cancelDrag();  // what the first finger began
        m_twoFingers.begin(down[0], down[1]);
    } else if (m_fingers == 1 && before == 0) {
        touchDown(down[0]);
    } else if (m_fingers == 1 && m_dragging) {
        m_lastTouch = down[0];
        reportCursor(m_lastTouch);
        moveDrag(m_lastTouch);
    } else if (m_fingers == 0) {
        touchUp();
    }
}

void FilmView::Private::touchDown(QPointF at) {
    const bool isNear = std::hypot(at.x() - m_lastTouch.x(), at.y() - m_lastTouch.y()) < kTapPx;
    const bool isDouble = isNear && m_sinceTap.isValid() &&
                          m_sinceTap.elapsed() < QGuiApplication::styleHints()->mouseDoubleClickInterval();
    m_sinceTap.invalidate();
    m_lastTouch = at;
    if (isDouble) return fit();
    if (m_dragging) return;  // the mouse's
    reportCursor(at);
    startDrag(toolAt(at), Qt::LeftButton, at);
}

void FilmView::Private::touchUp() {
    if (!m_dragging) return;
    if (!m_moved) m_sinceTap.start();
    endDrag(m_lastTouch);
}

void FilmView::Private::reportCursor(QPointF at) {
    const PointPx film = m_geometry.toFilm(at);
    if (!m_image || !m_geometry.isInFilm(film)) {
        Q_EMIT m_view.cursorMoved(false, 0, 0, 0);
        return;
    }
    const int column = static_cast<int>(film.x);
    const int row = static_cast<int>(film.y);
    Q_EMIT m_view.cursorMoved(true, column, row, modalityValue(grayFilm(), m_image->samples.at<std::uint16_t>(row, column)));
}

void FilmView::mousePressEvent(QMouseEvent* event) {
    if (!d->m_image || d->m_dragging) return;
    switch (event->button()) {
        case Qt::LeftButton: d->startDrag(d->toolAt(event->position()), Qt::LeftButton, event->position()); break;
        case Qt::MiddleButton: d->startDrag(d->toolFor(FilmTool::Pan), event->button(), event->position()); break;
        case Qt::RightButton: d->startDrag(d->toolFor(FilmTool::Zoom), event->button(), event->position()); break;
        default: event->ignore();
    }
}

void FilmView::mouseMoveEvent(QMouseEvent* event) {
    if (!d->m_image) return;
    const QPointF at = event->position();
    d->reportCursor(at);
    if (!d->m_dragging) {
        d->hover(at);
        return;
    }
    d->moveDrag(at);
}

void FilmView::mouseReleaseEvent(QMouseEvent* event) {
    if (!d->m_dragging || event->button() != d->m_dragButton) return;
    const bool isRightClick = event->button() == Qt::RightButton && !d->m_moved;
    d->endDrag(event->position());
    if (isRightClick) Q_EMIT contextMenuWanted(event->position().toPoint());
}

void FilmView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) zoomToFit();
}

void FilmView::wheelEvent(QWheelEvent* event) {
    if (!d->m_image || event->angleDelta().y() == 0) return;
    const double steps = event->angleDelta().y() / 120.0;
    d->zoomAbout(event->position(), d->m_geometry.zoom * std::pow(kZoomPerWheelStep, steps));
    d->reportCursor(event->position());
    event->accept();
}

void FilmView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && d->cancelDrag()) return;
    if (event->key() == Qt::Key_Delete && (d->m_boxTool->deleteSelected() || d->current().deleteSelected())) return;
    const QPointF arrow = arrowOf(event->key());
    if (arrow.isNull() || !d->m_image) {
        QWidget::keyPressEvent(event);
        return;
    }
    d->panBy(arrow * kArrowStepPx);
}

void FilmView::leaveEvent(QEvent*) {
    if (!d->m_image) return;
    if (!d->m_dragging) {
        d->current().leave();
        if (d->m_lineTool) d->m_lineTool->leave();
        if (d->m_boxTool) d->m_boxTool->leave();
    }
    Q_EMIT cursorMoved(false, 0, 0, 0);
}

bool FilmView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && d->m_dragging &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::NativeGesture && d->m_image) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            d->zoomAbout(gesture->position(), d->m_geometry.zoom * (1 + gesture->value()));
            return true;
        }
    }
    const bool isTouch = event->type() == QEvent::TouchBegin || event->type() == QEvent::TouchUpdate ||
                         event->type() == QEvent::TouchEnd || event->type() == QEvent::TouchCancel;
    if (isTouch && d->m_image) {
        const auto* touch = static_cast<QTouchEvent*>(event);
        if (touch->pointingDevice()->type() == QInputDevice::DeviceType::TouchScreen) {
            event->accept();
            d->touch(*touch);
            return true;
        }
    }
    return QWidget::event(event);
}

void FilmView::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void FilmView::dropEvent(QDropEvent* event) {
    const QStringList files = localFiles(event->mimeData());
    if (files.isEmpty()) return;
    event->acceptProposedAction();
    Q_EMIT filesDropped(files);
}

void FilmView::resizeEvent(QResizeEvent*) { d->adoptWidgetSize(); }

}  // namespace cxr::ui
