#include "core/io/inflate.h"

#include <zlib.h>

#include <algorithm>

namespace cxr {
namespace {

constexpr std::int64_t kAlwaysAllowed = 64LL << 20;
constexpr std::int64_t kMaxRatio = 200;

class Inflater {
  public:
    explicit Inflater(int windowBits) { m_isReady = inflateInit2(&m_stream, windowBits) == Z_OK; }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    void setInput(Bytes bytes) {
        m_stream.next_in = const_cast<Bytef*>(bytes.data());  // zlib reads it only
        m_stream.avail_in = static_cast<uInt>(bytes.size());
    }
    [[nodiscard]] bool isReady() const { return m_isReady; }
    // Writes into [out, out + size); returns zlib's code and sets `produced`.
    int step(std::uint8_t* out, std::size_t size, std::size_t& produced) {
        m_stream.next_out = out;
        m_stream.avail_out = static_cast<uInt>(size);
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        produced = size - m_stream.avail_out;
        return code;
    }

  private:
    z_stream m_stream{};
    bool m_isReady = false;
};

bool hasZlibWrapper(Bytes bytes) {
    return bytes.size() >= 2 && (bytes[0] & 0x0F) == 8 && (bytes[0] >> 4) <= 7 &&
           readU16(bytes, 0, ByteOrder::Big) % 31 == 0;
}

}  // namespace

Result<std::vector<std::uint8_t>> inflateDataSet(Bytes compressed, std::int64_t maxBytes) {
    constexpr std::size_t kFirstStep = 1 << 20;
    if (compressed.size() > (1U << 31)) return Error{ErrorCode::TooLarge, "the deflated data set is larger than 2 GiB"};
    const std::int64_t byRatio = std::max(kAlwaysAllowed, kMaxRatio * static_cast<std::int64_t>(compressed.size()));
    const auto limit = static_cast<std::size_t>(std::min(maxBytes, byRatio));
    Inflater inflater(hasZlibWrapper(compressed) ? MAX_WBITS : -MAX_WBITS);
    if (!inflater.isReady()) return Error{ErrorCode::OutOfMemory, "there is no memory to expand the deflated data set"};
    inflater.setInput(compressed);

    std::vector<std::uint8_t> out;
    std::size_t used = 0;
    while (true) {
        if (used == out.size()) out.resize(std::min(std::max(kFirstStep, used * 2), limit + 1));
        std::size_t produced = 0;
        const int code = inflater.step(out.data() + used, out.size() - used, produced);
        used += produced;
        if (used > limit) {
            return Error{ErrorCode::TooLarge,
                         "the deflated data set expands to more than " + std::to_string(limit) + " bytes"};
        }
        if (code == Z_STREAM_END) break;
        if (code != Z_OK) return Error{ErrorCode::Corrupt, "the deflated data set is damaged or cut off"};
    }
    out.resize(used);
    return out;
}

}  // namespace cxr
