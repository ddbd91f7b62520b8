// Window presets: see voi_presets.h.
#include "ui/state/voi_presets.h"

#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include "core/image/pixel_chain.h"

namespace cxr::ui {

namespace {

constexpr double kLowQuantile = 0.01;
constexpr double kHighQuantile = 0.99;

QString say(const char* text) { return QCoreApplication::translate("VoiPresets", text); }

NamedVoi asOpened(const Image& image) {
    return {say("As opened"), say("What the viewer chose when it opened the film: %1.").arg(QString::fromStdString(image.defaultVoiOrigin)),
            image.defaultVoi};
}

NamedVoi ofRegion(const Image& image, const std::optional<ChestMeasurement>& measurement, const QString& name,
                  const std::vector<Organ>& organs) {
    std::vector<const Outline*> outlines;
    for (const Organ organ : organs) {
        if (measurement && !measurement->outlines[static_cast<std::size_t>(organ)].points.empty()) {
            outlines.push_back(&measurement->outlines[static_cast<std::size_t>(organ)]);
        }
    }
    if (outlines.empty()) return {name, say("Needs an outline: analyse the film first."), std::nullopt};
    const cv::Mat mask = regionMask(outlines, image.width(), image.height());
    return {name, say("From the values inside the outline (1st to 99th percentile)."),
            percentileVoi(image, kLowQuantile, kHighQuantile, mask)};
}

}  // namespace

cv::Mat regionMask(const std::vector<const Outline*>& outlines, int width, int height) {
    cv::Mat mask = cv::Mat::zeros(height, width, CV_8UC1);
    QImage canvas(mask.data, width, height, static_cast<qsizetype>(mask.step[0]), QImage::Format_Grayscale8);
    QPainter painter(&canvas);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    for (const Outline* outline : outlines) {
        QPolygonF polygon;
        for (const PointPx& point : outline->points) polygon << QPointF(point.x, point.y);
        painter.drawPolygon(polygon);
    }
    return mask;
}

std::vector<NamedVoi> voiPresets(const Image& image, const std::optional<ChestMeasurement>& measurement) {
    std::vector<NamedVoi> presets{
        asOpened(image),
        {say("Full range"), say("From the smallest to the largest value of the film."), fullRangeVoi(image)},
        {say("Percentiles 1\u201399 %"), say("Leaves out the darkest and the brightest percent of the film."),
         percentileVoi(image, kLowQuantile, kHighQuantile)},
        ofRegion(image, measurement, say("Lungs"), {Organ::LeftLung, Organ::RightLung}),
        ofRegion(image, measurement, say("Heart"), {Organ::Heart}),
    };
    for (const VoiPreset& header : image.presets) {
        if (presets.size() == kMaxPresets) break;
        if (header.setting == image.defaultVoi) continue;  // already the first
        presets.push_back({QString::fromStdString(header.name), say("A window from the film's header."), header.setting});
    }
    return presets;
}

}  // namespace cxr::ui
