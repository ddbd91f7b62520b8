// TextBoxView: see text_box_view.h.
#include "ui/dialogs/text_box_view.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyleHints>
#include <cmath>

namespace cxr::ui {

TextBoxView::TextBoxView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("textBoxView"));
    setAccessibleName(tr("Film with the boxes that are blackened"));
    setToolTip(tr("Drag to add a box; click a box to take it away"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void TextBoxView::setFilm(const QImage& picture, QSize filmSize, const std::vector<QRect>& boxes) {
    m_picture = picture;
    m_filmSize = filmSize;
    m_boxes = boxes;
    m_isDragging = false;
    update();
}

QRectF TextBoxView::filmRect() const {
    if (m_filmSize.isEmpty()) return {};
    const QSizeF shown = QSizeF(m_filmSize).scaled(size(), Qt::KeepAspectRatio);
    return {QPointF((width() - shown.width()) / 2, (height() - shown.height()) / 2), shown};
}

QRect TextBoxView::toFilm(const QRectF& inWidget) const {
    const QRectF film = filmRect();
    if (film.isEmpty()) return {};
    const double scale = m_filmSize.width() / film.width();
    const QRectF scaled((inWidget.left() - film.left()) * scale, (inWidget.top() - film.top()) * scale, inWidget.width() * scale,
                        inWidget.height() * scale);
    return scaled.toAlignedRect() & QRect(QPoint(0, 0), m_filmSize);
}

void TextBoxView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Qt::black);
    const QRectF film = filmRect();
    if (film.isEmpty() || m_picture.isNull()) return;
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(film, m_picture);
    const double scale = film.width() / m_filmSize.width();
    const QColor amber(0xff, 0xb0, 0x20);
    painter.setPen(QPen(amber, 1.5));
    painter.setBrush(QColor(0, 0, 0, 150));
    for (const QRect& box : m_boxes) {
        painter.drawRect(QRectF(film.left() + box.x() * scale, film.top() + box.y() * scale, box.width() * scale, box.height() * scale));
    }
    if (!m_isDragging) return;
    painter.setPen(QPen(amber, 1.5, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(m_from, m_to).normalized());
}

void TextBoxView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_picture.isNull()) return;
    m_from = m_to = event->position();
    m_isDragging = true;
}

void TextBoxView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_isDragging) return;
    m_to = event->position();
    update();
}

void TextBoxView::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_isDragging || event->button() != Qt::LeftButton) return;
    m_to = event->position();
    m_isDragging = false;
    const QRectF drawn = QRectF(m_from, m_to).normalized();
    const int click = QGuiApplication::styleHints()->startDragDistance() / 2;
    if (drawn.width() <= click && drawn.height() <= click) return removeAt(m_to);
    const QRect box = toFilm(drawn);
    if (!box.isEmpty()) m_boxes.push_back(box);
    edited();
}

void TextBoxView::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Delete || m_boxes.empty()) return QWidget::keyPressEvent(event);
    m_boxes.pop_back();
    edited();
}

// The box on top.
void TextBoxView::removeAt(QPointF widgetPoint) {
    const QPoint at = toFilm(QRectF(widgetPoint, QSizeF(0.01, 0.01))).topLeft();
    for (std::size_t i = m_boxes.size(); i-- > 0;) {
        if (!m_boxes[i].contains(at)) continue;
        m_boxes.erase(m_boxes.begin() + static_cast<std::ptrdiff_t>(i));
        return edited();
    }
}

void TextBoxView::edited() {
    update();
    Q_EMIT boxesEdited(m_boxes);
}

}  // namespace cxr::ui
