// Adaptive binary arithmetic coding: each yes-or-no costs as many bits as it was unlikely, by a probability that learns from
// the answers before it. Range coder with carry and 32 bits (Martin, Video & Data Recording Conference 1979; as in LZMA).
// Integers only, so that every machine writes and reads the same.
//   thread rule  one object, one thread
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cxr {

// Probability of "yes"; the first answers move it fast, later ones by 1/60.
class BitModel {
  public:
    explicit BitModel(double yes = 0.5) : m_yes(static_cast<std::uint32_t>(yes * kOne)) {}
    [[nodiscard]] std::uint32_t yes() const { return m_yes; }  // in 1/65536, never near 0 or 1
    void learn(bool wasYes);

    static constexpr std::uint32_t kOne = 1 << 16;

  private:
    std::uint32_t m_yes;
    std::uint32_t m_seen = 0;
};

// Both coders have the same `bit`, so that one walk through the values serves for writing and reading.
class RangeEncoder {
  public:
    bool bit(BitModel& model, bool value);  // returns value
    std::string finish();

  private:
    void shiftLow();

    std::string m_bytes;
    std::uint64_t m_low = 0;
    std::uint32_t m_range = 0xFFFFFFFF;
    std::size_t m_pending = 0;  // bytes 0xFF that a carry may still change, after m_cache
    std::uint8_t m_cache = 0;
    bool m_hasCache = false;
};

class RangeDecoder {
  public:
    explicit RangeDecoder(std::string_view bytes);
    bool bit(BitModel& model, bool ignored = false);  // returns what the encoder was given
    // After the last bit: whether the bytes were used up, neither too many nor too few.
    [[nodiscard]] bool isAtEnd() const;

  private:
    std::uint32_t next();

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::uint32_t m_range = 0xFFFFFFFF;
    std::uint32_t m_code = 0;
};

}  // namespace cxr
