// A zip archive in memory, entry by entry, read through libzip (stored and deflated entries; APPNOTE.TXT 6.3).
// Before anything is unpacked: the central directory agrees with the entries, names are unique, nothing is encrypted,
// and what the entries claim to hold together is at most 1 MiB + 20 times the archive (weights hardly compress, a bomb
// does) and at most 4 GiB.
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

class ZipArchive {
  public:
    struct Entry {
        std::uint64_t index = 0;
        std::uint64_t size = 0;  // unpacked
    };

    // `bytes` must outlive the object.
    static Result<ZipArchive> open(std::span<const std::byte> bytes);
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
