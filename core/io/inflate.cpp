#include "core/io/inflate.h"

#include <algorithm>

namespace cxr {
namespace {

bool hasZlibWrapper(Bytes bytes) {
    return bytes.size() >= 2 && (bytes[0] & 0x0F) == 8 && (bytes[0] >> 4) <= 7 &&
           readU16(bytes, 0, ByteOrder::Big) % 31 == 0;
}

}  // namespace

DataSetInflater::DataSetInflater(Bytes compressed) : m_compressedSize(compressed.size()) {
    m_isReady = inflateInit2(&m_stream, hasZlibWrapper(compressed) ? MAX_WBITS : -MAX_WBITS) == Z_OK;
    m_stream.next_in = const_cast<Bytef*>(compressed.data());  // zlib reads it only
    m_stream.avail_in = static_cast<uInt>(std::min<std::size_t>(compressed.size(), UINT32_MAX));
}

DataSetInflater::~DataSetInflater() { inflateEnd(&m_stream); }

Result<Done> DataSetInflater::extendTo(std::size_t size) {
    constexpr std::size_t kPiece = 4 << 20;  // the memory grows with what is there, not with what is claimed
    if (m_compressedSize > (1U << 31)) return Error{ErrorCode::TooLarge, "the deflated data set is larger than 2 GiB"};
    if (!m_isReady) return Error{ErrorCode::OutOfMemory, "there is no memory to expand the deflated data set"};
    while (!m_isAtEnd && m_out.size() < size) {
        const std::size_t used = m_out.size();
        m_out.resize(std::min(size, used + std::max(kPiece, used)));
        m_stream.next_out = m_out.data() + used;
        m_stream.avail_out = static_cast<uInt>(std::min<std::size_t>(m_out.size() - used, UINT32_MAX));
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        m_out.resize(static_cast<std::size_t>(m_stream.next_out - m_out.data()));
        m_isAtEnd = code == Z_STREAM_END;
        if (code != Z_OK && !m_isAtEnd) return Error{ErrorCode::Corrupt, "the deflated data set is damaged or cut off"};
    }
    return Done{};
}

}  // namespace cxr
