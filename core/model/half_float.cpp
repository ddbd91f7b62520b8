#include <bit>
#include <cmath>
#include <cstring>

#include "core/model/safetensors.h"

namespace cxr {

std::uint16_t halfFromFloat(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint16_t sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const float magnitude = std::fabs(value);
    if (std::isnan(value)) return sign | 0x7e00U;
    if (magnitude >= 65520.0F) return sign | 0x7c00U;
    if (magnitude < 6.103515625e-05F) {  // below 2^-14: subnormal, steps of 2^-24
        return sign | static_cast<std::uint16_t>(std::lrint(magnitude * 16777216.0F));
    }
    std::uint32_t rounded = std::bit_cast<std::uint32_t>(magnitude);
    rounded += 0x0fffU + ((rounded >> 13) & 1U);
    return sign | static_cast<std::uint16_t>((rounded >> 13) - (112U << 10));
}

float floatFromHalf(std::uint16_t bits) {
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    const int exponent = (bits >> 10) & 0x1f;
    const int mantissa = bits & 0x3ff;
    if (exponent == 31) return mantissa != 0 ? std::nanf("") : sign * INFINITY;
    if (exponent == 0) return sign * std::ldexp(static_cast<float>(mantissa), -24);
    return sign * std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
}

std::vector<float> toFloats(const TensorView& view) {
    std::vector<float> values(static_cast<std::size_t>(view.count()));
    if (view.type == TensorType::Float32) {
        std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
        return values;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, view.bytes.data() + 2 * i, sizeof half);
        values[i] = floatFromHalf(half);
    }
    return values;
}

}  // namespace cxr
