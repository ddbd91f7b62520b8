#include "ui/print/prior_figure.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QLocale>
#include <QPaintEngine>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "core/base/atomic_file.h"
#include "core/measure/finding.h"
#include "ui/print/colour_map.h"

namespace cxr::ui {
namespace {

constexpr double kPicture = 160, kGap = 14, kMargin = 18;
constexpr double kTitleHeight = 20, kLineHeight = 15, kFootGap = 6;
constexpr int kTitlePx = 13, kLinePx = 11;
constexpr double kPngScale = 2;
constexpr float kShownFrom = 1.0F / 3;  // share of the largest relevance
constexpr int kFirstColour = 150;       // inferno's dark half would vanish on black and beside white rows

QString tr(const char* text) { return QCoreApplication::translate("PriorFigure", text); }

QFont figureFont(int px, bool isStrong) {
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(px);
    if (isStrong) font.setWeight(QFont::DemiBold);
    return font;
}

int linesOf(const PriorFigure& figure) {
    qsizetype most = 0;
    for (const PriorPanel& panel : figure.panels) most = std::max(most, panel.lines.size());
    return static_cast<int>(most);
}

int columnsOf(const PriorFigure& figure) {
    return std::max(1, std::min(figure.columns, static_cast<int>(figure.panels.size())));
}

double panelHeight(const PriorFigure& figure) { return kTitleHeight + kPicture + 4 + linesOf(figure) * kLineHeight; }

void paintPanel(QPainter& painter, QPointF at, const PriorPanel& panel, bool showRelevance) {
    painter.setPen(Qt::black);
    painter.setFont(figureFont(kTitlePx, true));
    painter.drawText(QRectF(at, QSizeF(kPicture, kTitleHeight)), Qt::AlignLeft | Qt::AlignVCenter, panel.title);
    const QRectF square(at.x(), at.y() + kTitleHeight, kPicture, kPicture);
    // Pixels that were kept, not pixels between them; only where a screen has fewer than the picture are they averaged.
    const bool isRaster = painter.paintEngine()->type() == QPaintEngine::Raster;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, isRaster && painter.deviceTransform().m11() * kPicture < panel.picture.width());
    painter.drawImage(square, paintedPanel(panel, showRelevance));
    painter.setFont(figureFont(kLinePx, false));
    double y = square.bottom() + 4;
    for (const QString& line : panel.lines) {
        const QString fitting = painter.fontMetrics().elidedText(line, Qt::ElideRight, static_cast<int>(kPicture + kGap) - 4);
        painter.drawText(QRectF(at.x(), y, kPicture + kGap, kLineHeight), Qt::AlignLeft | Qt::AlignVCenter, fitting);
        y += kLineHeight;
    }
}

QStringList footLines(const PriorFigure& figure) {
    QStringList lines{tr("Not for diagnostic use. Re-identification risk not measured.")}, networks;
    for (const PriorPanel& panel : figure.panels) {
        if (!panel.network.isEmpty() && !networks.contains(panel.network)) networks << panel.network;
    }
    if (!networks.isEmpty()) lines << tr("Network: %1.").arg(networks.join(QStringLiteral(", ")));
    const bool hasRelevance = figure.showRelevance && std::any_of(figure.panels.begin(), figure.panels.end(),
                                                                  [](const PriorPanel& p) { return !p.relevance.empty(); });
    if (hasRelevance) lines.back() += QLatin1Char(' ') + tr("Colour: what speaks for cardiomegaly, from a third of its maximum on.");
    return lines;
}

double footHeight(const PriorFigure& figure) { return kFootGap + static_cast<double>(footLines(figure).size()) * kLineHeight; }

// The notice is read whole, below few pictures too.
double footWidth(const PriorFigure& figure) {
    const QFontMetricsF metrics(figureFont(kLinePx, false));
    double widest = 0;
    for (const QString& line : footLines(figure)) widest = std::max(widest, metrics.horizontalAdvance(line));
    return std::ceil(widest) + 4;
}

Result<QByteArray> pngBytes(const PriorFigure& figure) {
    const QSize size = (figureSize(figure) * kPngScale).toSize();
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull()) return Error{ErrorCode::OutOfMemory, "there is not enough memory for the picture"};
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(kPngScale, kPngScale);
    paintPriorFigure(painter, figure);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) return Error{ErrorCode::Internal, "the figure could not be coded as PNG"};
    return bytes;
}

QByteArray svgBytes(const PriorFigure& figure) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    const QSizeF size = figureSize(figure);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setTitle(tr("Priors of HeartSpot"));
    QPainter painter(&generator);
    paintPriorFigure(painter, figure);
    painter.end();
    return bytes;
}

