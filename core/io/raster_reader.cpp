#include "core/io/raster_reader.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/io/pixel_format.h"
#include "core/io/raster_header.h"

namespace cxr {
namespace {

const char* nameOf(RasterKind kind) {
    switch (kind) {
        case RasterKind::Png:
            return "PNG";
        case RasterKind::Tiff:
            return "TIFF";
        case RasterKind::Jpeg:
            return "JPEG";
        case RasterKind::None:
            break;
    }
    return "";
}

Result<Done> checkHeader(const RasterHeader& header, const ReadLimits& limits) {
    if (header.isFloat || header.bitsPerSample > 16) {
        return Error{ErrorCode::Unsupported, "it stores " + std::to_string(header.bitsPerSample) +
                                                 (header.isFloat ? "-bit real numbers" : "-bit values") +
                                                 "; 8 and 16 bits can be read"};
    }
    const std::int64_t bytes = std::int64_t{header.samplesPerPixel} * (header.bitsPerSample > 8 ? 2 : 1);
    if (header.largestBlock > limits.maxPixels)
        return Error{ErrorCode::TooLarge, "its tiles are larger than the pictures that are read"};
    return checkClaimedSize(header.height, header.width, std::max<std::int64_t>(bytes, 1), 1, limits);
}

Result<cv::Mat> decode(Bytes file) {
    try {
        const cv::Mat raw(1, static_cast<int>(file.size()), CV_8UC1,
                          const_cast<std::uint8_t*>(file.data()));  // read only
        cv::Mat picture = cv::imdecode(raw, cv::IMREAD_UNCHANGED | cv::IMREAD_IGNORE_ORIENTATION);
        if (!picture.empty()) return picture;
    } catch (const cv::Exception&) {  // answered below: OpenCV's words are for programmers
    }
    return Error{ErrorCode::Corrupt, "its picture data are damaged or cut off"};
}

// Returns true if any pixel is not gray. Luminance as for DICOM: 0.299 R + 0.587 G + 0.114 B; OpenCV's order is B, G,
// R.
template <typename T>
bool toLuminance(const cv::Mat& picture, cv::Mat& samples) {
    const int channels = picture.channels();
    bool hasColor = false;
    for (int row = 0; row < picture.rows; ++row) {
        const T* from = picture.ptr<T>(row);
        auto* to = samples.ptr<std::uint16_t>(row);
        for (int x = 0; x < picture.cols; ++x, from += channels) {
            hasColor = hasColor || from[0] != from[1] || from[0] != from[2];
            to[x] = static_cast<std::uint16_t>((114U * from[0] + 587U * from[1] + 299U * from[2] + 500U) / 1000U);
        }
    }
    return hasColor;
}

bool isTransparentAnywhere(const cv::Mat& picture) {
    cv::Mat alpha;
    cv::extractChannel(picture, alpha, picture.channels() - 1);
    double smallest = 0;
    cv::minMaxLoc(alpha, &smallest);
    return smallest < (picture.depth() == CV_8U ? 255 : 65535);
}

void fillFromColor(const cv::Mat& picture, const RasterHeader& header, Image& image) {
    image.samples.create(picture.size(), CV_16UC1);
    const bool hasColor = picture.depth() == CV_8U ? toLuminance<std::uint8_t>(picture, image.samples)
                                                   : toLuminance<std::uint16_t>(picture, image.samples);
    image.encoding.wasColor = hasColor;
    if (hasColor) image.notes.emplace_back("The picture is in colour; its luminance is shown.");
    if (!hasColor && header.photometric != "gray")
        image.notes.emplace_back("The picture is stored as colour, but all its pixels are gray.");
}

void fillPixels(const cv::Mat& picture, const RasterHeader& header, Image& image) {
    const int channels = picture.channels();
    const bool hasAlpha = channels == 2 || channels == 4;
    if (hasAlpha && isTransparentAnywhere(picture))
        image.notes.emplace_back("Transparent parts of the picture are shown as they are stored.");
    if (channels >= 3) return fillFromColor(picture, header, image);
    cv::Mat gray = picture;
    if (channels == 2) cv::extractChannel(picture, gray, 0);
    gray.convertTo(image.samples, CV_16UC1);
}

void fillEncoding(const RasterHeader& header, const cv::Mat& picture, Image& image) {
    EncodingFacts& encoding = image.encoding;
    encoding.format = nameOf(header.kind);
    encoding.photometric = header.photometric;
    encoding.bitsAllocated = picture.depth() == CV_8U ? 8 : 16;
    encoding.bitsStored = std::max(header.bitsPerSample, header.isPalette ? 8 : 1);
    encoding.frames = header.pictures;
    encoding.isLossy = header.kind == RasterKind::Jpeg;
    if (encoding.isLossy)
        image.notes.emplace_back("The picture was compressed with loss; fine detail may differ from the original.");
    if (header.pictures > 1) {
        image.notes.push_back("The file holds " + std::to_string(header.pictures) + " pictures; the first is shown.");
    }
}

}  // namespace

Result<Image> readRaster(Bytes file, const ReadLimits& limits) {
    const Result<RasterHeader> header = readRasterHeader(file);
    if (!header.isOk()) return header.error();
    if (auto checked = checkHeader(header.value(), limits); !checked.isOk()) return checked.error();
    if (file.size() > 0x7FFFFFFF) return Error{ErrorCode::TooLarge, "it is larger than 2 GiB"};
    const Result<cv::Mat> picture = decode(file);
    if (!picture.isOk()) return picture.error();
    const cv::Mat& pixels = picture.value();
    if (pixels.depth() != CV_8U && pixels.depth() != CV_16U)
        return Error{ErrorCode::Unsupported, "its pixels are not 8- or 16-bit numbers"};
    if (pixels.cols != header.value().width || pixels.rows != header.value().height) {
        return Error{ErrorCode::Corrupt, "its decoded size is not the one its header states"};
    }
    Image image;
    fillEncoding(header.value(), pixels, image);
    fillPixels(pixels, header.value(), image);
    // OpenCV turns 8-bit WhiteIsZero films over itself and leaves 16-bit ones as they are.
    image.isInverse = header.value().isWhiteZero && pixels.depth() == CV_16U;
    return image;
}

}  // namespace cxr
