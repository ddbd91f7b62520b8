#include "core/prior/kept_codec.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <opencv2/core.hpp>

#include "core/prior/kept_prediction.h"
#include "core/prior/range_coder.h"

namespace cxr {
namespace {

constexpr int kRawWindow = -15;  // no zlib header, largest window
constexpr int kBestLevel = 9;
constexpr int kMostMemory = 9;

// Prediction errors as yes-or-no questions: how many bits it has, its sign, its bits. The first and the highest of them are
// asked apart for each degree of unrest.
class ErrorCoder {
  public:
    ErrorCoder() {
        for (auto& ofUnrest : m_hasMore) ofUnrest.fill(BitModel(0.6));
        for (auto& ofUnrest : m_highest) ofUnrest.fill(BitModel(0.4));
        for (auto& ofLength : m_lower) ofLength.fill(BitModel(0.4));
    }
    void beginRow() { m_last = m_beforeLast = 0; }

    // Reading, `error` does not matter. Returns the error, -255..255.
    template <typename Coder>
    int code(Coder& coder, int error, int unrest, int step) {
        const std::size_t degree = degreeOf(2 * m_last + m_beforeLast + unrest);
        const int size = sizeOf(coder, std::bit_width(static_cast<unsigned>(std::abs(error))), degree);
        int value = 0;
        if (size > 0) {
            const bool isNegative = coder.bit(m_sign[step > 0 ? 2 : step < 0 ? 1 : 0], error < 0);
            value = 1;
            for (int i = size - 2; i >= 0; --i) {
                BitModel& model = i == size - 2 ? m_highest[degree][at(size)] : m_lower[at(size)][at(i)];
                value = value << 1 | static_cast<int>(coder.bit(model, (std::abs(error) >> i & 1) != 0));
            }
            if (isNegative) value = -value;
        }
        m_beforeLast = m_last;
        m_last = std::abs(value);
        return value;
    }

  private:
    static constexpr std::array<int, 5> kDegrees{2, 5, 10, 18, 32};
    static constexpr int kMostBits = 8;
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    static std::size_t degreeOf(int unrest) {
        return at(static_cast<int>(std::lower_bound(kDegrees.begin(), kDegrees.end(), unrest) - kDegrees.begin()));
    }
    template <typename Coder>
    int sizeOf(Coder& coder, int wanted, std::size_t degree) {
        int size = 0;
        while (size < kMostBits && coder.bit(m_hasMore[degree][at(size)], size < wanted)) ++size;
        return size;
    }

    std::array<std::array<BitModel, kMostBits>, kDegrees.size() + 1> m_hasMore;
    std::array<std::array<BitModel, kMostBits + 1>, kDegrees.size() + 1> m_highest;
    std::array<std::array<BitModel, kMostBits>, kMostBits + 1> m_lower;
    std::array<BitModel, 3> m_sign;
    int m_last = 0, m_beforeLast = 0;  // sizes of the errors before
};

// Writes or reads the pixels that the mask keeps. errorOf(expected value): what is written; reading, of no matter.
// take(value): each pixel in turn.
template <typename Coder, typename ErrorOf, typename Take>
void walkKept(const cv::Mat& mask, Coder& coder, const ErrorOf& errorOf, const Take& take) {
    KeptPredictor predictor(mask.cols);
    ErrorCoder errors;
    for (int y = 0; y < mask.rows; ++y) {
        predictor.beginRow(y);
        errors.beginRow();
        const auto* row = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < mask.cols; ++x) {
            if (row[x] == 0) continue;
            const auto [expected, unrest] = predictor.expected(x);
            const int error = errors.code(coder, errorOf(expected), unrest, predictor.step());
            const auto value = static_cast<std::uint8_t>(expected + error);
            take(value);
            predictor.set(x, value);
        }
    }
}

// Differences modulo 256, the small way round.
int shortest(int difference) { return static_cast<std::int8_t>(static_cast<std::uint8_t>(difference)); }

Result<std::string> deflateWith(std::string_view bytes, int strategy) {
    const Error noMemory{ErrorCode::OutOfMemory, "there is not enough memory to pack the bundle"};
    z_stream stream{};
    if (deflateInit2(&stream, kBestLevel, Z_DEFLATED, kRawWindow, kMostMemory, strategy) != Z_OK) return noMemory;
    std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int code = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END) return noMemory;
    return packed;
}

}  // namespace

std::string packKept(const cv::Mat& mask, const std::vector<std::uint8_t>& samples) {
    assert(mask.type() == CV_8UC1 && static_cast<std::size_t>(cv::countNonZero(mask)) == samples.size());
    RangeEncoder encoder;
    std::size_t next = 0;
    walkKept(mask, encoder, [&](int expected) { return shortest(samples[next] - expected); }, [&](std::uint8_t) { ++next; });
    return encoder.finish();
}

Result<std::vector<std::uint8_t>> unpackKept(const cv::Mat& mask, std::string_view packed) {
    std::vector<std::uint8_t> samples;
    samples.reserve(static_cast<std::size_t>(cv::countNonZero(mask)));
    RangeDecoder decoder(packed);
    walkKept(mask, decoder, [](int) { return 0; }, [&](std::uint8_t value) { samples.push_back(value); });
    if (!decoder.isAtEnd()) return Error{ErrorCode::Corrupt, "the packed pixels are damaged or not as many as they should be"};
    return samples;
}

Result<std::string> deflateBytes(std::string_view bytes) {
    Result<std::string> codes = deflateWith(bytes, Z_HUFFMAN_ONLY);
    if (!codes.isOk()) return codes;
    Result<std::string> repeats = deflateWith(bytes, Z_DEFAULT_STRATEGY);
    if (!repeats.isOk()) return repeats;
    return repeats.value().size() < codes.value().size() ? std::move(repeats) : std::move(codes);
}

Result<std::string> inflateBytes(std::string_view packed, std::size_t size) {
    z_stream stream{};
    if (inflateInit2(&stream, kRawWindow) != Z_OK) return Error{ErrorCode::OutOfMemory, "there is not enough memory to unpack the bundle"};
    std::string bytes(size + 1, '\0');  // one more, so that too many are noticed
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    const int code = inflate(&stream, Z_FINISH);
    const bool isWhole = code == Z_STREAM_END && stream.avail_in == 0 && stream.total_out == size;
    inflateEnd(&stream);
    if (!isWhole) return Error{ErrorCode::Corrupt, "the packed pixels are damaged or not as many as they should be"};
    bytes.resize(size);
    return bytes;
}

}  // namespace cxr
