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

class Unpacker {
  public:
    Unpacker(const ZipArchive& archive, const ZipFilmLimits& limits, fs::path folder)
        : m_archive(archive), m_limits(limits), m_folder(std::move(folder)) {}

    // fails WriteFailed; what is wrong with the member alone is its reason
    Result<ZipMember> unpack(const std::string& name, std::uint64_t size) {
        ZipMember member{name, {}, {}, false};
        if (leavesTheArchive(name)) {
            member.reason = "its name in the archive leads outside of it, which is refused";
            return member;
        }
        if (size > m_limits.maxEntryBytes) {
            member.reason = "it is larger than " + std::to_string(m_limits.maxEntryBytes >> 20) + " MiB; unpack the archive first";
            return member;
        }
        const auto bytes = m_archive.read(name);
        if (!bytes.isOk()) {
            member.reason = bytes.error().message;
            return member;
        }
        return keep(std::move(member), bytes.value());
    }

  private:
    Result<ZipMember> keep(ZipMember member, const std::vector<std::byte>& bytes) {
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        const FileContent content = contentOf({data, bytes.size()});
        member.isForeign = content == FileContent::Other || content == FileContent::Zip;
        if (content == FileContent::Zip) member.reason = "it is an archive inside the archive; unpack the outer one first";
        if (content == FileContent::Other) member.reason = "it is neither DICOM nor PNG, TIFF or JPEG";
        if (member.isForeign) return member;
        const fs::path place = m_folder / std::to_string(++m_number);  // members may have one file name
        std::error_code code;
        fs::create_directory(place, code);
        const fs::path file = place / safeFileName(member.name);
        std::ofstream stream(file, std::ios::binary);
        stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        stream.close();
        if (code || !stream) {
            return Error{ErrorCode::WriteFailed, "the archive cannot be unpacked: there is no room in the system's temporary folder"};
        }
        member.file = file;
        return member;
    }

    const ZipArchive& m_archive;
    const ZipFilmLimits& m_limits;
    fs::path m_folder;
    int m_number = 0;
};

}  // namespace

Result<ZipFilms> unpackFilms(const fs::path& archive, const ZipFilmLimits& limits, const RunContext& context) {
    const Result<MappedFile> mapped = mapFile(archive, "the zip archive");
    if (!mapped.isOk()) return mapped.error();
    const Result<ZipArchive> opened = ZipArchive::open(mapped.value().bytes, limits.archive);
    if (!opened.isOk()) return opened.error();
    auto folder = TemporaryFolder::make();
    if (!folder.isOk()) return folder.error();
    ZipFilms films{folder.value(), {}};
    Unpacker unpacker(opened.value(), limits, folder.value()->path());
    const auto& entries = opened.value().entries();
    std::size_t done = 0;
    for (const auto& [name, entry] : entries) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
        context.report(static_cast<double>(done++) / static_cast<double>(entries.size()));
        if (name.empty() || name.back() == '/') continue;  // a folder
        auto member = unpacker.unpack(name, entry.size);
        if (!member.isOk()) return member.error();
        films.members.push_back(std::move(member).value());
    }
    return films;
}

}  // namespace cxr
