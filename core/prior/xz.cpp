#include "core/prior/xz.h"

#include <lzma.h>

#include <array>

namespace cxr {
namespace {

constexpr std::uint32_t kPreset = 6;
constexpr std::uint64_t kMemoryLimit = 256ULL << 20;

class Stream {
  public:
    Stream() = default;
    ~Stream() { lzma_end(&m_stream); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    lzma_stream* get() { return &m_stream; }

    // Feeds all of `bytes`; stops when more than maxBytes came out.
    lzma_ret runAll(std::string_view bytes, std::size_t maxBytes, std::string& out) {
        m_stream.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        m_stream.avail_in = bytes.size();
        std::array<std::uint8_t, 1 << 16> block{};
        lzma_ret code = LZMA_OK;
        while (code == LZMA_OK && out.size() <= maxBytes) {
            m_stream.next_out = block.data();
            m_stream.avail_out = block.size();
            code = lzma_code(&m_stream, LZMA_FINISH);
            out.append(reinterpret_cast<const char*>(block.data()), block.size() - m_stream.avail_out);
        }
        return code;
    }

  private:
    lzma_stream m_stream = LZMA_STREAM_INIT;
};

}  // namespace

Result<std::string> xzCompress(std::string_view bytes) {
    Stream stream;
    std::string out;
    if (lzma_easy_encoder(stream.get(), kPreset, LZMA_CHECK_CRC64) != LZMA_OK ||
        stream.runAll(bytes, bytes.size() + bytes.size() / 2 + (1 << 16), out) != LZMA_STREAM_END) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to compress the vector"};
    }
    return out;
}

Result<std::string> xzDecompress(std::string_view bytes, std::size_t maxBytes) {
    Stream stream;
    std::string out;
    if (lzma_stream_decoder(stream.get(), kMemoryLimit, 0) != LZMA_OK) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to unpack the vector"};
    }
    const lzma_ret code = stream.runAll(bytes, maxBytes, out);
    if (out.size() > maxBytes || code == LZMA_MEMLIMIT_ERROR) {
        return Error{ErrorCode::TooLarge, "the .xz file unpacks to more than it should hold"};
    }
    if (code != LZMA_STREAM_END || stream.get()->avail_in != 0) {
        return Error{ErrorCode::Corrupt, "the .xz file is damaged or cut off"};
    }
    return out;
}

}  // namespace cxr
