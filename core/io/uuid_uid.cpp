#include "core/io/uuid_uid.h"

#include <algorithm>

namespace cxr {
namespace {

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

}  // namespace

std::string uidOf(Uuid uuid, unsigned version) {
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | version << 4);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
    return "2.25." + decimal(uuid);
}

}  // namespace cxr
