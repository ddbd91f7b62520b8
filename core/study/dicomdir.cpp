#include "core/study/dicomdir.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/base/atomic_file.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_prescan.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxIndexBytes = 64LL << 20;
constexpr int kInactive = 0;  // Record In-use Flag (0004,1410)

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

// Media are mounted in upper or lower case. Empty: no such entry.
fs::path entryOf(const fs::path& folder, const std::string& name) {
    std::error_code code;
    if (fs::exists(folder / name, code)) return folder / name;
    for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, code), end; !code && at != end; at.increment(code)) {
        if (lower(at->path().filename().string()) == lower(name)) return at->path();
    }
    return {};
}

bool staysIn(const fs::path& folder, const fs::path& file) {
    std::error_code code;
    const fs::path inner = fs::canonical(file, code);
    if (code) return false;
    const fs::path outer = fs::canonical(folder, code);
    const fs::path relative = inner.lexically_relative(outer);
    return !code && !relative.empty() && *relative.begin() != "..";
}

IndexedFile located(const fs::path& folder, const std::string& fileId) {
    const std::vector<std::string> parts = componentsOf(fileId);
    IndexedFile found;
    for (const std::string& part : parts) found.name += (found.name.empty() ? "" : "/") + part;
    if (!std::all_of(parts.begin(), parts.end(), isPlainName)) {
        found.reason = "the DICOMDIR names a path outside of its folder, which is refused";
        return found;
    }
    fs::path file = folder;
    for (const std::string& part : parts) {
        file = entryOf(file, part);
        if (file.empty()) {
            found.reason = "the DICOMDIR lists it, but it is not on the disc or in the folder";
            return found;
        }
    }
    if (staysIn(folder, file)) {
        found.file = file;
    } else {
        found.reason = "the DICOMDIR names a link that leads outside of its folder, which is refused";
    }
    return found;
}

Result<Done> parse(const DicomLayout& layout, DcmDataset& dataset) {
    const E_TransferSyntax coding = layout.order == ByteOrder::Big ? EXS_BigEndianExplicit
                                    : layout.isExplicit            ? EXS_LittleEndianExplicit
                                                                   : EXS_LittleEndianImplicit;
    DcmInputBufferStream stream;
    stream.setBuffer(layout.dataSet.data(), static_cast<offile_off_t>(layout.dataSet.size()));
    stream.setEos();
    dataset.transferInit();
    const OFCondition read = dataset.read(stream, coding, EGL_noChange);
    dataset.transferEnd();
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
        Uint16 inUse = 0xFFFF;
        record.findAndGetUint16(DCM_RecordInUseFlag, inUse).good();
        if (record.findAndGetOFStringArray(DCM_ReferencedFileID, id).bad() || id.empty() || inUse == kInactive) continue;
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
    const Result<DicomLayout> layout = prescanDicomHeader(bytes, limits);
    if (!layout.isOk()) return layout.error();
    DcmDataset dataset;
    if (auto parsed = parse(layout.value(), dataset); !parsed.isOk()) return parsed.error();
    std::vector<IndexedFile> files;
    for (const std::string& id : fileIdsOf(dataset)) files.push_back(located(index.parent_path(), id));
    return files;
}

}  // namespace cxr
