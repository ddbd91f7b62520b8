// The picture that leaves the program: film with findings, and a strip below with what they mean and who says so.
#include <QBuffer>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/image/pixel_chain.h"
#include "ui/print/companion_painter.h"
#include "ui/print/edge_letters.h"
#include "ui/print/findings_painter.h"
#include "ui/print/heatmap_painter.h"

namespace cxr::ui {

namespace {

const QColor kStrip(16, 19, 24);
constexpr double kFontPerSide = 1.0 / 62;  // of the longer side
constexpr double kSmallestFontPx = 11;

// The gray film in a state's chain, which may know more stages than the film's own.
cv::Mat presentedGray(const Image& image, const VoiSetting& voi, bool inverted, const PresentationPtr& state) {
    const auto table = presentedTable8(presentedFilm(state, std::make_shared<const Image>(image)), voi, inverted);
    cv::Mat gray(image.height(), image.width(), CV_8UC1);
    for (int y = 0; y < gray.rows; ++y) {
        const auto* from = image.samples.ptr<std::uint16_t>(y);
        auto* to = gray.ptr<std::uint8_t>(y);
        for (int x = 0; x < gray.cols; ++x) to[x] = table[from[x]];
    }
    return gray;
}

QImage filmPicture(const Image& image, const VoiSetting& voi, bool inverted, QSize size, const FilmCompanions* companions) {
    const bool isPresented = companions != nullptr && companions->presentation;
    const cv::Mat gray = isPresented ? presentedGray(image, voi, inverted, companions->presentation) : renderGray8(image, voi, inverted);
    const auto colours = isPresented ? companions->presentation->colours : nullptr;
    QImage whole(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step[0]), colours ? QImage::Format_Indexed8 : QImage::Format_Grayscale8);
    if (colours) whole.setColorTable(paletteOf(*colours));
    return whole.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
}

QFont stripFont(double px, bool isBold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(static_cast<int>(std::lround(px)));
    font.setBold(isBold);
    return font;
}

// Shutter and segments lie under the findings, drawings over them.
void paintBelow(QPainter& painter, const QTransform& filmToPicture, QSize film, const FilmCompanions& companions, const CompanionStyle& style) {
    if (companions.presentation) paintShutter(painter, filmToPicture, film, *companions.presentation);
    if (companions.segments) paintSegments(painter, filmToPicture, *companions.segments, style);
}

// Model and notice, right of the legend; lines that are too long are shortened at their end, the notice never is.
void paintStripTexts(QPainter& painter, const QRectF& area, const ModelStamp& model, const FindingsStyle& style) {
    const QFont quiet = stripFont(style.fontPx * 0.9, false);
    painter.setFont(quiet);
    painter.setPen(QColor(196, 204, 214));
    const double line = style.fontPx * 1.5;
    const QString text = QFontMetricsF(quiet).elidedText(modelText(model, style.language), Qt::ElideRight, area.width());
    painter.drawText(QRectF(area.left(), area.bottom() - 2 * line, area.width(), line), Qt::AlignRight | Qt::AlignVCenter, text);
    painter.setFont(stripFont(style.fontPx, true));
    painter.setPen(noticeColour());
    painter.drawText(QRectF(area.left(), area.bottom() - line, area.width(), line), Qt::AlignRight | Qt::AlignVCenter,
                     QString::fromStdString(PhraseBook::of(style.language).say(kNotDiagnostic)));
}

}  // namespace

