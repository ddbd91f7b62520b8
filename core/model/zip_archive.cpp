#include "core/model/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <cstring>

#include "core/model/shown_name.h"

namespace cxr {
namespace {

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, "the zip archive is broken: " + reason}; }

std::shared_ptr<zip> openZip(std::span<const std::byte> bytes, std::string& reason) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (archive == nullptr) {
        reason = zip_error_strerror(&error);
        if (source != nullptr) zip_source_free(source);
    }
    zip_error_fini(&error);
    return archive == nullptr ? nullptr : std::shared_ptr<zip>(archive, zip_discard);
}

// Facts of one entry, checked as far as they can be without unpacking.
Result<zip_stat_t> statEntry(zip* archive, std::uint64_t index, std::size_t archiveBytes) {
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    zip_stat_t facts;
    if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &facts) != 0 || (facts.valid & kNeeded) != kNeeded) {
        return corrupt("an entry has no size");
    }
    if (facts.encryption_method != ZIP_EM_NONE) {
        return Error{ErrorCode::Unsupported, "the zip archive is encrypted: save it without a password"};
    }
    if (facts.comp_method != ZIP_CM_STORE && facts.comp_method != ZIP_CM_DEFLATE) {
        return Error{
            ErrorCode::Unsupported,
            "the zip archive uses a compression that is not read: pack it again with plain zip (deflate or none)"};
    }
    const bool isStored = facts.comp_method == ZIP_CM_STORE;
    if (facts.comp_size > archiveBytes || (isStored && facts.size != facts.comp_size)) {
        return corrupt("an entry lies about its size");
    }
    return facts;
}

}  // namespace

bool ZipArchive::isZip(std::span<const std::byte> bytes) {
    return bytes.size() >= 4 &&
           (std::memcmp(bytes.data(), "PK\3\4", 4) == 0 || std::memcmp(bytes.data(), "PK\5\6", 4) == 0);
}

Result<ZipArchive> ZipArchive::open(std::span<const std::byte> bytes, const ZipLimits& limits) {
    ZipArchive archive;
    std::string reason;
    archive.m_zip = openZip(bytes, reason);
    if (!archive.m_zip) return corrupt(reason);
    const std::int64_t count = zip_get_num_entries(archive.m_zip.get(), 0);
    if (count > limits.maxEntries) {
        return Error{ErrorCode::TooLarge,
                     "the zip archive has more than " + std::to_string(limits.maxEntries) + " entries"};
    }
    const std::uint64_t allowed = std::min(limits.maxTotalBytes, limits.freeBytes + limits.maxRatio * bytes.size());
    std::uint64_t total = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto facts = statEntry(archive.m_zip.get(), static_cast<std::uint64_t>(i), bytes.size());
        if (!facts.isOk()) return facts.error();
        const std::string name = facts.value().name;
        const std::uint64_t size = facts.value().size;
        if (size > allowed || total + size > allowed) {
            return Error{ErrorCode::TooLarge, "the zip archive claims to hold far more than its size allows"};
        }
        total += size;
        const bool isNew = archive.m_entries.emplace(name, Entry{static_cast<std::uint64_t>(i), size}).second;
        if (!isNew) return corrupt("it holds " + shownName(name) + " twice");
    }
    return archive;
}

Result<std::vector<std::byte>> ZipArchive::read(const std::string& name) const {
    const auto found = m_entries.find(name);
    if (found == m_entries.end()) return Error{ErrorCode::NotFound, "the zip archive does not hold " + shownName(name)};
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(m_zip.get(), found->second.index, 0),
                                                                  zip_fclose);
    if (!file) return corrupt("cannot open " + shownName(name));
    std::vector<std::byte> bytes(found->second.size);
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got = zip_fread(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (got <= 0) return corrupt(shownName(name) + " ends early or has a wrong checksum");
        filled += static_cast<std::size_t>(got);
    }
    std::byte more{};  // reading to the end is what checks the checksum
    if (zip_fread(file.get(), &more, 1) != 0) {
        return corrupt(shownName(name) + " is longer than it says or has a wrong checksum");
    }
    return bytes;
}

}  // namespace cxr
