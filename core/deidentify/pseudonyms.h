// Stand-ins for what identifies: each depends on the original and a secret key, so that they agree inside a run (and between
// runs with the same key), and nobody without the key can link them back or try names out.
//   HMAC-SHA256(key, kind, original)    UID: "2.25." and the first 128 bits as a version 4 UUID (PS3.5 annex B.2)
// Immutable; thread-safe. Who discards the key cannot repeat the mapping.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace cxr {

class Pseudonyms {
  public:
    using Key = std::array<std::uint8_t, 32>;

    // A key that nobody keeps.   fails Internal (no random numbers)
    static Result<Pseudonyms> withFreshKey();
    // The key in `file`; if there is no such file, a fresh one is written there, readable by its owner only.
    //   fails  Corrupt (no key), WriteFailed
    static Result<Pseudonyms> withKeyFile(const std::filesystem::path& file);
    explicit Pseudonyms(const Key& key) : m_key(key) {}

    [[nodiscard]] std::string uid(std::string_view original) const;             // "2.25.<number>"
    [[nodiscard]] std::string patientCode(std::string_view identity) const;     // "P" and 12 hex digits
    [[nodiscard]] std::string instanceCode(std::string_view instanceUid) const;  // "I" and 16 hex digits, for file names
    [[nodiscard]] int dayShift(std::string_view identity) const;                // -3650..-30

  private:
    [[nodiscard]] std::array<std::uint8_t, 32> mac(std::string_view kind, std::string_view original) const;
    Key m_key;
};

}  // namespace cxr
