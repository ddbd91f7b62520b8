#include "core/dicom_out/uid.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>

#include "core/base/sha256.h"

namespace cxr {
namespace {

using Uuid = std::array<std::uint8_t, 16>;

// The whole number in base 10, by dividing it by 10 until nothing is left.
std::string decimal(Uuid number) {
    std::string digits;
    do {
        unsigned rest = 0;
        for (std::uint8_t& byte : number) {
            const unsigned part = rest << 8 | byte;
            byte = static_cast<std::uint8_t>(part / 10);
            rest = part % 10;
        }
        digits.push_back(static_cast<char>('0' + rest));
    } while (std::any_of(number.begin(), number.end(), [](std::uint8_t byte) { return byte != 0; }));
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::string uidOf(Uuid uuid, unsigned version) {
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | version << 4);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
    return "2.25." + decimal(uuid);
}

}  // namespace

std::string newUid() {
    std::random_device source;
    Uuid uuid{};
    for (std::uint8_t& byte : uuid) byte = static_cast<std::uint8_t>(source());
    return uidOf(uuid, 4);
}

std::string derivedUid(const std::string& seed) {
    const std::string text = "precordia\n" + seed;
    const std::string hex = sha256Hex(std::as_bytes(std::span(text)));
    Uuid uuid{};
    for (std::size_t i = 0; i < uuid.size(); ++i)
        uuid[i] = static_cast<std::uint8_t>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
    return uidOf(uuid, 8);
}

}  // namespace cxr
