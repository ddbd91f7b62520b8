#include "core/io/frame_samples.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace cxr {
namespace {

constexpr int kSignedOffset = 32768;

// Reads number i of the frame as it is stored, unshifted. Wide enough for 32 bits.
class SampleReader {
  public:
    explicit SampleReader(const StoredFrame& frame)
        : m_bytes(frame.bytes),
          m_order(frame.order),
          m_isWordSwapped(frame.isWordSwapped),
          m_bits(frame.format.bitsAllocated) {}

    [[nodiscard]] std::uint32_t at(std::size_t i) const {
        switch (m_bits) {
            case 1:
                return m_bytes[byteIndex(i / 8)] >> (i % 8) & 1U;
            case 8:
                return m_bytes[byteIndex(i)];
            case 16:
                return readU16(m_bytes, 2 * i, m_order);
            default:
                return readU32(m_bytes, 4 * i, m_order);
        }
    }

  private:
    [[nodiscard]] std::size_t byteIndex(std::size_t i) const {
        const std::size_t partner = i ^ 1U;
        return m_isWordSwapped && partner < m_bytes.size() ? partner : i;
    }
    Bytes m_bytes;
    ByteOrder m_order;
    bool m_isWordSwapped;
    int m_bits;
};

// Stored bits of one raw number -> the number they mean.
struct BitField {
    int shift;
    std::uint32_t mask;
    std::uint32_t signBit;  // 0 for unsigned
    explicit BitField(const PixelFormat& format)
        : shift(format.highBit + 1 - format.bitsStored),
          mask(format.bitsStored >= 32 ? 0xFFFFFFFFU : (1U << format.bitsStored) - 1),
          signBit(format.isSigned ? 1U << (format.bitsStored - 1) : 0) {}
    [[nodiscard]] std::int64_t value(std::uint32_t raw) const {
        const std::uint32_t bits = raw >> shift & mask;
        return std::int64_t{bits ^ signBit} - signBit;
    }
};

bool isPlain16(const StoredFrame& frame) {
    const PixelFormat& format = frame.format;
    return format.bitsAllocated == 16 && format.highBit + 1 == format.bitsStored && frame.order == ByteOrder::Little &&
           std::endian::native == std::endian::little;
}

// The usual film: 16-bit words, low bits used. Signed: two's complement of n bits plus 32768 is (x ^ sign) - sign +
// 32768.
void copyPlain16(const StoredFrame& frame, cv::Mat& samples) {
    const BitField field(frame.format);
    const auto mask = static_cast<std::uint16_t>(field.mask);
    const auto sign = static_cast<std::uint16_t>(field.signBit);
    const auto offset = static_cast<std::uint16_t>(sign ? kSignedOffset - sign : 0);
    auto* to = samples.ptr<std::uint16_t>();
    const std::size_t count = samples.total();
    std::memcpy(to, frame.bytes.data(), count * 2);
    if (mask == 0xFFFF && sign == 0) return;
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint16_t>(((to[i] & mask) ^ sign) + offset);
}

void fillGray(const StoredFrame& frame, cv::Mat& samples) {
    if (isPlain16(frame)) return copyPlain16(frame, samples);
    const SampleReader reader(frame);
    const BitField field(frame.format);
    const int offset = frame.format.isSigned ? kSignedOffset : 0;
    auto* to = samples.ptr<std::uint16_t>();
    for (std::size_t i = 0; i < samples.total(); ++i)
        to[i] = static_cast<std::uint16_t>(field.value(reader.at(i)) + offset);
}

void fillPalette(const StoredFrame& frame, const GrayPalette& palette, cv::Mat& samples) {
    const SampleReader reader(frame);
    const BitField field(frame.format);
    const auto last = static_cast<std::int64_t>(palette.values.size()) - 1;
    auto* to = samples.ptr<std::uint16_t>();
    for (std::size_t i = 0; i < samples.total(); ++i) {
        to[i] = palette.values[std::clamp(field.value(reader.at(i)) - palette.firstInput, std::int64_t{0}, last)];
    }
}

// Where the samples of pixel i lie. 4:2:2 stores Y Y B R for two pixels (PS3.3 C.7.6.3.1.2).
std::size_t luminanceIndex(const PixelFormat& format, std::size_t row, std::size_t column) {
    const auto columns = static_cast<std::size_t>(format.columns);
    if (format.isSubsampled()) return row * ((columns + 1) / 2 * 4) + column / 2 * 4 + column % 2;
    const std::size_t pixel = row * columns + column;
    return format.isPlanar ? pixel : pixel * static_cast<std::size_t>(format.samplesPerPixel);
}

// Of colours with more than 16 bits the upper 16 are kept.
int surplusBits(const PixelFormat& format) { return std::max(0, format.bitsStored - 16); }

// Returns true if any pixel is not gray.
bool fillColor(const StoredFrame& frame, cv::Mat& samples) {
    const PixelFormat& format = frame.format;
    const SampleReader reader(frame);
    const BitField field(format);
    const std::size_t step = format.isPlanar ? static_cast<std::size_t>(format.pixels()) : 1;
    const int surplus = surplusBits(format);
    bool hasColor = frame.isLuminanceFirst;
    for (int row = 0; row < format.rows; ++row) {
        auto* to = samples.ptr<std::uint16_t>(row);
        for (int column = 0; column < format.columns; ++column) {
            const std::size_t at =
                luminanceIndex(format, static_cast<std::size_t>(row), static_cast<std::size_t>(column));
            const std::int64_t first = field.value(reader.at(at));
            if (frame.isLuminanceFirst) {
                to[column] = static_cast<std::uint16_t>(first >> surplus);
                continue;
            }
            const std::int64_t green = field.value(reader.at(at + step)), blue = field.value(reader.at(at + 2 * step));
            hasColor = hasColor || first != green || first != blue;
            to[column] = static_cast<std::uint16_t>((299 * first + 587 * green + 114 * blue + 500) / 1000 >> surplus);
        }
    }
    return hasColor;
}

double wideValue(const StoredFrame& frame, const SampleReader& reader, const BitField& field, std::size_t i) {
    switch (frame.format.kind) {
        case NumberKind::Float:
            return std::bit_cast<float>(reader.at(i));
        case NumberKind::Double:
            return std::bit_cast<double>(readU64(frame.bytes, 8 * i, frame.order));
        case NumberKind::Integer:
            break;
    }
    return static_cast<double>(field.value(reader.at(i)));
}

// More than 16 bits: the range that the film uses becomes 0..65535, exactly where it is narrow enough.
Result<Done> fillWide(const StoredFrame& frame, Image& image) {
    const SampleReader reader(frame);
    const BitField field(frame.format);
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = 0; i < image.samples.total(); ++i) {
        const double value = wideValue(frame, reader, field, i);
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (!(low <= high)) return Error{ErrorCode::Corrupt, "none of its pixels is a number"};
    const bool isExact = frame.format.kind == NumberKind::Integer && high - low <= 65535;
    const double step = isExact || high == low ? 1 : (high - low) / 65535;
    if (!std::isfinite(step)) return Error{ErrorCode::Unsupported, "its pixel values span more than a number can hold"};
    auto* to = image.samples.ptr<std::uint16_t>();
    for (std::size_t i = 0; i < image.samples.total(); ++i) {
        const double value = wideValue(frame, reader, field, i);
        to[i] = std::isfinite(value) ? static_cast<std::uint16_t>(std::lround((value - low) / step)) : std::uint16_t{0};
    }
    image.modality.intercept += image.modality.slope * low;
    image.modality.slope *= step;
    image.notes.push_back("The film stores " + std::to_string(frame.format.bitsAllocated) + "-bit values; they were " +
                          (isExact ? "moved" : "rescaled") + " to 16 bits.");
    return Done{};
}

std::int64_t neededBytes(const StoredFrame& frame) { return frame.format.frameBytes(); }

Result<Done> fillColorFrame(const StoredFrame& frame, Image& image) {
    if (frame.format.isSigned) return Error{ErrorCode::Unsupported, "it is a colour picture with signed samples"};
    if (frame.format.kind != NumberKind::Integer) return Error{ErrorCode::Unsupported, "it is a colour picture with fractional samples"};
    image.modality.slope *= std::ldexp(1.0, surplusBits(frame.format));
    image.encoding.wasColor = fillColor(frame, image.samples);
    image.notes.emplace_back(image.encoding.wasColor ? "The picture is in colour; its luminance is shown."
                                                     : "The picture is stored as colour, but all its pixels are gray.");
    return Done{};
}

}  // namespace

Result<Done> fillSamples(const StoredFrame& frame, const GrayPalette& palette, Image& image) {
    const PixelFormat& format = frame.format;
    if (static_cast<std::int64_t>(frame.bytes.size()) < neededBytes(frame)) {
        return Error{ErrorCode::Corrupt, "its picture needs " + std::to_string(neededBytes(frame)) +
                                             " bytes but only " + std::to_string(frame.bytes.size()) + " are there"};
    }
    image.samples.create(format.rows, format.columns, CV_16UC1);
    image.storedOffset = 0;
    if (!palette.values.empty()) {
        fillPalette(frame, palette, image.samples);
        image.encoding.wasColor = true;
        image.notes.emplace_back("The picture uses a colour palette; its luminance is shown.");
        return Done{};
    }
    if (format.samplesPerPixel > 1) return fillColorFrame(frame, image);
    if (format.kind != NumberKind::Integer || format.bitsStored > 16) return fillWide(frame, image);
    image.storedOffset = format.isSigned ? kSignedOffset : 0;
    fillGray(frame, image.samples);
    return Done{};
}

}  // namespace cxr
