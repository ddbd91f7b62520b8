#include "core/pacs/inbox.h"

#include <signal.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/base/atomic_file.h"
#include "core/io/dicom_prescan.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxUid = 64;
constexpr const char* kStagingPrefix = ".incoming-";
constexpr TagNumber kSopInstance = 0x00080018, kStudy = 0x0020000D, kSeries = 0x0020000E;

// Folders of programs that are gone.
void removeLeftovers(const fs::path& study) {
    std::error_code problem;
    for (fs::directory_iterator entry(study, problem), end; !problem && entry != end; entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(kStagingPrefix)) continue;
        int process = 0;
        const char* digits = name.c_str() + std::strlen(kStagingPrefix);
        const bool isNumber = std::from_chars(digits, name.c_str() + name.size(), process).ec == std::errc() && process > 0;
        std::error_code ignored;
        if (isNumber && ::kill(process, 0) != 0 && errno == ESRCH) fs::remove_all(entry->path(), ignored);
    }
}

}  // namespace

std::string safeUid(const std::string& uid) {
    std::string name = uid.substr(0, uid.find_last_not_of(std::string(" \0", 2)) + 1);
    if (name.empty() || name.size() > kMaxUid) return {};
    for (char& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
    }
    return name.front() == '.' ? std::string() : name;
}

Error writeError(int reason, const fs::path& folder) {
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        return {ErrorCode::WriteFailed, "the disk of " + folder.filename().string() + " is full; make room and retrieve again"};
    return {ErrorCode::WriteFailed, "nothing can be written into " + folder.filename().string() + ": " + std::strerror(reason)};
}

Result<std::unique_ptr<Inbox>> Inbox::open(const fs::path& folder, const RetrieveTarget& target, const ReceiveLimits& limits) {
    static std::atomic<int> counter{0};
    const std::string study = safeUid(target.studyUid);
    if (study.empty()) return Error{ErrorCode::InvalidArgument, "the study has no usable UID"};
    const fs::path goal = folder / study;
    const fs::path staging = goal / (kStagingPrefix + std::to_string(::getpid()) + "-" + std::to_string(++counter));
    std::error_code problem;
    fs::create_directories(goal, problem);
    if (!problem) removeLeftovers(goal);
    if (!problem) fs::create_directory(staging, problem);
    if (problem) return writeError(problem.value(), folder);
    return std::unique_ptr<Inbox>(new Inbox(goal, staging, target, limits));
}

Inbox::Inbox(fs::path study, fs::path staging, RetrieveTarget target, const ReceiveLimits& limits)
    : m_study(std::move(study)), m_staging(std::move(staging)), m_target(std::move(target)), m_limits(limits) {
    m_outcome.folder = m_study;
}

Inbox::~Inbox() {
    std::error_code ignored;
    fs::remove_all(m_staging, ignored);
    if (fs::is_empty(m_study, ignored)) fs::remove(m_study, ignored);
}

Result<fs::path> Inbox::stage() {
    const std::lock_guard lock(m_mutex);
    if (m_stopped) return *m_stopped;
    if (m_staged >= m_limits.maxObjects)
        return Error{ErrorCode::TooLarge, "the server sends more than " + std::to_string(m_limits.maxObjects) + " objects; retrieve single series"};
    if (m_bytes >= m_limits.maxBytes)
        return Error{ErrorCode::TooLarge, "the server sends more than " + std::to_string(m_limits.maxBytes >> 20) + " MiB; retrieve single series"};
    struct statvfs disk {};
    if (::statvfs(m_staging.c_str(), &disk) != 0) return writeError(errno, m_study);
    const auto free = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
    if (free < m_limits.minFreeBytes)
        return Error{ErrorCode::WriteFailed, "the disk is full: less than " + std::to_string(m_limits.minFreeBytes >> 20) +
                                                 " MiB are free; make room and retrieve again"};
    return m_staging / (std::to_string(++m_staged) + ".dcm");
}

Result<Done> Inbox::publish(const fs::path& staged, const std::string& sopInstanceUid) {
    Result<std::string> bytes = readWholeFile(staged, m_limits.maxObjectBytes + (1 << 16));
    if (!bytes.isOk()) return bytes.error();
    const std::string& content = bytes.value();
    const Result<DicomLayout> layout = prescanDicomObject({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, {});
    if (!layout.isOk()) return Error{layout.error().code, "an object of the server cannot be read: " + layout.error().message};
    const std::string uid = layout.value().text(kSopInstance);
    const std::string name = safeUid(uid);
    if (name.empty()) return Error{ErrorCode::Corrupt, "an object of the server has no usable SOP Instance UID"};
    if (!sopInstanceUid.empty() && safeUid(sopInstanceUid) != name)
        return Error{ErrorCode::Corrupt, "an object of the server has another SOP Instance UID than announced"};
    if (layout.value().text(kStudy) != m_target.studyUid || (!m_target.seriesUid.empty() && layout.value().text(kSeries) != m_target.seriesUid))
        return Error{ErrorCode::InvalidArgument, "the server sent an object that was not asked for; it was refused"};
    const fs::path goal = m_study / (name + ".dcm");
    const Result<Done> written = writeFileAtomically(goal, [&](const fs::path& temporary) -> Result<Done> {
        std::error_code problem;
        fs::rename(staged, temporary, problem);
        if (problem) return writeError(problem.value(), m_study);
        fs::permissions(temporary, fs::perms::owner_read | fs::perms::owner_write, problem);  // a patient's film
        return Done{};
    });
    if (!written.isOk()) return written.error();
    const std::lock_guard lock(m_mutex);
    m_bytes += static_cast<std::int64_t>(content.size());
    if (std::find(m_outcome.files.begin(), m_outcome.files.end(), goal) == m_outcome.files.end()) m_outcome.files.push_back(goal);
    return Done{};
}

void Inbox::restart() {
    const std::lock_guard lock(m_mutex);
    m_outcome.failed = 0;
    m_outcome.firstFailure.clear();
}

void Inbox::refuse(const std::string& why) {
    const std::lock_guard lock(m_mutex);
    if (m_outcome.failed++ == 0) m_outcome.firstFailure = why;
}

void Inbox::stopWith(const Error& error) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopped) m_stopped = error;
    }
    m_stop.request_stop();
}

std::optional<Error> Inbox::stopped() const {
    const std::lock_guard lock(m_mutex);
    return m_stopped;
}

std::int64_t Inbox::mayReceive() const {
    const std::lock_guard lock(m_mutex);
    return std::min(m_limits.maxObjectBytes, m_limits.maxBytes - m_bytes);
}

double Inbox::fractionDone() const {
    const std::lock_guard lock(m_mutex);
    if (m_target.expectedObjects <= 0) return 0;
    return std::min(1.0, static_cast<double>(m_outcome.files.size()) / m_target.expectedObjects);
}

RetrieveOutcome Inbox::outcome() const {
    const std::lock_guard lock(m_mutex);
    return m_outcome;
}

}  // namespace cxr