QImage annotatedPicture(const Image& image, const VoiSetting& voi, bool inverted, const ChestMeasurement& measurement,
                        const ModelStamp& model, int longSidePx, const ShownHeatmap* heatmap, const FilmCompanions* companions,
                        ReportLanguage language) {
    const double scale = static_cast<double>(longSidePx) / std::max(image.width(), image.height());
    const QSize filmSize(std::max(1, static_cast<int>(std::lround(image.width() * scale))),
                         std::max(1, static_cast<int>(std::lround(image.height() * scale))));
    const double fontPx = std::max(kSmallestFontPx, longSidePx * kFontPerSide);
    const FindingsStyle style{.lineWidthPx = std::max(1.5, longSidePx / 520.0), .fontPx = fontPx, .handles = false, .legend = false,
                              .language = language};
    const QSizeF legend = legendSize(measurement, image.spacing, style);
    const QSizeF mapLegend = heatmap ? heatmapLegendSize(*heatmap, fontPx, LegendDetail::Full, language) : QSizeF();
    const double findingsHeight = std::max(legend.height(), 3 * fontPx);
    const QSizeF segmentLegend = companions && companions->segments ? segmentLegendSize(*companions->segments, fontPx * 0.9) : QSizeF();
    const double lower = std::max(mapLegend.height(), segmentLegend.height());
    const double mapHeight = lower > 0 ? lower + 0.8 * fontPx : 0;  // below the findings' row
    const bool isPresented = companions && companions->presentation;
    const double stateHeight = isPresented ? 1.6 * fontPx : 0;
    const int strip = static_cast<int>(std::ceil(findingsHeight + mapHeight + stateHeight + 1.6 * fontPx));

    QImage picture(filmSize.width(), filmSize.height() + strip, QImage::Format_RGB32);
    picture.fill(kStrip);
    QPainter painter(&picture);
    painter.drawImage(0, 0, filmPicture(image, voi, inverted, filmSize, companions));
    const QTransform filmToPicture = QTransform::fromScale(scale, scale);
    std::vector<QRectF> covered = paintEdgeLetters(painter, QRectF(QPointF(), filmSize), edgeLetters(image, filmToPicture), fontPx * 1.4);
    painter.setClipRect(QRect(QPoint(), filmSize));
    const CompanionStyle drawn{style.lineWidthPx * 0.9, fontPx};
    const QSize film(image.width(), image.height());
    if (companions) paintBelow(painter, filmToPicture, film, *companions, drawn);
    if (heatmap) paintHeatmap(painter, filmToPicture, film, *heatmap, fontPx);
    if (!companions || !companions->replaceFindings()) {
        const auto labels = paintFindings(painter, filmToPicture, measurement, image.spacing, style);
        covered.insert(covered.end(), labels.begin(), labels.end());
    }
    if (isPresented) {
        const PresentationState& state = *companions->presentation;
        paintDrawings(painter, filmToPicture, film, state, image.study.sopInstanceUid, drawn);
        paintDrawnTexts(painter, filmToPicture, film, state, image.study.sopInstanceUid, drawn, QRectF(QPointF(), filmSize), covered);
    }
    painter.setClipping(false);
    const double margin = fontPx * 0.8;
    const QRectF area(margin, filmSize.height() + margin, filmSize.width() - 2 * margin, findingsHeight);
    const QRectF box = paintLegend(painter, {area.left() + legend.width(), area.top() + legend.height()}, measurement,
                                   image.spacing, style);
    if (heatmap) {
        const double top = filmSize.height() + margin + findingsHeight + 0.8 * fontPx;
        paintHeatmapLegend(painter, {margin + mapLegend.width(), top + mapLegend.height()}, *heatmap, fontPx, LegendDetail::Full, language);
    }
    if (!segmentLegend.isEmpty()) {
        const double top = filmSize.height() + margin + findingsHeight + 0.8 * fontPx;
        paintSegmentLegend(painter, {filmSize.width() - margin, top + segmentLegend.height()}, *companions->segments, fontPx * 0.9);
    }
    if (isPresented) {
        painter.setFont(stripFont(fontPx * 0.9, false));
        painter.setPen(QColor(196, 204, 214));
        painter.drawText(QRectF(margin, picture.height() - margin - stateHeight, filmSize.width() - 2 * margin, stateHeight),
                         Qt::AlignLeft | Qt::AlignBottom, appliedText(*companions->presentation));
    }
    paintStripTexts(painter, box.isEmpty() ? area : area.adjusted(box.width() + margin, 0, 0, 0), model, style);
    return picture;
}

std::vector<std::byte> toPng(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) return {};
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.constData());
    return {begin, begin + bytes.size()};
}

}  // namespace cxr::ui
