#include "core/study/study_scan.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include "core/base/folder_links.h"
#include "core/study/dicomdir.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecognisedBytes = 132;
constexpr double kCollected = 0.3;  // of the progress: archives are unpacked by then

struct Candidate {
    fs::path file;
    std::string origin;
    bool isNamed = false;
    bool isUnpacked = false;  // a member of an archive
};

FileContent contentOfFile(const fs::path& file) {
    std::array<std::uint8_t, kRecognisedBytes> start{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(start.data()), start.size());
    return contentOf({start.data(), static_cast<std::size_t>(stream.gcount())});
}

class Scanner {
  public:
    Scanner(const ScanLimits& limits, const RunContext& context) : m_limits(limits), m_context(context) {}

    void addSource(const fs::path& source, const RunContext& context) {
        std::error_code code;
        const fs::file_status status = fs::status(source, code);
        if (fs::is_directory(status)) return addFolder(source);
        if (!fs::exists(status)) return refuse(source, "there is no such file or folder", {.isNamed = true});
        if (!fs::is_regular_file(status)) return refuse(source, "it is neither a file nor a folder", {.isNamed = true});
        if (contentOfFile(source) == FileContent::Zip) return addArchive(source, context);
        add({source, source.string(), true, false});
    }

    Result<StudyScan> read() {
        if (m_context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};  // sources may be incomplete
        for (std::size_t i = 0; i < m_candidates.size(); ++i) {  // an index that is named adds candidates behind
            if (m_context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
            readOne(Candidate(m_candidates[i]));
            m_context.report(kCollected + (1 - kCollected) * static_cast<double>(i + 1) / static_cast<double>(m_candidates.size()));
        }
        return std::move(m_scan);
    }

  private:
    struct Marks {
        bool isForeign = false, isNamed = false, isContainer = false;
    };
    void refuse(const fs::path& file, const std::string& reason, Marks marks) {
        m_scan.unusable.push_back({file, file.filename().string(), file.string(), reason, marks.isForeign, marks.isNamed, marks.isContainer});
    }
    void refuse(const Candidate& candidate, const std::string& reason, Marks marks) {
        m_scan.unusable.push_back({candidate.isUnpacked ? fs::path() : candidate.file, candidate.file.filename().string(), candidate.origin, reason,
                                   marks.isForeign, marks.isNamed, marks.isContainer});
    }

    // Each file once, whatever leads to it.
    bool add(Candidate candidate) {
        if (m_candidates.size() >= m_limits.maxFiles) return false;
        std::error_code code;
        const fs::path real = fs::weakly_canonical(candidate.file, code);
        if (m_known.insert(code ? candidate.file : real).second) m_candidates.push_back(std::move(candidate));
        return true;
    }

    void addFolder(const fs::path& folder) {
        std::vector<fs::path> files;
        std::error_code code;
        fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, code);
        if (code) return refuse(folder, "the folder cannot be read; check its permissions", {.isNamed = true, .isContainer = true});
        for (; !code && walk != fs::recursive_directory_iterator() && !m_context.isCancelled(); walk.increment(code)) {
            std::error_code ignored;
            if (walk.depth() >= m_limits.maxDepth) walk.disable_recursion_pending();
            if (walk->is_regular_file(ignored) && staysInside(folder, *walk)) files.push_back(walk->path());
            if (files.size() > m_limits.maxFiles) break;
        }
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) {
            if (add({file, file.string(), false, false})) continue;
            return refuse(folder, "it holds more than " + std::to_string(m_limits.maxFiles) + " files; only the first were looked at: open a folder inside it",
                          {.isNamed = true, .isContainer = true});
        }
    }

    void addArchive(const fs::path& archive, const RunContext& context) {
        auto films = unpackFilms(archive, m_limits.zip, context);
        if (!films.isOk()) {
            if (films.error().code != ErrorCode::Cancelled) refuse(archive, films.error().message, {.isNamed = true, .isContainer = true});
            return;
        }
        m_scan.folders.push_back(films.value().folder);
        for (const ZipMember& member : films.value().members) {
            const std::string origin = archive.filename().string() + ": " + member.name;
            if (member.file.empty()) {
                m_scan.unusable.push_back({{}, fs::path(member.name).filename().string(), origin, member.reason, member.isForeign, false, false});
            } else {
                add({member.file, origin, false, true});
            }
        }
    }

    void readOne(const Candidate& candidate) {
        switch (contentOfFile(candidate.file)) {
            case FileContent::Dicom: return readDicomObject(candidate);
            case FileContent::Picture: return readPicture(candidate);
            case FileContent::Zip: return refuse(candidate, "it is a zip archive; open it by itself", {.isForeign = true});
            case FileContent::Other: break;
        }
        std::error_code code;
        const bool isEmpty = fs::file_size(candidate.file, code) == 0;
        refuse(candidate, isEmpty ? "the file is empty" : "it is neither DICOM nor PNG, TIFF or JPEG", {.isForeign = true, .isNamed = candidate.isNamed});
    }

    void readPicture(const Candidate& candidate) {
        StudyObject object;
        object.isPicture = true;
        take(candidate, std::move(object));
    }

    void readDicomObject(const Candidate& candidate) {
        bool isIndex = false;
        auto read = readStudyObject(candidate.file, isIndex, m_limits.read);
        if (!read.isOk()) return refuse(candidate, read.error().message, {.isNamed = candidate.isNamed});
        if (isIndex) return followIndex(candidate);
        StudyObject object = std::move(read).value();
        const std::string& uid = object.study.sopInstanceUid;
        const bool isNew = uid.empty() || m_instances.insert(uid).second;
        if (!isNew && !candidate.isNamed) return refuse(candidate, "it is a copy: the same object is in the list already", {.isForeign = true});
        take(candidate, std::move(object));
    }

    // The files of a folder are there by themselves, those of an archive too: of their index only what is missing is told.
    void followIndex(const Candidate& candidate) {
        if (candidate.isUnpacked) return;
        const auto files = readDicomdir(candidate.file, m_limits.read);
        if (!files.isOk()) return refuse(candidate, files.error().message, {.isNamed = candidate.isNamed, .isContainer = true});
        if (files.value().empty() && candidate.isNamed) return refuse(candidate, "the DICOMDIR lists no files", {.isNamed = true, .isContainer = true});
        for (const IndexedFile& indexed : files.value()) {
            const std::string origin = candidate.file.string() + ": " + indexed.name;
            if (indexed.file.empty()) {
                m_scan.unusable.push_back({{}, fs::path(indexed.name).filename().string(), origin, indexed.reason, false, false, false});
            } else if (candidate.isNamed) {
                add({indexed.file, indexed.file.string(), false, false});
            }
        }
    }

    void take(const Candidate& candidate, StudyObject object) {
        object.file = candidate.file;
        object.name = candidate.file.filename().string();
        object.origin = candidate.origin;
        object.isNamed = candidate.isNamed;
        m_scan.objects.push_back(std::move(object));
    }

    const ScanLimits& m_limits;
    const RunContext& m_context;
    StudyScan m_scan;
    std::vector<Candidate> m_candidates;
    std::set<fs::path> m_known;
    std::set<std::string> m_instances;
};

}  // namespace

Result<StudyScan> scanStudies(const std::vector<fs::path>& sources, const ScanLimits& limits, const RunContext& context) {
    Scanner scanner(limits, context);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const double step = kCollected / static_cast<double>(sources.size());
        scanner.addSource(sources[i], context.part(step * static_cast<double>(i), step * static_cast<double>(i + 1)));
    }
    return scanner.read();
}

}  // namespace cxr
