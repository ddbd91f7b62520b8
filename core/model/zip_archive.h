// A zip archive in memory, entry by entry, read through libzip (stored and deflated entries; APPNOTE.TXT 6.3).
// Before anything is unpacked: the central directory agrees with the entries, names are unique, nothing is encrypted,
// and what the entries claim to hold together is within the limits: a bomb claims far more than its size. Those of a
// model hold by default: 1 MiB + 20 times the archive (weights hardly compress).
//   thread rule  one thread per object
//   fails        Corrupt (structure, checksum, length), Unsupported (encrypted, other compression), TooLarge
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

struct zip;

namespace cxr {

struct ZipLimits {
    std::int64_t maxEntries = 100'000;
    std::uint64_t maxTotalBytes = std::uint64_t{4} << 30;  // of all entries, unpacked
    std::uint64_t freeBytes = 1U << 20;                     // that much in any case
    std::uint64_t maxRatio = 20;                            // beyond that: unpacked bytes for each byte of the archive
};

class ZipArchive {
  public:
    struct Entry {
        std::uint64_t index = 0;
        std::uint64_t size = 0;  // unpacked
    };

    // `bytes` must outlive the object.
    static Result<ZipArchive> open(std::span<const std::byte> bytes, const ZipLimits& limits = {});
    // Whether `bytes` begin like a zip archive.
    static bool isZip(std::span<const std::byte> bytes);

    [[nodiscard]] const std::map<std::string, Entry>& entries() const { return m_entries; }
    // Unpacks one entry and checks its checksum. fails NotFound, Corrupt.
    [[nodiscard]] Result<std::vector<std::byte>> read(const std::string& name) const;

  private:
    std::shared_ptr<zip> m_zip;
    std::map<std::string, Entry> m_entries;
};

}  // namespace cxr
