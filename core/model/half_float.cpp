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
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16, magnitude = bits & 0x7fffU;
    if (magnitude > 0x7c00U) return std::nanf("");
    // In a float's places its exponent is too low by 127 - 15; so is that of a subnormal.
    const float value = magnitude == 0x7c00U ? INFINITY : std::bit_cast<float>(magnitude << 13) * 0x1p112F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
}

namespace {

template <typename Item, typename Convert>
std::vector<float> convertAll(const TensorView& view, const Convert& convert) {
    std::vector<float> values(view.bytes.size() / sizeof(Item));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Item item{};
        std::memcpy(&item, view.bytes.data() + i * sizeof(Item), sizeof(Item));
        values[i] = convert(item);
    }
    return values;
}

template <typename Item>
std::vector<float> castAll(const TensorView& view) {
    return convertAll<Item>(view, [](Item item) { return static_cast<float>(item); });
}

}  // namespace

std::vector<float> toFloats(const TensorView& view) {
    switch (view.type) {
        case TensorType::Float32:
            return castAll<float>(view);
        case TensorType::Float16:
            return convertAll<std::uint16_t>(view, floatFromHalf);
        case TensorType::BFloat16:  // the upper half of a float32
            return convertAll<std::uint16_t>(
                view, [](std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); });
        case TensorType::Float64:
            return castAll<double>(view);
        case TensorType::Int64:
            return castAll<std::int64_t>(view);
        case TensorType::Int32:
            return castAll<std::int32_t>(view);
        case TensorType::Int16:
            return castAll<std::int16_t>(view);
        case TensorType::Int8:
            return castAll<std::int8_t>(view);
        case TensorType::UInt8:
            return castAll<std::uint8_t>(view);
        case TensorType::Bool:
            return convertAll<std::uint8_t>(view, [](std::uint8_t byte) { return byte != 0 ? 1.0F : 0.0F; });
    }
    return {};
}

}  // namespace cxr
