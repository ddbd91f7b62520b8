#include "ui/dialogs/report_preview.h"

#include <QLabel>
#include <QThreadPool>
#include <QVBoxLayout>
#include <cmath>

namespace cxr::ui {

ReportPreview::ReportPreview(QWidget* parent) : QScrollArea(parent) {
    setObjectName(QStringLiteral("reportPreview"));
    setAccessibleName(tr("Pages of the report"));
    setToolTip(tr("The pages as the PDF will have them"));
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("reportPages"));
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(12, 12, 12, 12);
    m_column->setSpacing(12);
    setWidget(content);
    setWidgetResizable(true);
    setMinimumWidth(kPageWidthPx + 50);
}

void ReportPreview::showPages(std::function<std::vector<QImage>(int)> paint) {
    const int width = static_cast<int>(std::lround(kPageWidthPx * devicePixelRatioF()));
    m_job = startJob<std::vector<QImage>>(
        *QThreadPool::globalInstance(), this,
        [paint = std::move(paint), width](const RunContext&) -> Result<std::vector<QImage>> { return paint(width); }, {},
        [this](Result<std::vector<QImage>> pages) {
            if (pages) setPages(pages.value());
        });
}

void ReportPreview::setPages(const std::vector<QImage>& pages) {
    while (m_column->count() > static_cast<int>(pages.size())) {
        QLayoutItem* last = m_column->takeAt(m_column->count() - 1);
        delete last->widget();
        delete last;
    }
    for (int i = 0; i < static_cast<int>(pages.size()); ++i) {
        if (i >= m_column->count()) m_column->addWidget(new QLabel(widget()), 0, Qt::AlignHCenter | Qt::AlignTop);
        auto* label = qobject_cast<QLabel*>(m_column->itemAt(i)->widget());
        QPixmap page = QPixmap::fromImage(pages[static_cast<std::size_t>(i)]);
        page.setDevicePixelRatio(devicePixelRatioF());
        label->setPixmap(page);
        label->setFixedSize(page.deviceIndependentSize().toSize());
        label->setAccessibleName(tr("Page %1 of %2").arg(i + 1).arg(pages.size()));
    }
    m_pages = static_cast<int>(pages.size());
    Q_EMIT painted();
}

}  // namespace cxr::ui
