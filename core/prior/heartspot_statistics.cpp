// The numbers of HeartSpot (S1) Table II, and the bytes behind them.
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/prior/heartspot.h"
#include "core/prior/vector_bytes.h"
#include "core/prior/xz.h"

namespace cxr {
namespace {

constexpr int kJpegQuality = 95;

// JPEG has 8 bits: other depths are stretched from their smallest to their largest value.
cv::Mat asGray8(const cv::Mat& crop) {
    if (crop.depth() == CV_8U) return crop;
    cv::Mat gray;
    cv::normalize(crop, gray, 0, 255, cv::NORM_MINMAX, CV_8U);
    return gray;
}

}  // namespace

std::string vectorBytes(const std::vector<float>& vector, int depthBits) {
    std::string bytes;
    bytes.reserve(vector.size() * depthBits / 8);
    for (const float value : vector) {
        if (depthBits == 8) {
            bytes += static_cast<char>(cv::saturate_cast<std::uint8_t>(value));
        } else {
            const auto sample = cv::saturate_cast<std::uint16_t>(value);
            bytes += static_cast<char>(sample & 255);
            bytes += static_cast<char>(sample >> 8);
        }
    }
    return bytes;
}

Result<std::vector<float>> vectorFromBytes(std::string_view bytes, int depthBits) {
    const std::size_t width = static_cast<std::size_t>(depthBits) / 8;
    if ((depthBits != 8 && depthBits != 16) || bytes.size() % width != 0) {
        return Error{ErrorCode::Corrupt, "the vector is not made of samples of 8 or 16 bits"};
    }
    std::vector<float> vector;
    vector.reserve(bytes.size() / width);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (std::size_t i = 0; i < bytes.size(); i += width) {
        vector.push_back(static_cast<float>(width == 1 ? byte(i) : byte(i) | byte(i + 1) << 8));
    }
    return vector;
}

Result<HeartSpotStatistics> heartSpotStatistics(const HeartSpot& spot, const cv::Mat& crop) {
    if (crop.empty() || spot.vector.empty()) {
        return Error{ErrorCode::InvalidArgument, "there are no HeartSpot statistics of an empty picture"};
    }
    std::vector<float> samples = spot.vector;
    if (crop.depth() == CV_32F) {  // floats in [0, 1] as 16-bit fractions
        for (float& sample : samples) sample *= 65535.0F;
    }
    const auto packed = xzCompress(vectorBytes(samples, crop.depth() == CV_8U ? 8 : 16));
    if (!packed.isOk()) return packed.error();
    std::vector<unsigned char> jpeg;
    if (!cv::imencode(".jpg", asGray8(crop), jpeg, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality})) {
        return Error{ErrorCode::Internal, "the centre crop could not be coded as JPEG"};
    }
    HeartSpotStatistics statistics;
    statistics.keptPixels = static_cast<int>(spot.vector.size());
    statistics.cropPixels = static_cast<int>(crop.total());
    statistics.inMemoryRatio = static_cast<double>(statistics.keptPixels) / statistics.cropPixels;
    statistics.vectorBytes = packed.value().size();
    statistics.jpegBytes = jpeg.size();
    statistics.onDiskRatio = static_cast<double>(statistics.vectorBytes) / static_cast<double>(statistics.jpegBytes);
    return statistics;
}

}  // namespace cxr
