// PictureBox: shows a picture as large as the box allows.
#include "ui/panels/picture_box.h"

#include <QPainter>

namespace cxr::ui {

PictureBox::PictureBox(const QString& objectName, QWidget* parent) : QWidget(parent) {
    setObjectName(objectName);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PictureBox::setImage(const QImage& image) {
    m_image = image;
    m_scaled = {};
    update();
}

void PictureBox::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), QColor(12, 12, 14));
    if (m_image.isNull()) {
        painter.setPen(QColor(200, 200, 206));
        painter.drawText(rect(), Qt::AlignCenter, tr("Drawing the picture…"));
        return;
    }
    const double ratio = devicePixelRatioF();
    const QSize wanted = m_image.size().scaled(size() * ratio, Qt::KeepAspectRatio);
    if (m_scaled.size() != wanted) m_scaled = m_image.scaled(wanted, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    m_scaled.setDevicePixelRatio(ratio);
    const QSizeF shown = QSizeF(m_scaled.size()) / ratio;
    painter.drawImage(QPointF((width() - shown.width()) / 2, (height() - shown.height()) / 2), m_scaled);
}

}  // namespace cxr::ui
