#include "ui/dialogs/prior_figure_view.h"

#include <QLabel>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <algorithm>

namespace cxr::ui {

PriorFigureView::PriorFigureView(QWidget* parent) : QScrollArea(parent), m_label(new QLabel(this)) {
    setObjectName(QStringLiteral("priorFigure"));
    setAccessibleName(tr("Pictures of the priors"));
    setToolTip(tr("What each prior keeps of the first film"));
    m_label->setObjectName(QStringLiteral("priorFigureLabel"));
    m_label->setAlignment(Qt::AlignCenter);
    setWidget(m_label);
    setWidgetResizable(true);
    paintAgain();
}

void PriorFigureView::setFigure(const PriorFigure& figure) {
    m_figure = figure;
    paintAgain();
}

void PriorFigureView::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) paintAgain();
}

void PriorFigureView::paintAgain() {
    if (m_figure.panels.empty()) {
        m_painted = {};
        m_label->setPixmap({});
        m_label->setText(tr("Compare a film or a folder: the pictures of its priors stand here."));
        return;
    }
    PriorFigure fitting = m_figure;
    const int width = viewport()->width();
    for (fitting.columns = static_cast<int>(fitting.panels.size()); fitting.columns > 1; --fitting.columns) {
        if (figureSize(fitting).width() <= width) break;
    }
    const qreal ratio = devicePixelRatioF();
    m_painted = QImage((figureSize(fitting) * ratio).toSize(), QImage::Format_RGB32);
    m_painted.setDevicePixelRatio(ratio);
    QPainter painter(&m_painted);
    paintPriorFigure(painter, fitting);
    painter.end();
    m_label->setPixmap(QPixmap::fromImage(m_painted));
}

}  // namespace cxr::ui
