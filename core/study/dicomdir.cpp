#include "core/study/dicomdir.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/base/atomic_file.h"
#include "core/io/dicom_header.h"
#include "core/io/data_set_reading.h"
#include "core/io/dicom_prescan.h"
#include "core/io/dicom_walker.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxIndexBytes = 64LL << 20;
constexpr int kInactive = 0;  // Record In-use Flag (0004,1410)
constexpr std::size_t kMaxFiles = 100'000, kMaxIdBytes = 1024, kShownBytes = 64;

std::vector<std::string> componentsOf(const std::string& fileId) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= fileId.size()) {
        const std::size_t end = std::min(fileId.find('\\', begin), fileId.size());
        std::string part = fileId.substr(begin, end - begin);
        part.erase(part.find_last_not_of(' ') + 1);
        part.erase(0, std::min(part.find_first_not_of(' '), part.size()));
        parts.push_back(std::move(part));
        begin = end + 1;
    }
    return parts;
}

bool isPlainName(const std::string& part) {
    const bool hasOnlyPlain = std::none_of(part.begin(), part.end(), [](char c) {
        return c == '/' || c == ':' || static_cast<unsigned char>(c) < 0x20;
    });
    return !part.empty() && part != "." && part != ".." && hasOnlyPlain;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// The folder that an index lies in. Each folder is listed once at most: an index may name a hundred thousand files.
class Disc {
  public:
    explicit Disc(fs::path folder) : m_folder(std::move(folder)) {
        std::error_code code;
        m_real = fs::canonical(m_folder.empty() ? fs::path(".") : m_folder, code);
    }

    IndexedFile located(const std::string& fileId) {
        if (fileId.size() > kMaxIdBytes) return {fileId.substr(0, kShownBytes) + "...", {}, "the DICOMDIR gives it a path that is too long for a disc"};
        const std::vector<std::string> parts = componentsOf(fileId);
        IndexedFile found;
        for (const std::string& part : parts) found.name += (found.name.empty() ? "" : "/") + part;
        if (!std::all_of(parts.begin(), parts.end(), isPlainName)) {
            found.reason = "the DICOMDIR names a path outside of its folder, which is refused";
            return found;
        }
        fs::path file = m_folder;
        for (const std::string& part : parts) {
            file = entryOf(file, part);
            if (!file.empty()) continue;
            found.reason = "the DICOMDIR lists it, but it is not on the disc or in the folder";
            return found;
        }
        if (staysInside(file)) {
            found.file = file;
        } else {
            found.reason = "the DICOMDIR names a link that leads outside of its folder, which is refused";
        }
        return found;
    }

  private:
    using Names = std::map<std::string, fs::path>;  // in lower case

    // Media are mounted in upper or lower case. Empty: no such entry.
    fs::path entryOf(const fs::path& folder, const std::string& name) {
        std::error_code code;
        if (fs::exists(folder / name, code)) return folder / name;
        const Names& names = namesIn(folder);
        const auto found = names.find(lower(name));
        return found == names.end() ? fs::path() : found->second;
    }

    const Names& namesIn(const fs::path& folder) {
        const auto [place, isNew] = m_names.try_emplace(folder);
        if (!isNew) return place->second;
        std::error_code code;
        for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, code), end; !code && at != end; at.increment(code))
            place->second.emplace(lower(at->path().filename().string()), at->path());
        return place->second;
    }

    [[nodiscard]] bool staysInside(const fs::path& file) const {
        std::error_code code;
        const fs::path inner = fs::canonical(file, code);
        if (code || m_real.empty()) return false;
        const fs::path relative = inner.lexically_relative(m_real);
        return !relative.empty() && *relative.begin() != "..";
    }

    fs::path m_folder, m_real;
    std::map<fs::path, Names> m_names;
};

Result<Done> parse(const DicomLayout& layout, DcmDataset& dataset) {
    const OFCondition read = readDataSet(dataset, layout.dataSet, plainCoding(layout));
    if (read.good() || read == EC_EndOfStream) return Done{};
    return Error{ErrorCode::Corrupt, std::string("the DICOMDIR cannot be understood (") + read.text() + ")"};
}

std::vector<std::string> fileIdsOf(DcmDataset& dataset) {
    std::vector<std::string> ids;
    std::set<std::string> known;
    DcmSequenceOfItems* records = nullptr;
    if (dataset.findAndGetSequence(DCM_DirectoryRecordSequence, records).bad() || records == nullptr) return ids;
    for (DcmObject* at = records->nextInContainer(nullptr); at != nullptr; at = records->nextInContainer(at)) {
        auto& record = static_cast<DcmItem&>(*at);
        OFString id;
        Uint16 inUse = 0;
        const bool isInactive = record.findAndGetUint16(DCM_RecordInUseFlag, inUse).good() && inUse == kInactive;  // absent: in use
        if (isInactive || record.findAndGetOFStringArray(DCM_ReferencedFileID, id).bad() || id.empty()) continue;
        if (known.insert(id.c_str()).second) ids.emplace_back(id.c_str());
    }
    return ids;
}

}  // namespace

Result<std::vector<IndexedFile>> readDicomdir(const fs::path& index, const ReadLimits& limits) {
    silenceDcmtk();
    const Result<std::string> whole = readWholeFile(index, kMaxIndexBytes);
    if (!whole.isOk()) return whole.error();
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(whole.value().data()), whole.value().size());
    if (!looksLikeDicom(bytes)) return Error{ErrorCode::Unsupported, "it is no DICOMDIR"};
    const Result<DicomLayout> layout = prescanDicomObject(bytes, limits);
    if (!layout.isOk()) return layout.error();
    if (!isReadAlike(layout.value())) return Error{ErrorCode::Corrupt, "the DICOMDIR holds values of no known type"};
    // The look ends at pixels; DCMTK would go on behind them.
    if (layout.value().pixels.element.tag != 0) return Error{ErrorCode::Corrupt, "the DICOMDIR holds a picture, which no index does"};
    DcmDataset dataset;
    if (auto parsed = parse(layout.value(), dataset); !parsed.isOk()) return parsed.error();
    const std::vector<std::string> ids = fileIdsOf(dataset);
    if (ids.size() > kMaxFiles) return Error{ErrorCode::TooLarge, "the DICOMDIR lists more than " + std::to_string(kMaxFiles) + " files; open a folder of the disc"};
    std::vector<IndexedFile> files;
    Disc disc(index.parent_path());
    for (const std::string& id : ids) files.push_back(disc.located(id));
    return files;
}

}  // namespace cxr
