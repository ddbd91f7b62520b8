// A read-only view of a file's bytes and the numbers in it. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace cxr {

using Bytes = std::span<const std::uint8_t>;

enum class ByteOrder { Little, Big };

// REQUIRES for the readers below: offset + size of the number <= bytes.size()
inline std::uint16_t readU16(Bytes bytes, std::size_t offset, ByteOrder order) {
    const unsigned first = bytes[offset];
    const unsigned second = bytes[offset + 1];
    return static_cast<std::uint16_t>(order == ByteOrder::Little ? first | second << 8 : first << 8 | second);
}

inline std::uint32_t readU32(Bytes bytes, std::size_t offset, ByteOrder order) {
    const std::uint32_t first = readU16(bytes, offset, order);
    const std::uint32_t second = readU16(bytes, offset + 2, order);
    return order == ByteOrder::Little ? first | second << 16 : first << 16 | second;
}

inline std::uint64_t readU64(Bytes bytes, std::size_t offset, ByteOrder order) {
    const std::uint64_t first = readU32(bytes, offset, order);
    const std::uint64_t second = readU32(bytes, offset + 4, order);
    return order == ByteOrder::Little ? first | second << 32 : first << 32 | second;
}

inline bool startsWith(Bytes bytes, std::string_view magic, std::size_t offset = 0) {
    return bytes.size() >= offset + magic.size() && std::memcmp(bytes.data() + offset, magic.data(), magic.size()) == 0;
}

}  // namespace cxr
