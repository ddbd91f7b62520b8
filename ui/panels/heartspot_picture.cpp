// The worker's part of the HeartSpot panel.
#include "ui/panels/heartspot_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/image/pixel_chain.h"
#include "core/pipeline/film_results.h"
#include "core/pipeline/heartspot_film.h"
#include "core/prior/pooling.h"

namespace cxr::ui {

namespace {

constexpr double kDroppedBrightness = 0.25;

// Crop and pooling of this film; the part that is cached.
Result<std::shared_ptr<const PooledCrop>> poolFilm(const PictureRequest& request, const RunContext& context) {
    auto made = std::make_shared<PooledCrop>();
    made->film = request.film;
    made->size = request.spec.size;
    made->pool = request.spec.pool;
    made->crop = centreCrop(heartSpotFilm(*request.film), request.spec.size);
    made->pooled = made->crop;
    if (request.spec.pool) {
        auto pooled = quantilePool(made->crop, *request.spec.pool, context);
        if (!pooled) return std::move(pooled).error();
        made->pooled = std::move(pooled).value();
    }
    return std::shared_ptr<const PooledCrop>(std::move(made));
}

}  // namespace

QImage paintHeartSpot(const Image& film, const VoiSetting& voi, const cv::Mat& pooled, const cv::Mat& mask,
                      bool showDropped) {
    const std::array<std::uint8_t, 65536> gray = grayTable8(film, voi);
    cv::Mat values;
    pooled.convertTo(values, CV_32F);
    QImage picture(values.cols, values.rows, QImage::Format_Grayscale8);
    for (int y = 0; y < values.rows; ++y) {
        const float* value = values.ptr<float>(y);
        const std::uint8_t* kept = mask.ptr<std::uint8_t>(y);
        uchar* out = picture.scanLine(y);
        for (int x = 0; x < values.cols; ++x) {
            const int sample = sampleOfHeartSpotValue(film, value[x]);
            const std::uint8_t shown = gray[static_cast<std::size_t>(sample)];
            out[x] = kept[x] ? shown : static_cast<uchar>(showDropped ? shown * kDroppedBrightness : 0);
        }
    }
    return picture;
}

Result<PictureResult> makeHeartSpotPicture(const PictureRequest& request, const RunContext& context) {
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    auto mask = priorMask(request.spec, request.heartRegion);
    if (!mask) return std::move(mask).error();
    std::shared_ptr<const PooledCrop> pooled = request.cached;
    if (!pooled || !pooled->fits(request.film, request.spec)) {
        auto made = poolFilm(request, context);
        if (!made) return std::move(made).error();
        pooled = std::move(made).value();
    }
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    PictureResult result;
    result.spec = request.spec;
    result.film = request.film;
    result.pooled = pooled;
    result.heartRegion = request.heartRegion;
    result.mask = std::move(mask).value();
    result.keptPixels = cv::countNonZero(result.mask);
    result.cropPixels = request.spec.size * request.spec.size;
    result.picture = paintHeartSpot(*request.film, request.voi, pooled->pooled, result.mask, request.showDropped);
    return result;
}

HeartSpot heartSpotOf(const PictureResult& picture) {
    HeartSpot spot;
    spot.spec = picture.spec;
    spot.pooled = picture.pooled->pooled;
    spot.mask = picture.mask;
    cv::Mat values;
    spot.pooled.convertTo(values, CV_32F);
    spot.vector.reserve(static_cast<std::size_t>(picture.keptPixels));
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x)
            if (picture.mask.at<std::uint8_t>(y, x)) spot.vector.push_back(values.at<float>(y, x));
    return spot;
}

Result<HeartSpotFacts> heartSpotFacts(const PictureResult& picture, const RunContext& context) {
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    const auto statistics = heartSpotStatistics(heartSpotOf(picture), picture.pooled->crop);
    if (!statistics) return statistics.error();
    return cxr::heartSpotFacts(picture.spec, statistics.value());
}

}  // namespace cxr::ui