QByteArray pdfBytes(const PriorFigure& figure) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    const QSizeF size = figureSize(figure);
    writer.setPageSize(QPageSize(size, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setResolution(144);
    writer.setTitle(tr("Priors of HeartSpot"));
    writer.setCreator(QStringLiteral("Precordia"));
    QPainter painter(&writer);
    painter.scale(writer.width() / size.width(), writer.height() / size.height());
    paintPriorFigure(painter, figure);
    painter.end();
    return bytes;
}

}  // namespace

QStringList priorLines(const PriorRow& row) {
    const QLocale plain(QLocale::English);
    QStringList lines{tr("keeps %1 %").arg(std::round(1000 * row.keptShare()) / 10, 0, 'f', 1),
                      tr("%1 bytes sealed").arg(plain.toString(static_cast<qulonglong>(row.bundleBytes)))};
    if (const std::string own = differencesOf(row.spec); !own.empty()) lines.prepend(QString::fromStdString(own));
    lines << (row.probability ? tr("cardiomegaly %1").arg(QString::fromStdString(percentText(*row.probability))) : tr("no network for it"));
    return lines;
}

PriorPanel priorPanel(const PriorResult& result) {
    PriorPanel panel;
    panel.title = QString::fromStdString(result.row.spec.name());
    panel.lines = priorLines(result.row);
    panel.network = QString::fromStdString(result.row.pack);
    const cv::Mat picture = pictureOf(result.bundle);
    panel.picture = QImage(picture.data, picture.cols, picture.rows, static_cast<qsizetype>(picture.step[0]), QImage::Format_Grayscale8).copy();
    const cv::Mat relevance = explanationPicture(result.bundle);
    if (!relevance.empty()) panel.relevance.assign(relevance.begin<float>(), relevance.end<float>());
    return panel;
}

QImage paintedPanel(const PriorPanel& panel, bool showRelevance) {
    QImage image = panel.picture.convertToFormat(QImage::Format_ARGB32);
    if (!showRelevance || panel.relevance.empty()) return image;
    const float largest = *std::max_element(panel.relevance.begin(), panel.relevance.end());
    if (largest <= 0) return image;
    const ColourTable& colours = colourTable(ColourMap::Inferno);
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const float share = panel.relevance[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width()) + static_cast<std::size_t>(x)] / largest;
            if (share >= kShownFrom) line[x] = colours[static_cast<std::size_t>(kFirstColour + share * (255 - kFirstColour))];
        }
    }
    return image;
}

QSizeF figureSize(const PriorFigure& figure) {
    if (figure.panels.empty()) return {};
    const int columns = columnsOf(figure);
    const int rows = (static_cast<int>(figure.panels.size()) + columns - 1) / columns;
    return {2 * kMargin + std::max(columns * kPicture + (columns - 1) * kGap, footWidth(figure)),
            2 * kMargin + rows * panelHeight(figure) + (rows - 1) * kGap + footHeight(figure)};
}

void paintPriorFigure(QPainter& painter, const PriorFigure& figure) {
    const QSizeF size = figureSize(figure);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRectF(QPointF(), size), Qt::white);
    const int columns = columnsOf(figure);
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        const int column = static_cast<int>(i) % columns, row = static_cast<int>(i) / columns;
        paintPanel(painter, {kMargin + column * (kPicture + kGap), kMargin + row * (panelHeight(figure) + kGap)}, figure.panels[i], figure.showRelevance);
    }
    painter.setFont(figureFont(kLinePx, false));
    painter.setPen(QColor(70, 70, 70));
    double y = size.height() - kMargin - footHeight(figure) + kFootGap;
    for (const QString& line : footLines(figure)) {
        painter.drawText(QRectF(kMargin, y, size.width() - 2 * kMargin, kLineHeight), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, line);
        y += kLineHeight;
    }
}

Result<Done> writePriorFigure(const PriorFigure& figure, const std::filesystem::path& file) {
    if (figure.panels.empty()) return Error{ErrorCode::InvalidArgument, "there are no pictures to write; compare a film first"};
    const std::string suffix = file.extension().string();
    Result<QByteArray> bytes = suffix == ".png"   ? pngBytes(figure)
                               : suffix == ".svg" ? Result<QByteArray>(svgBytes(figure))
                               : suffix == ".pdf" ? Result<QByteArray>(pdfBytes(figure))
                                                  : Error{ErrorCode::InvalidArgument, "a figure is written as .png, .svg or .pdf"};
    if (!bytes.isOk()) return std::move(bytes).error();
    const QByteArray& content = bytes.value();
    return writeFileAtomically(file, std::as_bytes(std::span(content.constData(), static_cast<std::size_t>(content.size()))));
}

}  // namespace cxr::ui
