// Curtain: see curtain.h. Both views fill the place; masks cut them.
#include "ui/compare/curtain.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace cxr::ui {

namespace {

constexpr int kHandlePx = 14;
constexpr double kKeyStep = 0.02;

}  // namespace

// The line between the views.
class CurtainHandle : public QWidget {
  public:
    explicit CurtainHandle(Curtain* curtain) : QWidget(curtain), m_curtain(curtain) {
        setObjectName(QStringLiteral("curtainHandle"));
        setAccessibleName(Curtain::tr("Line between the two pictures"));
        setToolTip(Curtain::tr("Drag to move the curtain; left and right arrow keys do it too"));
        setCursor(Qt::SplitHCursor);
        setFocusPolicy(Qt::StrongFocus);
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QPointF middle = QRectF(rect()).center();
        const QColor colour = hasFocus() ? palette().color(QPalette::Highlight) : QColor(255, 255, 255);
        painter.setPen(QPen(QColor(0, 0, 0, 170), 3));
        painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), height()));
        painter.setPen(QPen(colour, 1.4));
        painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), height()));
        painter.setBrush(colour);
        painter.setPen(QPen(QColor(0, 0, 0, 170), 1));
        painter.drawRoundedRect(QRectF(middle.x() - 4, middle.y() - 16, 8, 32), 4, 4);
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (event->buttons() & Qt::LeftButton) moveTo(mapToParent(event->position().toPoint()).x());
    }
    void keyPressEvent(QKeyEvent* event) override {
        const int direction = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
        if (direction == 0) return QWidget::keyPressEvent(event);
        m_curtain->setShare(m_curtain->share() + direction * kKeyStep);
    }

  private:
    void moveTo(int x) { m_curtain->setShare(static_cast<double>(x) / std::max(1, m_curtain->width())); }
    Curtain* m_curtain;
};

Curtain::Curtain(QWidget* parent) : QWidget(parent), m_handle(new CurtainHandle(this)) {
    setObjectName(QStringLiteral("curtain"));
    setMinimumSize(200, 150);
}

void Curtain::setViews(QWidget* left, QWidget* right) {
    m_left = left;
    m_right = right;
    for (QWidget* view : {right, left}) {  // the first one lies above
        if (!view) continue;
        view->setParent(this);
        view->show();
        view->raise();
    }
    m_handle->raise();
    arrange();
}

void Curtain::setShare(double share) {
    m_share = std::clamp(share, 0.0, 1.0);
    arrange();
}

void Curtain::resizeEvent(QResizeEvent*) { arrange(); }

void Curtain::arrange() {
    const int x = static_cast<int>(std::lround(m_share * width()));
    for (QWidget* view : {m_left, m_right})
        if (view) view->setGeometry(rect());
    // Each view keeps its texts in the part that is seen.
    const int seam = std::clamp(x, 1, std::max(1, width() - 1));
    if (m_left) m_left->setMask(QRegion(0, 0, seam, height()));
    if (m_right) m_right->setMask(QRegion(seam, 0, width() - seam, height()));
    for (QWidget* view : {m_left, m_right})
        if (view) view->update();
    m_handle->setGeometry(x - kHandlePx / 2, 0, kHandlePx, height());
}

}  // namespace cxr::ui
