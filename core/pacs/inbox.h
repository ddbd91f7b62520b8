// Where received objects go: inbox / <study UID> / <SOP Instance UID>.dcm, each whole or not at all, one file for each UID.
//   An object is staged in a hidden folder, looked through (core/io's prescan), compared with what was asked for, and
//   then renamed; what a killed program staged is removed by the next one. Limits: see ReceiveLimits.
// Thread-safe. Inner header of core/pacs.   fails WriteFailed, TooLarge, Corrupt, InvalidArgument (not asked for)
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/pacs/pacs.h"

namespace cxr {

// Digits, letters, dots and hyphens stay, others become _; empty when nothing usable is left or it is longer than 64.
std::string safeUid(const std::string& uid);

class Inbox {
  public:
    static Result<std::unique_ptr<Inbox>> open(const std::filesystem::path& folder, const RetrieveTarget& target, const ReceiveLimits& limits);
    ~Inbox();  // removes what is staged
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    // A name for a new file, after a look at count, bytes and disk.
    Result<std::filesystem::path> stage();
    // The staged file gets its name. `sopInstanceUid`: as the sender announced it; empty: not announced.
    Result<Done> publish(const std::filesystem::path& staged, const std::string& sopInstanceUid);
    // Another try: what was refused in the last one is forgotten.
    void restart();
    // One object was not taken; `why` in one sentence.
    void refuse(const std::string& why);
    // Nothing more can be taken (disk, limit): kept for the end. Cancel has its own way.
    void stopWith(const Error& error);
    // Asked to stop by stopWith() or by this: ends connections that only wait for the inbox (C-MOVE).
    void requestStop() { m_stop.request_stop(); }
    [[nodiscard]] std::stop_token stopToken() const { return m_stop.get_token(); }

    [[nodiscard]] std::optional<Error> stopped() const;
    [[nodiscard]] std::int64_t mayReceive() const;  // bytes of the next object
    [[nodiscard]] double fractionDone() const;      // by the target's expected objects; 0 when unknown
    [[nodiscard]] RetrieveOutcome outcome() const;

  private:
    Inbox(std::filesystem::path study, std::filesystem::path staging, RetrieveTarget target, const ReceiveLimits& limits);

    mutable std::mutex m_mutex;
    std::filesystem::path m_study, m_staging;
    RetrieveTarget m_target;
    ReceiveLimits m_limits;
    RetrieveOutcome m_outcome;
    std::int64_t m_bytes = 0;
    int m_staged = 0;
    std::optional<Error> m_stopped;
    std::stop_source m_stop;
};

// "the disk is full", for the errno of a failed write.
Error writeError(int reason, const std::filesystem::path& folder);

}  // namespace cxr
