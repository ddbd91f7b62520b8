#include "core/prior/kept_bytes.h"

#include <charls/charls.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/prior/vector_bytes.h"
#include "core/prior/xz.h"

namespace cxr {
namespace {

template <typename Sample>
cv::Mat moved(const cv::Mat& picture, const cv::Mat& mask, int rows, int columns) {
    cv::Mat together(rows, columns, cv::traits::Type<Sample>::value);
    int out = 0;
    for (int y = 0; y < mask.rows; ++y) {
        int next = 0;
        for (int x = 0; x < mask.cols; ++x) {
            if (mask.at<std::uint8_t>(y, x) != 0) together.at<Sample>(out, next++) = picture.at<Sample>(y, x);
        }
        if (next == 0) continue;
        std::fill(together.ptr<Sample>(out) + next, together.ptr<Sample>(out) + columns, together.at<Sample>(out, next - 1));
        ++out;
    }
    return together;
}

Result<std::size_t> jpegLsSize(const cv::Mat& picture) {
    try {
        charls::jpegls_encoder encoder;
        encoder.frame_info({static_cast<std::uint32_t>(picture.cols), static_cast<std::uint32_t>(picture.rows),
                            picture.depth() == CV_8U ? 8 : 16, 1});
        std::vector<unsigned char> bytes(encoder.estimated_destination_size());
        encoder.destination(bytes);
        return encoder.encode(picture.data, picture.total() * picture.elemSize());
    } catch (const charls::jpegls_error&) {
        return Error{ErrorCode::Internal, "the kept pixels could not be coded as JPEG-LS"};
    }
}

Result<std::size_t> codedSize(const char* suffix, const cv::Mat& picture, const std::vector<int>& options) {
    std::vector<unsigned char> bytes;
    if (cv::imencode(suffix, picture, bytes, options)) return bytes.size();
    return Error{ErrorCode::Internal, std::string("the pixels could not be coded as ") + (suffix + 1)};
}

}  // namespace

cv::Mat movedTogether(const HeartSpot& spot, int depth) {
    int rows = 0, columns = 0;
    for (int y = 0; y < spot.mask.rows; ++y) {
        const int kept = cv::countNonZero(spot.mask.row(y));
        rows += kept > 0 ? 1 : 0;
        columns = std::max(columns, kept);
    }
    cv::Mat samples;
    spot.pooled.convertTo(samples, depth);
    return depth == CV_8U ? moved<std::uint8_t>(samples, spot.mask, rows, columns)
                          : moved<std::uint16_t>(samples, spot.mask, rows, columns);
}

Result<KeptBytes> keptBytes(const HeartSpot& spot, const cv::Mat& crop) {
    if (crop.empty() || spot.vector.empty() || (crop.depth() != CV_8U && crop.depth() != CV_16U)) {
        return Error{ErrorCode::InvalidArgument, "sizes are those of films of 8 or 16 bits of which something is kept"};
    }
    const Result<HeartSpotStatistics> statistics = heartSpotStatistics(spot, crop);
    if (!statistics.isOk()) return statistics.error();
    const std::string_view floats(reinterpret_cast<const char*>(spot.vector.data()), spot.vector.size() * sizeof(float));
    const Result<std::string> packed = xzCompress(floats);
    if (!packed.isOk()) return packed.error();
    const cv::Mat together = movedTogether(spot, crop.depth());
    const Result<std::size_t> jpegLs = jpegLsSize(together);
    if (!jpegLs.isOk()) return jpegLs.error();
    const Result<std::size_t> png = codedSize(".png", together, {cv::IMWRITE_PNG_COMPRESSION, 9});
    if (!png.isOk()) return png.error();
    return KeptBytes{spot.vector.size() * crop.elemSize(), packed.value().size(),   statistics.value().vectorBytes,
                     jpegLs.value(),                       png.value(),             statistics.value().jpegBytes};
}

}  // namespace cxr
