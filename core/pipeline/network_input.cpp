// Framings and planes.
#include "core/pipeline/network_input.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/model/framing.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/gap_filling.h"
#include "core/prior/heartspot.h"
#include "core/prior/pooling.h"

namespace cxr {
namespace {

std::optional<Organ> organOf(const std::string& plane) {
    if (plane == "heart") return Organ::Heart;
    if (plane == "left_lung") return Organ::LeftLung;
    if (plane == "right_lung") return Organ::RightLung;
    return {};
}

Error cannot(const std::string& what) { return Error{ErrorCode::Unsupported, what + "; update Precordia or repair the model pack"}; }

// Names and the segmentation, before any work.
Result<Done> check(const ModelInput& input, const Segmentation* segmentation) {
    if (!isKnownFraming(input.framing)) return cannot("there is no framing \"" + input.framing.substr(0, 40) + "\"");
    for (std::size_t i = 0; i < input.planes.size(); ++i) {
        const bool isKnown = i == 0 ? input.planes[i] == "film" : organOf(input.planes[i]).has_value();
        if (!isKnown) return cannot("a network cannot read \"" + input.planes[i].substr(0, 40) + "\" as plane " + std::to_string(i));
    }
    if (needsSegmentation(input) && segmentation == nullptr) {
        return Error{ErrorCode::InvalidArgument, "this network needs heart and lungs; find them first with the heart-lungs model"};
    }
    if (readsVector(input.framing) && input.planes.size() > 1) return cannot("a HeartSpot vector has no further planes");
    return Done{};
}

const cv::Mat matOf(int height, int width, const std::vector<float>& values) {
    return cv::Mat(height, width, CV_32FC1, const_cast<float*>(values.data()));
}

// The square in cells of the segmentation's grid.
ThoraxFrame onGrid(const ThoraxFrame& frame, const Segmentation& segmentation) {
    const double cell = segmentation.cellPx;
    return {{(frame.centre.x - segmentation.originPx.x) / cell, (frame.centre.y - segmentation.originPx.y) / cell},
            frame.sidePx / cell, frame.angleDeg, frame.isTrusted};
}

void append(NetworkPlanes& planes, const cv::Mat& grid) {
    cv::Mat limited = cv::min(cv::max(grid, 0.0), 1.0);
    planes.values.insert(planes.values.end(), limited.begin<float>(), limited.end<float>());
}

// Planes after the first.
void appendOrgans(NetworkPlanes& planes, const ModelInput& input, const ThoraxFrame& square, const Segmentation* segmentation) {
    for (std::size_t i = 1; i < input.planes.size(); ++i) {
        const Plane& organ = segmentation->probability[static_cast<std::size_t>(*organOf(input.planes[i]))];
        append(planes, warpToFrame(matOf(organ.height, organ.width, organ.values), onGrid(square, *segmentation), planes.width));
    }
}

PlaneFrame frameOf(const ThoraxFrame& square, int size) {
    const double angle = square.angleDeg * std::numbers::pi / 180, step = square.sidePx / size;
    PlaneFrame frame;
    frame.perColumn = {step * std::cos(angle), step * std::sin(angle)};
    frame.perRow = {-frame.perColumn.y, frame.perColumn.x};
    frame.origin = {square.centre.x - size / 2.0 * (frame.perColumn.x + frame.perRow.x),
                    square.centre.y - size / 2.0 * (frame.perColumn.y + frame.perRow.y)};
    return frame;
}

NetworkInput plainInput(const ModelInput& input, const GrayFilm& film, const Segmentation* segmentation) {
    ThoraxFrame square = input.framing == "letterbox" ? letterboxSquare(film.width, film.height) : centredSquare(film.width, film.height);
    const bool isThorax = input.framing == "thorax";
    if (isThorax) square = thoraxFrame(*segmentation, film.width, film.height);
    NetworkInput result;
    result.planes = {static_cast<int>(input.planes.size()), input.size, input.size, {}};
    append(result.planes, warpToFrame(matOf(film.height, film.width, film.values), square, input.size));
    appendOrgans(result.planes, input, square, segmentation);
    result.frame = frameOf(square, input.size);
    result.frame.isTrusted = !isThorax || square.isTrusted;
    return result;
}

Result<PriorSpec> priorOf(const ModelInput& input) {
    Result<PriorSpec> prior = priorFromJson(input.priorJson);
    if (!prior.isOk() || prior.value().hash() == input.priorHash) return prior;
    return Error{ErrorCode::Corrupt, "the HeartSpot prior is not the one that the network was trained with (its hash differs); "
                                     "install the model pack again"};
}

// Where the cells lie of the pooled picture of `square`: each covers `stride` pixels round the middle of its window.
ThoraxFrame pooledSquare(const PriorSpec& prior, int side, ThoraxFrame square) {
    if (!prior.pool) return square;
    const double cropPx = square.sidePx / prior.size;  // film pixels per pixel of the crop
    const PoolSpec& pool = *prior.pool;
    const int padding = pool.padding == PoolPadding::Valid ? 0 : std::max(0, (side - 1) * pool.stride + pool.kernel - prior.size) / 2;
    const double middle = pool.kernel / 2.0 - padding + (side - 1) * pool.stride / 2.0;  // crop pixels
    const double shift = (middle - prior.size / 2.0) * cropPx, angle = square.angleDeg * std::numbers::pi / 180;
    square.centre.x += shift * (std::cos(angle) - std::sin(angle));
    square.centre.y += shift * (std::sin(angle) + std::cos(angle));
    square.sidePx = side * pool.stride * cropPx;
    return square;
}

// Without gaps, and brought to the network's grid: dense pictures can be made smaller, lone lines cannot.
cv::Mat filledPicture(const cv::Mat& mask, const cv::Mat& picture, int size) {
    constexpr double kSigmaShare = 1.0 / 64;  // of the side: half the distance of HLine's lines
    cv::Mat dense = fillGaps(mask, picture, picture.cols * kSigmaShare), grid;
    cv::resize(dense, grid, {size, size}, 0, 0, size < picture.cols ? cv::INTER_AREA : cv::INTER_LINEAR);
    return grid;
}

Result<NetworkInput> heartSpotInput(const ModelInput& input, const GrayFilm& film, const Segmentation* segmentation, cv::Mat region,
                                    const RunContext& context) {
    const Result<PriorSpec> prior = priorOf(input);
    if (!prior.isOk()) return prior.error();
    if (prior.value().heart && region.empty()) {
        if (readsThorax(input.framing)) return cannot("the shipped heart region belongs to the film's centre, not to the thorax square");
        Result<cv::Mat> shipped = shippedHeartRegion();
        if (!shipped.isOk()) return std::move(shipped).error();
        region = std::move(shipped).value();
    }
    const bool isPosed = readsThorax(input.framing);
    const ThoraxFrame crop = isPosed ? thoraxFrame(*segmentation, film.width, film.height) : centredSquare(film.width, film.height);
    cv::Mat read = matOf(film.height, film.width, film.values);
    if (isPosed) read = warpToFrame(read, crop, prior.value().size);
    const Result<HeartSpot> spot = applyHeartSpot(prior.value(), read, region, context);
    if (!spot.isOk()) return spot.error();
    const int side = spot.value().mask.rows;
    const ThoraxFrame square = pooledSquare(prior.value(), side, crop);
    NetworkInput result;
    Result<NetworkPlanes> planes = keptPlanes(input, spot.value().mask, spot.value().vector);
    if (!planes.isOk()) return std::move(planes).error();
    result.planes = std::move(planes).value();
    result.frame = frameOf(square, readsVector(input.framing) ? side : result.planes.width);
    result.frame.isGrid = !readsVector(input.framing);
    result.frame.isTrusted = !isPosed || crop.isTrusted;
    appendOrgans(result.planes, input, square, segmentation);
    result.planes.channels = static_cast<int>(input.planes.size());
    return result;
}

}  // namespace

PlaneFrame scaled(PlaneFrame frame, double factor) {
    for (PointPx* p : {&frame.origin, &frame.perColumn, &frame.perRow}) *p = {p->x * factor, p->y * factor};
    return frame;
}

Result<NetworkPlanes> keptPlanes(const ModelInput& input, const cv::Mat& mask, const std::vector<float>& vector) {
    NetworkPlanes planes{1, 1, static_cast<int>(vector.size()), {}};
    if (readsVector(input.framing)) {
        append(planes, matOf(1, planes.width, vector));
        return planes;
    }
    const bool isFilled = readsWithoutGaps(input.framing);
    if (!isFilled && mask.rows != input.size) {
        return Error{ErrorCode::InvalidArgument, "the input size must be " + std::to_string(mask.rows) + ", the side of the prior's picture"};
    }
    const Result<cv::Mat> picture = reconstruct(mask, vector);
    if (!picture.isOk()) return picture.error();
    planes.width = planes.height = input.size;
    append(planes, isFilled ? filledPicture(mask, picture.value(), input.size) : picture.value());
    return planes;
}

bool needsSegmentation(const ModelInput& input) { return readsThorax(input.framing) || input.planes.size() > 1; }

bool needsHeartRegion(const ModelInput& input) {
    if (!readsHeartSpot(input.framing)) return false;
    const Result<PriorSpec> prior = priorFromJson(input.priorJson);
    return prior.isOk() && prior.value().heart.has_value();
}

Result<NetworkInput> networkInput(const ModelInput& input, const GrayFilm& film, const Segmentation* segmentation,
                                  const cv::Mat& heartRegion, const RunContext& context) {
    if (const Result<Done> checked = check(input, segmentation); !checked.isOk()) return checked.error();
    if (film.width < 1 || film.height < 1) return Error{ErrorCode::InvalidArgument, "the film has no pixels"};
    if (readsHeartSpot(input.framing)) return heartSpotInput(input, film, segmentation, heartRegion, context);
    return plainInput(input, film, segmentation);
}

}  // namespace cxr
