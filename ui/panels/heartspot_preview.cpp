// HeartSpotPreview: the HeartSpot picture in its place on the film, in step with the film view.
#include "ui/panels/heartspot_preview.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/viewport/film_view.h"

namespace cxr::ui {

namespace {

constexpr double kKeyPanPx = 24;
constexpr double kKeyZoom = 1.25;

}  // namespace

HeartSpotPreview::HeartSpotPreview(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("heartSpotPreview"));
    setAccessibleName(tr("HeartSpot picture"));
    setToolTip(tr("The pixels that HeartSpot keeps. Drag to pan, wheel to zoom; the film follows"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setCursor(Qt::OpenHandCursor);
}

HeartSpotPreview::~HeartSpotPreview() = default;

void HeartSpotPreview::setFilmSize(QSize size) {
    m_view.filmSize = size;
    m_view.widgetSize = this->size();
    m_view.devicePixelRatio = devicePixelRatioF();
    m_view.fit();
    follow();
    update();
}

void HeartSpotPreview::setPicture(const QImage& picture) {
    m_picture = picture;
    update();
}

void HeartSpotPreview::setHint(const QString& hint) {
    m_hint = hint;
    setAccessibleDescription(hint);
    update();
}

QRectF HeartSpotPreview::cropSquare() const {
    const int side = std::min(m_view.filmSize.width(), m_view.filmSize.height());
    return {static_cast<double>((m_view.filmSize.width() - side) / 2),
            static_cast<double>((m_view.filmSize.height() - side) / 2), static_cast<double>(side),
            static_cast<double>(side)};
}

void HeartSpotPreview::link(FilmView* main) {
    if (m_main) {
        m_main->removeEventFilter(this);
        disconnect(m_main, nullptr, this, nullptr);
    }
    m_main = main;
    if (!m_main) return;
    connect(m_main, &FilmView::viewChanged, this, &HeartSpotPreview::follow);
    m_main->installEventFilter(this);  // its size and its orientation matter too
    follow();
}

bool HeartSpotPreview::isLinked() const {
    return m_main && m_main->image() && !m_view.filmSize.isEmpty() &&
           m_main->image()->width() == m_view.filmSize.width() && m_main->image()->height() == m_view.filmSize.height();
}

double HeartSpotPreview::mainFitZoom() const {
    ViewGeometry main;
    main.filmSize = m_view.filmSize;
    main.widgetSize = m_main->size();
    main.devicePixelRatio = m_main->devicePixelRatioF();
    main.orientation = m_main->orientation();
    return main.fitZoom();
}

void HeartSpotPreview::follow() {
    if (m_isLeading || !isLinked()) return;
    ViewGeometry next = m_view;
    next.orientation = m_main->orientation();
    const double fit = mainFitZoom();
    if (fit <= 0) return;
    next.zoom = std::clamp(m_main->zoom() / fit * next.fitZoom(), kSmallestZoom, kLargestZoom);
    next.centre = m_main->centre();
    if (next.zoom == m_view.zoom && next.centre == m_view.centre && next.orientation == m_view.orientation) return;
    m_view = next;
    update();
}

void HeartSpotPreview::lead() {
    update();
    if (!isLinked() || m_view.fitZoom() <= 0) return;
    m_isLeading = true;  // what the film view answers while it moves is our own voice
    m_main->setZoom(m_view.zoom / m_view.fitZoom() * mainFitZoom());
    m_main->setCentre(m_view.centre);
    m_isLeading = false;
}

bool HeartSpotPreview::eventFilter(QObject* watched, QEvent* event) {
    const bool moved = event->type() == QEvent::Resize || event->type() == QEvent::Paint;
    if (watched == m_main && moved) follow();
    return QWidget::eventFilter(watched, event);
}

void HeartSpotPreview::resizeEvent(QResizeEvent* /*event*/) {
    const double before = m_view.fitZoom();
    const double relative = before > 0 ? m_view.zoom / before : 1;
    m_view.widgetSize = size();
    m_view.devicePixelRatio = devicePixelRatioF();
    if (m_view.fitZoom() > 0) m_view.zoom = std::clamp(relative * m_view.fitZoom(), kSmallestZoom, kLargestZoom);
}

void HeartSpotPreview::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), QColor(12, 12, 14));
    m_picture.isNull() ? paintHint(painter) : paintPicture(painter);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void HeartSpotPreview::paintPicture(QPainter& painter) const {
    painter.save();
    painter.setTransform(m_view.filmToWidget(), true);
    const double screenPxPerSample = m_view.zoom * cropSquare().width() / m_picture.width();
    painter.setRenderHint(QPainter::SmoothPixmapTransform,
                          screenPxPerSample < 1.5);  // beyond: show the samples as they are
    painter.drawImage(cropSquare(), m_picture);
    QPen edge(QColor(255, 255, 255, 70), 0);  // 0: one screen pixel at any zoom
    painter.setPen(edge);
    painter.drawRect(QRectF(QPointF(0, 0), m_view.filmSize));
    edge.setStyle(Qt::DashLine);
    painter.setPen(edge);
    painter.drawRect(cropSquare());
    painter.restore();
}

void HeartSpotPreview::paintHint(QPainter& painter) const {
    painter.setPen(QColor(200, 200, 206));
    painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_hint);
}

void HeartSpotPreview::mousePressEvent(QMouseEvent* event) { m_dragFrom = event->position(); }

void HeartSpotPreview::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton || m_view.filmSize.isEmpty()) return;
    m_view.panBy(event->position() - m_dragFrom);
    m_dragFrom = event->position();
    lead();
}

void HeartSpotPreview::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
    m_view.fit();
    lead();
}

void HeartSpotPreview::wheelEvent(QWheelEvent* event) {
    if (m_view.filmSize.isEmpty()) return;
    m_view.zoomAbout(event->position(), m_view.zoom * std::pow(2.0, event->angleDelta().y() / 480.0));
    lead();
    event->accept();
}

void HeartSpotPreview::keyPressEvent(QKeyEvent* event) {
    const QPointF middle = QRectF(rect()).center();
    switch (event->key()) {
        case Qt::Key_Plus:
            m_view.zoomAbout(middle, m_view.zoom * kKeyZoom);
            break;
        case Qt::Key_Minus:
            m_view.zoomAbout(middle, m_view.zoom / kKeyZoom);
            break;
        case Qt::Key_Equal:
            m_view.fit();
            break;
        case Qt::Key_Left:
            m_view.panBy({kKeyPanPx, 0});
            break;
        case Qt::Key_Right:
            m_view.panBy({-kKeyPanPx, 0});
            break;
        case Qt::Key_Up:
            m_view.panBy({0, kKeyPanPx});
            break;
        case Qt::Key_Down:
            m_view.panBy({0, -kKeyPanPx});
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    lead();
}

}  // namespace cxr::ui
