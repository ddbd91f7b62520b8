// The films and other DICOM objects of a zip archive, unpacked into a private temporary folder.
//   limits   number of entries, bytes of one and of all, and how far they may expand: a bomb is refused by what it claims, and
//            no entry may hold more than it claims
//   nested   an archive in the archive is opened too, kMaxZipDepth levels deep, under what is left of the same limits
//   names    an entry's name is shown, never used as a path; absolute names and names with ".." are refused
// Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/model/zip_archive.h"
#include "core/study/temporary_folder.h"

namespace cxr {

inline constexpr int kMaxZipDepth = 1;

struct ZipFilmLimits {
    // Films deflate 2 to 10-fold, empty ones a hundredfold.
    ZipLimits archive{.maxEntries = 20'000, .maxTotalBytes = std::uint64_t{4} << 30, .freeBytes = 64U << 20, .maxRatio = 100};
    std::uint64_t maxEntryBytes = 512U << 20;
};

struct ZipMember {
    std::string name;            // in the archive: "IMAGES/IM0001", in one inside it: "DISC2.ZIP/IMAGES/IM0001"
    std::filesystem::path file;  // unpacked; empty: see `reason`
    std::string reason;
    bool isForeign = false;  // neither DICOM nor a picture nor an archive
};

struct ZipFilms {
    std::shared_ptr<const TemporaryFolder> folder;  // the files live as long
    std::vector<ZipMember> members;                 // by name
};

// fails NotFound, Corrupt, Unsupported (encrypted), TooLarge (a bomb), WriteFailed (no room), Cancelled
Result<ZipFilms> unpackFilms(const std::filesystem::path& archive, const ZipFilmLimits& limits, const RunContext& context);

}  // namespace cxr
