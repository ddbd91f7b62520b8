#include "core/prior/pooling.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>

#include "core/prior/network_pooling.h"
#include "core/prior/rank_codes.h"
#include "core/prior/sliding_histogram.h"

namespace cxr {
namespace {

Error invalid(const std::string& message) {
    return Error{ErrorCode::InvalidArgument, message};
}

int paddingOf(int side, const PoolSpec& spec) {
    if (spec.padding == PoolPadding::Valid) return 0;
    const int rest = side % spec.stride;
    return std::max(spec.kernel - (rest == 0 ? spec.stride : rest), 0);
}

bool isInRange(const PoolSpec& spec) {
    return spec.kernel >= 1 && spec.kernel <= 256 && spec.stride >= 1 && spec.stride <= spec.kernel && spec.quantile >= 0 &&
           spec.quantile <= 1;
}

PoolGeometry geometryOf(const cv::Mat& picture, const PoolSpec& spec) {
    PoolGeometry geometry;
    geometry.kernel = spec.kernel;
    geometry.stride = spec.stride;
    geometry.picture = picture.size();
    geometry.output = {pooledSide(picture.cols, spec), pooledSide(picture.rows, spec)};
    geometry.top = paddingOf(picture.rows, spec) / 2;
    geometry.left = paddingOf(picture.cols, spec) / 2;
    return geometry;
}

QuantileRanks ranksOf(const PoolSpec& spec) {
    const int last = spec.kernel * spec.kernel - 1;
    const double position = spec.quantile * last;
    QuantileRanks ranks;
    ranks.lower = std::clamp(static_cast<int>(std::floor(position)), 0, last);
    ranks.fraction = position - ranks.lower;
    ranks.upper = ranks.fraction > 0 ? std::min(ranks.lower + 1, last) : ranks.lower;
    return ranks;
}

// The picture pixels that output rows (or columns) [begin, begin + count) read.
cv::Range pixelsRead(const PoolGeometry& geometry, int begin, int count, int before, int side) {
    const int first = begin * geometry.stride - before;
    const int last = (begin + count - 1) * geometry.stride + geometry.kernel - 1 - before;
    int low = std::max(first, 0);
    int high = std::min(last, side - 1);
    if (first < 0) high = std::max(high, std::min(-first, side - 1));
    if (last >= side) low = std::min(low, std::max(2 * (side - 1) - last, 0));
    return {low, high + 1};
}

// Floats of at most 65,536 pixels at a time get 16-bit ranks, then they are pooled as integers.
Result<Done> poolFloatTile(const cv::Mat& picture, const cv::Rect& output, const PoolGeometry& geometry,
                           const QuantileRanks& ranks, const RunContext& context, cv::Mat& pooled) {
    const cv::Range rows = pixelsRead(geometry, output.y, output.height, geometry.top, picture.rows);
    const cv::Range columns = pixelsRead(geometry, output.x, output.width, geometry.left, picture.cols);
    const RankCodes ranked = rankCodes16(picture(rows, columns));
    const PoolTile tile{output, ranked.codes, {columns.start, rows.start}, ranked.values.data()};
    return poolByNetwork(tile, geometry, ranks, context, pooled);
}

// How many output pixels read at most `pixels` picture pixels; at least one.
int outputsFor(int pixels, const PoolGeometry& geometry) {
    return std::max(1, (pixels - geometry.kernel) / geometry.stride + 1);
}

Result<cv::Mat> poolFloats(const cv::Mat& picture, const PoolGeometry& geometry, const QuantileRanks& ranks,
                           const RunContext& context) {
    constexpr int kMaxPixels = 65536;
    const int width = std::min(picture.cols, std::max(kMaxPixels / (6 * geometry.kernel), 2 * geometry.kernel));
    const int tileColumns = picture.cols <= width ? geometry.output.width : outputsFor(width, geometry);
    const int tileRows = outputsFor(kMaxPixels / width, geometry);
    cv::Mat pooled(geometry.output, CV_32FC1);
    for (int y = 0; y < pooled.rows; y += tileRows) {
        const int height = std::min(tileRows, pooled.rows - y);
        for (int x = 0; x < pooled.cols; x += tileColumns) {
            const cv::Rect output(x, y, std::min(tileColumns, pooled.cols - x), height);
            const RunContext quiet{context.stop, {}};
            Result<Done> done = poolFloatTile(picture, output, geometry, ranks, quiet, pooled);
            if (!done.isOk()) return std::move(done).error();
        }
        context.report(static_cast<double>(y + height) / pooled.rows);
    }
    return pooled;
}

Result<cv::Mat> poolIntegers(const cv::Mat& picture, const PoolGeometry& geometry, const QuantileRanks& ranks,
                             const RunContext& context) {
    PoolTile tile;
    tile.output = {{0, 0}, geometry.output};
    tile.codes = picture;
    if (picture.depth() == CV_8U) picture.convertTo(tile.codes, CV_16U);
    cv::Mat pooled(geometry.output, CV_32FC1);
    Result<Done> done = poolByNetwork(tile, geometry, ranks, context, pooled);
    if (!done.isOk()) return std::move(done).error();
    return pooled;
}

Result<cv::Mat> poolWithLargeKernel(const cv::Mat& picture, const PoolGeometry& geometry, const QuantileRanks& ranks,
                                    const RunContext& context) {
    if (picture.depth() == CV_32F) {
        const RankCodes ranked = rankCodes32(picture);
        return poolByHistogram(ranked.codes, ranked.values, geometry, ranks, context);
    }
    cv::Mat codes;
    picture.convertTo(codes, CV_32S);
    std::vector<float> values(picture.depth() == CV_8U ? 256 : 65536);
    std::iota(values.begin(), values.end(), 0.0F);
    return poolByHistogram(codes, values, geometry, ranks, context);
}

}  // namespace

int pooledSide(int side, const PoolSpec& spec) {
    const int padding = paddingOf(side, spec);
    if (side < spec.kernel || padding - padding / 2 > side - 1) return 0;
    return (side + padding - spec.kernel) / spec.stride + 1;
}

Result<cv::Mat> quantilePool(const cv::Mat& picture, const PoolSpec& spec, const RunContext& context) {
    if (!isInRange(spec)) return invalid("pooling needs a kernel of 1-256 px, a stride of 1-kernel px and a quantile in 0-1");
    const bool isFloat = picture.type() == CV_32FC1;
    if (!isFloat && picture.type() != CV_8UC1 && picture.type() != CV_16UC1) {
        return invalid("pooling takes gray pictures of 8 or 16 bits or floats");
    }
    const PoolGeometry geometry = geometryOf(picture, spec);
    if (geometry.output.empty()) {
        return invalid("the picture (" + std::to_string(picture.cols) + " x " + std::to_string(picture.rows) +
                       " px) is smaller than the pooling kernel of " + std::to_string(spec.kernel) + " px");
    }
    if (isFloat && !cv::checkRange(picture)) return invalid("the picture has pixels that are not finite numbers");
    const QuantileRanks ranks = ranksOf(spec);
    if (spec.kernel > kNetworkKernel) return poolWithLargeKernel(picture, geometry, ranks, context);
    return isFloat ? poolFloats(picture, geometry, ranks, context) : poolIntegers(picture, geometry, ranks, context);
}

}  // namespace cxr
