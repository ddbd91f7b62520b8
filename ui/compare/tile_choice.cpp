// See tile_choice.h.
#include "ui/compare/tile_choice.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/localize/map_geometry.h"
#include "core/localize/map_scale.h"
#include "core/localize/map_support.h"
#include "core/pipeline/film_results.h"
#include "ui/panels/heartspot_picture.h"

namespace cxr::ui {

namespace {

ImagePtr imageOf(const QImage& gray, const Image& film) {
    auto image = std::make_shared<Image>();
    image->samples.create(gray.height(), gray.width(), CV_16UC1);
    for (int y = 0; y < gray.height(); ++y)
        for (int x = 0; x < gray.width(); ++x) image->samples.at<std::uint16_t>(y, x) = gray.constScanLine(y)[x];
    image->defaultVoi.center = 128;
    image->defaultVoi.width = 256;
    image->defaultVoiOrigin = "as displayed";
    image->view = film.view;
    image->rowDirection = film.rowDirection;
    image->columnDirection = film.columnDirection;
    image->sourceName = film.sourceName;
    return image;
}

}  // namespace

Result<PlacedImage> priorPicture(const ImagePtr& film, const VoiSetting& voi, const QString& prior, const std::optional<ChestMeasurement>& chest,
                                 const RunContext& context) {
    auto spec = priorByName(prior.toStdString());
    if (!spec) return spec.error();
    cv::Mat region;
    if (spec.value().heart) {
        if (chest) region = heartRegionOf(*chest, film->width(), film->height());
        if (region.empty()) return Error{ErrorCode::InvalidArgument, "this prior needs the heart's outline: analyse the film first"};
    }
    auto made = makeHeartSpotPicture({film, voi, false, spec.value(), region, nullptr}, context);
    if (!made) return made.error();
    const int side = std::min(film->width(), film->height());
    PlacedImage placed{imageOf(made.value().picture, *film), 1, {}};
    placed.scale = static_cast<double>(side) / placed.image->width();
    placed.offset = {static_cast<double>((film->width() - side) / 2), static_cast<double>((film->height() - side) / 2)};
    return placed;
}

PlacedImage placedBeside(const ImagePtr& other, const Image& reference) {
    const double scale = static_cast<double>(reference.width()) / other->width();
    return {other, scale, {0, (reference.height() - scale * other->height()) / 2}};
}

MapDifference differenceOf(const Heatmap& a, const Heatmap& b, int filmWidth, int filmHeight, int side) {
    const double cell = static_cast<double>(std::max(filmWidth, filmHeight)) / side;
    const bool hasOneUnit = unitOf(a.method) == unitOf(b.method) && a.isPooled == b.isPooled;
    const auto factorOf = [&](const Heatmap& map) {
        const double end = scaleOf(map, true).high;
        return hasOneUnit || end <= 0 ? 1 : 1 / end;
    };
    const double factorA = factorOf(a);
    const double factorB = factorOf(b);
    Heatmap difference;
    difference.plane.width = std::max(2, static_cast<int>(std::lround(filmWidth / cell)));
    difference.plane.height = std::max(2, static_cast<int>(std::lround(filmHeight / cell)));
    difference.grid = {{0, 0}, {static_cast<double>(filmWidth), 0}, {0, static_cast<double>(filmHeight)}};
    for (int y = 0; y < difference.plane.height; ++y) {
        for (int x = 0; x < difference.plane.width; ++x) {
            const PointPx at = difference.grid.at((x + 0.5) / difference.plane.width, (y + 0.5) / difference.plane.height);
            const double value = factorA * valueAt(a, at).value_or(0) - factorB * valueAt(b, at).value_or(0);
            difference.plane.values.push_back(static_cast<float>(value));
        }
    }
    difference.isSigned = true;
    difference.method = a.method;
    difference.className = a.className;
    difference.probability = a.probability;
    difference.model = a.model;
    if (a.model.name != b.model.name) difference.model.name += ", " + b.model.name;
    const std::string words = methodText(a) + " (" + spokenName(a.className) + ") minus " + methodText(b) + " (" + spokenName(b.className) + ")";
    return {std::move(difference), QString::fromStdString(words),
            hasOneUnit ? QString::fromStdString(unitOf(a.method)) : QStringLiteral("shares of each map's largest value")};
}

std::optional<MapScale> commonScaleOf(const Heatmap& own, const std::vector<std::shared_ptr<const Heatmap>>& maps, bool isDiverging) {
    std::vector<const Heatmap*> sameUnit;
    for (const auto& map : maps)
        if (map && unitOf(map->method) == unitOf(own.method)) sameUnit.push_back(map.get());
    const MapScale scale = lockedScale(sameUnit, isDiverging);
    return scale.isEmpty() ? std::nullopt : std::optional(scale);
}

}  // namespace cxr::ui
