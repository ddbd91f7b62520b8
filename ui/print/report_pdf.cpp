// Paints the report's pages into a PDF in memory, then writes the file whole.
#include <QBuffer>
#include <QGuiApplication>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <cmath>

#include "core/base/atomic_file.h"
#include "ui/print/findings_painter.h"
#include "ui/print/report_document.h"
#include "ui/print/report_pdf.h"

namespace cxr::ui {

namespace {

constexpr int kPdfDpi = 300;
// A4 in px at 96 dpi, and what stays free of the body.
constexpr double kPageWidth = 210 / 25.4 * kCssDpi;
constexpr double kPageHeight = 297 / 25.4 * kCssDpi;
constexpr double kSideMargin = 56;
constexpr double kTopMargin = 48;
constexpr double kBottomMargin = 72;

QFont footFont(bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(11);
    font.setBold(isBold);
    return font;
}

void paintFoot(QPainter& painter, int page, int pageCount) {
    const double top = kPageHeight - kBottomMargin + 18;
    const QRectF line(kSideMargin, top + 6, kPageWidth - 2 * kSideMargin, 18);
    painter.setPen(QPen(QColor(176, 186, 197), 0.7));
    painter.drawLine(QPointF(line.left(), top), QPointF(line.right(), top));
    painter.setFont(footFont(true));
    painter.setPen(QColor(148, 82, 0));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QString::fromLatin1(kNotDiagnostic));
    painter.setFont(footFont(false));
    painter.setPen(QColor(90, 102, 117));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("%1 / %2").arg(page).arg(pageCount));
}

void paintPages(QPdfWriter& writer, QTextDocument& document, const QSizeF& content) {
    QPainter painter(&writer);
    const double scale = static_cast<double>(kPdfDpi) / kCssDpi;
    painter.scale(scale, scale);
    const int pages = document.pageCount();
    for (int page = 0; page < pages; ++page) {
        if (page > 0) writer.newPage();
        painter.save();
        painter.translate(kSideMargin, kTopMargin - page * content.height());
        document.drawContents(&painter, QRectF(0, page * content.height(), content.width(), content.height()));
        painter.restore();
        paintFoot(painter, page + 1, pages);
    }
}

}  // namespace

std::vector<std::byte> reportPdf(const Report& report) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kPdfDpi);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF());
        writer.setTitle(QStringLiteral("Chest film report"));
        writer.setCreator(QStringLiteral("Precordia ") + QString::fromStdString(report.programVersion));
        const QSizeF content(kPageWidth - 2 * kSideMargin, kPageHeight - kTopMargin - kBottomMargin);
        const auto document = reportDocument(report, content);
        paintPages(writer, *document, content);
    }
    const auto data = std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
    return {data.begin(), data.end()};
}

Result<Done> writeReportPdf(const Report& report, const std::filesystem::path& file) {
    const std::vector<std::byte> bytes = reportPdf(report);
    if (bytes.empty()) return Error{ErrorCode::Internal, "The report could not be painted; please report this."};
    return writeFileAtomically(file, std::span<const std::byte>(bytes));
}

}  // namespace cxr::ui
