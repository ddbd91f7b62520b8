// The worker's part of the HeartSpot panel: crop and pooling (cached), mask, and the picture for the screen.
// Pure functions over immutable values; thread-safe.
#pragma once

#include <QImage>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/prior/heartspot.h"
#include "core/report/report.h"

namespace cxr::ui {

// Centre crop before and after pooling; depends on film, size and pooling only.
struct PooledCrop {
    ImagePtr film;
    int size = 0;
    std::optional<PoolSpec> pool;
    cv::Mat crop;    // CV_8U or CV_16U [size, size]
    cv::Mat pooled;  // [n, n], same depth or CV_32F
    [[nodiscard]] bool fits(const ImagePtr& otherFilm, const PriorSpec& spec) const {
        return film == otherFilm && size == spec.size && pool == spec.pool;
    }
};

struct PictureRequest {
    ImagePtr film;
    VoiSetting voi;
    bool showDropped = false;  // the pixels that are not kept stay faintly visible
    PriorSpec spec;
    cv::Mat heartRegion;  // empty if the prior uses none
    std::shared_ptr<const PooledCrop> cached;
};

struct PictureResult {
    PriorSpec spec;
    ImagePtr film;
    std::shared_ptr<const PooledCrop> pooled;
    cv::Mat heartRegion;  // as in the request
    cv::Mat mask;         // CV_8UC1 0/1 [n, n]
    int keptPixels = 0;
    int cropPixels = 0;
    QImage picture;  // Grayscale8 [n, n]
};

// fails InvalidArgument (heart region missing, nothing kept), Cancelled.
Result<PictureResult> makeHeartSpotPicture(const PictureRequest& request, const RunContext& context);

// Kept samples as gray through the film's pixel chain, the others black, or faint if `showDropped`. Grayscale8 [n, n].
QImage paintHeartSpot(const Image& film, const VoiSetting& voi, const cv::Mat& pooled, const cv::Mat& mask,
                      bool showDropped);

// The statistics that cost time: LZMA and JPEG sizes.
Result<HeartSpotFacts> heartSpotFacts(const PictureResult& picture, const RunContext& context);

// The kept pixels of a picture as one vector, row-major.
HeartSpot heartSpotOf(const PictureResult& picture);

}  // namespace cxr::ui
