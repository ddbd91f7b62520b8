#include "core/prior/kept_codec.h"

#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <opencv2/core.hpp>

namespace cxr {
namespace {

constexpr int kRawWindow = -15;  // no zlib header, largest window
constexpr int kBestLevel = 9;
constexpr int kMostMemory = 9;
constexpr int kFirstGuess = 128;
constexpr int kFarRows = 6;  // beyond that many times dW the row above says nothing

struct Kept {
    int value = -1;  // -1: none yet
    int row = 0;
};

// What is known before a pixel, and what it lets us expect. Give it the pixels row by row, each row left to right.
class Predictor {
  public:
    explicit Predictor(int columns) : m_above(static_cast<std::size_t>(columns)), m_current(static_cast<std::size_t>(columns)) {}

    void beginRow(int row) {
        m_row = row;
        m_left = -1;
        m_above = m_current;
    }
    [[nodiscard]] int expected(int column) const {
        const Kept& above = m_above[static_cast<std::size_t>(column)];
        const bool hasLeft = m_left >= 0, hasAbove = above.value >= 0;
        if (!hasLeft) return hasAbove ? above.value : m_last;
        const int dW = column - m_left, dN = m_row - above.row;
        if (!hasAbove || dN > kFarRows * dW) return m_last;
        const Kept& corner = m_above[static_cast<std::size_t>(m_left)];
        if (corner.value >= 0 && corner.row == above.row) return along(above.value, corner.value, dN);
        return (m_last * dN + above.value * dW) / (dN + dW);
    }
    void set(int column, int value) {
        m_current[static_cast<std::size_t>(column)] = {value, m_row};
        m_left = column;
        m_last = value;
    }

  private:
    // m_last is the pixel to the left.
    [[nodiscard]] int along(int above, int corner, int dN) const {
        if (dN == 1) {
            if (corner >= std::max(m_last, above)) return std::min(m_last, above);
            if (corner <= std::min(m_last, above)) return std::max(m_last, above);
            return m_last + above - corner;
        }
        const int weight = dN == 2 ? 205 : dN <= 5 ? 141 : 90;
        return std::clamp(m_last + ((weight * (above - corner) + 128) >> 8), 0, 255);
    }

    std::vector<Kept> m_above, m_current;
    int m_row = 0, m_left = -1, m_last = kFirstGuess;
};

template <typename Visit>
void forKept(const cv::Mat& mask, Predictor& predictor, const Visit& visit) {
    for (int y = 0; y < mask.rows; ++y) {
        predictor.beginRow(y);
        const auto* row = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < mask.cols; ++x) {
            if (row[x] != 0) visit(x);
        }
    }
}

unsigned char folded(int difference) {
    const int small = static_cast<std::int8_t>(static_cast<std::uint8_t>(difference));
    return static_cast<unsigned char>(small >= 0 ? 2 * small : -2 * small - 1);
}

int unfolded(unsigned char code) { return code % 2 == 0 ? code / 2 : -(code + 1) / 2; }

Result<std::string> deflateWith(std::string_view bytes, int strategy) {
    const Error noMemory{ErrorCode::OutOfMemory, "there is not enough memory to pack the pixels"};
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

Result<std::string> packKept(const cv::Mat& mask, const std::vector<std::uint8_t>& samples) {
    assert(mask.type() == CV_8UC1 && static_cast<std::size_t>(cv::countNonZero(mask)) == samples.size());
    std::string errors;
    errors.reserve(samples.size());
    Predictor predictor(mask.cols);
    forKept(mask, predictor, [&](int column) {
        const int value = samples[errors.size()];
        errors += static_cast<char>(folded(value - predictor.expected(column)));
        predictor.set(column, value);
    });
    return deflateWith(errors, Z_HUFFMAN_ONLY);
}

Result<std::vector<std::uint8_t>> unpackKept(const cv::Mat& mask, std::string_view packed) {
    const Result<std::string> errors = inflateBytes(packed, static_cast<std::size_t>(cv::countNonZero(mask)));
    if (!errors.isOk()) return errors.error();
    std::vector<std::uint8_t> samples;
    samples.reserve(errors.value().size());
    Predictor predictor(mask.cols);
    forKept(mask, predictor, [&](int column) {
        const auto code = static_cast<unsigned char>(errors.value()[samples.size()]);
        samples.push_back(static_cast<std::uint8_t>(predictor.expected(column) + unfolded(code)));
        predictor.set(column, samples.back());
    });
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
    if (inflateInit2(&stream, kRawWindow) != Z_OK) return Error{ErrorCode::OutOfMemory, "there is not enough memory to unpack the pixels"};
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
