#include "core/dicom_out/uid.h"

#include <cstdint>
#include <random>
#include <span>

#include "core/base/sha256.h"
#include "core/io/uuid_uid.h"

namespace cxr {

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
