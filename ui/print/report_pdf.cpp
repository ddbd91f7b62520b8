// Paints the report's pages into a PDF in memory, then writes the file whole.
#include "ui/print/report_pdf.h"

#include <QBuffer>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>

#include "core/base/atomic_file.h"
#include "ui/print/findings_painter.h"
#include "ui/print/pdf_metadata.h"
#include "ui/print/report_document.h"
#include "ui/print/report_pages.h"

namespace cxr::ui {

namespace {

constexpr int kPdfDpi = 300;

void paintPages(QPdfWriter& writer, const ReportPages& pages) {
    QPainter painter(&writer);
    const double scale = static_cast<double>(kPdfDpi) / kCssDpi;
    painter.scale(scale, scale);
    for (int page = 0; page < pages.count(); ++page) {
        if (page > 0) writer.newPage();
        pages.paint(painter, page);
    }
}

PdfFacts factsOf(const ReportSheet& sheet) {
    return {sheet.title, sheet.readerName.empty() ? sheet.program : sheet.readerName, sheet.subject, sheet.program, sheet.language};
}

}  // namespace

std::vector<std::byte> reportPdf(const Report& report) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    const ReportPages pages(report);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kPdfDpi);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF());
        paintPages(writer, pages);
    }
    return withMetadata(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), factsOf(pages.sheet()));
}

Result<Done> writeReportPdf(const Report& report, const std::filesystem::path& file) {
    const std::vector<std::byte> bytes = reportPdf(report);
    if (bytes.empty()) return Error{ErrorCode::Internal, "The report could not be painted; please report this."};
    return writeFileAtomically(file, std::span<const std::byte>(bytes));
}

}  // namespace cxr::ui
