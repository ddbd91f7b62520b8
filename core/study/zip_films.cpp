#include "core/study/zip_films.h"

#include <algorithm>
#include <fstream>

#include "core/model/mapped_file.h"
#include "core/study/study_object.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

bool leavesTheArchive(const std::string& name) {
    const bool isAbsolute = !name.empty() && (name.front() == '/' || name.front() == '\\' || (name.size() > 1 && name[1] == ':'));
    std::string path = name;
    std::replace(path.begin(), path.end(), '\\', '/');
    const fs::path parts(path);
    return isAbsolute || std::find(parts.begin(), parts.end(), "..") != parts.end();
}

// Only what a file name may hold on any system; the archive's own name stays in ZipMember::name.
std::string safeFileName(const std::string& name) {
    std::string last = name.substr(name.find_last_of("/\\") + 1).substr(0, 100);
    std::replace_if(
        last.begin(), last.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F || c == ':'; }, '_');
    return last.empty() || last == "." || last == ".." ? "film" : last;
}

std::uint64_t claimedBytes(const ZipArchive& archive) {
    std::uint64_t sum = 0;
    for (const auto& [name, entry] : archive.entries()) sum += entry.size;
    return sum;
}

class Unpacker {
  public:
    // `archiveBytes`: size of the outer archive; what it may hold holds for all archives inside of it together.
    Unpacker(const ZipFilmLimits& limits, std::uint64_t archiveBytes, fs::path folder) : m_limits(limits), m_folder(std::move(folder)) {
        m_left = limits.archive;
        m_left.maxTotalBytes = std::min(limits.archive.maxTotalBytes, limits.archive.freeBytes + archiveBytes * limits.archive.maxRatio);
    }

    // fails Corrupt, Unsupported, TooLarge (of this archive), WriteFailed, Cancelled (ends everything)
    Result<Done> unpack(std::span<const std::byte> bytes, const std::string& prefix, int depth, const RunContext& context) {
        const Result<ZipArchive> opened = ZipArchive::open(bytes, m_left);
        if (!opened.isOk()) return opened.error();
        const auto& entries = opened.value().entries();
        m_left.maxEntries -= static_cast<std::int64_t>(entries.size());
        m_left.maxTotalBytes -= std::min(m_left.maxTotalBytes, claimedBytes(opened.value()));
        std::size_t done = 0;
        for (const auto& [name, entry] : entries) {
            if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
            const double step = 1.0 / static_cast<double>(entries.size());
            const double before = step * static_cast<double>(done++);
            context.report(before);
            if (name.empty() || name.back() == '/') continue;  // a folder
            auto taken = takeEntry(opened.value(), name, entry.size, prefix, depth, context.part(before, before + step));
            if (!taken.isOk()) return taken.error();
        }
        return Done{};
    }
    [[nodiscard]] std::vector<ZipMember> members() && { return std::move(m_members); }

  private:
    Result<Done> refuse(const std::string& name, const std::string& reason, bool isForeign = false) {
        m_members.push_back({name, {}, reason, isForeign});
        return Done{};
    }

    Result<Done> takeEntry(const ZipArchive& archive, const std::string& entry, std::uint64_t size, const std::string& prefix, int depth,
                           const RunContext& context) {
        const std::string name = prefix + entry;
        if (leavesTheArchive(entry)) return refuse(name, "its name in the archive leads outside of it, which is refused");
        if (size > m_limits.maxEntryBytes)
            return refuse(name, "it is larger than " + std::to_string(m_limits.maxEntryBytes >> 20) + " MiB; unpack the archive first");
        const auto bytes = archive.read(entry);
        if (!bytes.isOk()) return refuse(name, bytes.error().message);
        const Bytes content(reinterpret_cast<const std::uint8_t*>(bytes.value().data()), bytes.value().size());
        switch (contentOf(content)) {
            case FileContent::Other: return refuse(name, "it is neither DICOM nor PNG, TIFF or JPEG", true);
            case FileContent::Zip: return openInner(bytes.value(), name, depth, context);
            default: return keep(name, content);
        }
    }

    Result<Done> openInner(std::span<const std::byte> bytes, const std::string& name, int depth, const RunContext& context) {
        if (depth >= kMaxZipDepth)
            return refuse(name, "it is an archive inside an archive inside the archive; only one level is opened: unpack the outer one first");
        const auto unpacked = unpack(bytes, name + "/", depth + 1, context);
        if (unpacked.isOk()) return unpacked;
        const ErrorCode code = unpacked.error().code;
        if (code == ErrorCode::Cancelled || code == ErrorCode::WriteFailed) return unpacked;
        return refuse(name, "it is an archive inside the archive, and cannot be opened: " + unpacked.error().message);
    }

    Result<Done> keep(const std::string& name, Bytes content) {
        const fs::path place = m_folder / std::to_string(++m_number);  // members may have one file name
        std::error_code code;
        fs::create_directory(place, code);
        const fs::path file = place / safeFileName(name);
        std::ofstream stream(file, std::ios::binary);
        stream.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
        stream.close();
        if (code || !stream)
            return Error{ErrorCode::WriteFailed, "the archive cannot be unpacked: there is no room in the system's temporary folder"};
        m_members.push_back({name, file, {}, false});
        return Done{};
    }

    const ZipFilmLimits& m_limits;
    ZipLimits m_left;
    fs::path m_folder;
    std::vector<ZipMember> m_members;
    int m_number = 0;
};

}  // namespace

Result<ZipFilms> unpackFilms(const fs::path& archive, const ZipFilmLimits& limits, const RunContext& context) {
    const Result<MappedFile> mapped = mapFile(archive, "the zip archive");
    if (!mapped.isOk()) return mapped.error();
    auto folder = TemporaryFolder::make();
    if (!folder.isOk()) return folder.error();
    Unpacker unpacker(limits, mapped.value().bytes.size(), folder.value()->path());
    const auto unpacked = unpacker.unpack(mapped.value().bytes, {}, 0, context);
    if (!unpacked.isOk()) return unpacked.error();
    return ZipFilms{folder.value(), std::move(unpacker).members()};
}

}  // namespace cxr
