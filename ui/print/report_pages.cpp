#include "ui/print/report_pages.h"

#include <QGuiApplication>
#include <QPainter>
#include <cmath>

#include "ui/print/report_document.h"

namespace cxr::ui {

namespace {

// A4 in px at 96 dpi, and what stays free of the body.
constexpr double kPageWidth = 210 / 25.4 * kCssDpi;
constexpr double kPageHeight = 297 / 25.4 * kCssDpi;
constexpr double kSideMargin = 52;
constexpr double kTopMargin = 38;
constexpr double kBottomMargin = 54;
constexpr double kFootGap = 8;
constexpr double kFootHeight = 16;
constexpr int kFiner = 2;  // painted so much larger, then averaged: pictures are several times finer than the screen

QSizeF contentSize() { return {kPageWidth - 2 * kSideMargin, kPageHeight - kTopMargin - kBottomMargin}; }

QFont footFont(bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(10);
    font.setBold(isBold);
    return font;
}

}  // namespace

ReportPages::ReportPages(const Report& report) : m_sheet(sheetOf(report)), m_document(reportDocument(report, contentSize())) {}

void ReportPages::paint(QPainter& painter, int index) const {
    const QSizeF content = contentSize();
    painter.save();
    painter.translate(kSideMargin, kTopMargin - index * content.height());
    m_document->drawContents(&painter, QRectF(0, index * content.height(), content.width(), content.height()));
    painter.restore();
    paintFoot(painter, index);
}

void ReportPages::paintFoot(QPainter& painter, int index) const {
    const double top = kPageHeight - kBottomMargin + kFootGap;
    const QRectF line(kSideMargin, top + 3, kPageWidth - 2 * kSideMargin, kFootHeight);
    painter.setPen(QPen(QColor(176, 186, 197), 0.7));
    painter.drawLine(QPointF(line.left(), top), QPointF(line.right(), top));
    painter.setFont(footFont(true));
    painter.setPen(QColor(134, 32, 15));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(m_sheet.notice));
    painter.setFont(footFont(false));
    painter.setPen(QColor(74, 88, 102));
    painter.drawText(line, Qt::AlignHCenter | Qt::AlignVCenter, QString::fromStdString(m_sheet.title));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(pageText(m_sheet, index + 1, count())));
}

std::vector<QImage> reportPictures(const Report& report, int widthPx) {
    const ReportPages pages(report);
    const QSize size(widthPx, static_cast<int>(std::lround(kPageHeight * widthPx / kPageWidth)));
    const double scale = kFiner * widthPx / kPageWidth;
    std::vector<QImage> pictures;
    for (int i = 0; i < pages.count(); ++i) {
        QImage picture(kFiner * size, QImage::Format_RGB32);
        picture.fill(Qt::white);
        QPainter painter(&picture);
        painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform | QPainter::TextAntialiasing);
        painter.scale(scale, scale);
        pages.paint(painter, i);
        painter.end();
        pictures.push_back(picture.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    }
    return pictures;
}

}  // namespace cxr::ui
