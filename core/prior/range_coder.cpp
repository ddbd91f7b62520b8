#include "core/prior/range_coder.h"

#include <algorithm>

namespace cxr {
namespace {

constexpr std::uint32_t kSmallest = 1U << 24;  // of a range
constexpr std::uint32_t kLeast = 32;           // of a probability, in 1/65536
constexpr std::uint32_t kMemory = 58;          // answers that count
constexpr std::size_t kLookAhead = 4;          // bytes the decoder holds

std::uint32_t yesPart(std::uint32_t range, const BitModel& model) { return (range >> 16) * model.yes(); }

}  // namespace

void BitModel::learn(bool wasYes) {
    m_seen = std::min(m_seen + 1, kMemory);
    const std::uint32_t parts = 2 * m_seen + 3;  // by 2 / parts: 2/5, 2/7, ... 1/60
    if (wasYes) m_yes += 2 * (kOne - m_yes) / parts;
    else m_yes -= 2 * m_yes / parts;
    m_yes = std::clamp(m_yes, kLeast, kOne - kLeast);
}

bool RangeEncoder::bit(BitModel& model, bool value) {
    const std::uint32_t part = yesPart(m_range, model);
    if (value) {
        m_range = part;
    } else {
        m_low += part;
        m_range -= part;
    }
    model.learn(value);
    for (; m_range < kSmallest; m_range <<= 8) shiftLow();
    return value;
}

void RangeEncoder::shiftLow() {
    const bool hasCarry = m_low > 0xFFFFFFFF;
    if (hasCarry || m_low < 0xFF000000) {  // the byte before is settled
        if (m_hasCache) m_bytes += static_cast<char>(m_cache + (hasCarry ? 1 : 0));
        m_bytes.append(m_pending, static_cast<char>(hasCarry ? 0x00 : 0xFF));
        m_pending = 0;
        m_cache = static_cast<std::uint8_t>(m_low >> 24);
        m_hasCache = true;
    } else {
        ++m_pending;
    }
    m_low = (m_low & 0x00FFFFFF) << 8;
}

std::string RangeEncoder::finish() {
    for (std::size_t i = 0; i <= kLookAhead; ++i) shiftLow();
    for (std::size_t i = 0; i < kLookAhead && !m_bytes.empty() && m_bytes.back() == 0; ++i) m_bytes.pop_back();  // read as 0 anyway
    return std::move(m_bytes);
}

RangeDecoder::RangeDecoder(std::string_view bytes) : m_bytes(bytes) {
    for (std::size_t i = 0; i < kLookAhead; ++i) m_code = m_code << 8 | next();
}

std::uint32_t RangeDecoder::next() {
    const std::size_t at = m_at++;
    return at < m_bytes.size() ? static_cast<std::uint8_t>(m_bytes[at]) : 0;
}

bool RangeDecoder::bit(BitModel& model, bool /*ignored*/) {
    const std::uint32_t part = yesPart(m_range, model);
    const bool value = m_code < part;
    if (value) {
        m_range = part;
    } else {
        m_code -= part;
        m_range -= part;
    }
    model.learn(value);
    for (; m_range < kSmallest; m_range <<= 8) m_code = m_code << 8 | next();
    return value;
}

bool RangeDecoder::isAtEnd() const { return m_at >= m_bytes.size() && m_at <= m_bytes.size() + kLookAhead; }

}  // namespace cxr
