// Job<T>: runs one core call on a pool thread and brings its Result<T> to the GUI thread.
//   delivery  progress and result arrive on the GUI thread, through the event loop, and not at all once the receiver is
//             destroyed or the handle is cancelled, replaced or gone: the GUI never has to ask whether an answer is stale
//   progress  only the newest value waits in the event queue, so a chatty worker cannot flood the window
//   callbacks are also destroyed on the GUI thread: they may hold pixmaps and widgets
#pragma once

#include <QObject>
#include <QThreadPool>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stop_token>
#include <utility>

#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr::ui {

// Handle of a running job. Destroying or replacing it asks the work to stop; nothing is delivered afterwards.
class JobHandle {
  public:
    JobHandle() = default;
    explicit JobHandle(std::stop_source source) : m_source(std::move(source)) {}
    JobHandle(const JobHandle&) = delete;
    JobHandle& operator=(const JobHandle&) = delete;
    JobHandle(JobHandle&& other) noexcept : m_source(std::exchange(other.m_source, std::stop_source(std::nostopstate))) {}
    JobHandle& operator=(JobHandle&& other) noexcept {
        if (this == &other) return *this;
        cancel();
        m_source = std::exchange(other.m_source, std::stop_source(std::nostopstate));
        return *this;
    }
    ~JobHandle() { cancel(); }

    void cancel() { m_source.request_stop(); }

  private:
    std::stop_source m_source{std::nostopstate};
};

namespace detail {

// What a worker knows of its receiver. post() may be called from any thread.
class JobLink : public std::enable_shared_from_this<JobLink> {
  public:
    JobLink(QObject* receiver, std::stop_token stop, std::function<void(double)> onProgress);
    ~JobLink();

    void postProgress(double fraction);
    // `deliver` runs on the GUI thread if the receiver still wants it; `release` runs there in any case.
    void postLast(std::function<void()> deliver, std::function<void()> release);

  private:
    [[nodiscard]] bool isWanted() const;

    struct Private;
    std::unique_ptr<Private> d;
};

// Work that throws (third-party libraries) fails with an Error instead.
template <typename T>
Result<T> runGuarded(const std::function<Result<T>(const RunContext&)>& work, const RunContext& context) {
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped before it began"};
    try {
        return work(context);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "not enough memory; close other films or programs and try again"};
    } catch (const std::exception& e) {
        return Error{ErrorCode::Internal, e.what()};
    }
}

}  // namespace detail

// Starts `work` on `pool`; waiting jobs of higher priority run first. `onProgress` may be empty.
// REQUIRES: called on the GUI thread; `pool` is done before the application object dies.
template <typename T>
[[nodiscard]] JobHandle startJob(QThreadPool& pool, QObject* receiver, std::function<Result<T>(const RunContext&)> work,
                                 std::function<void(double)> onProgress, std::function<void(Result<T>)> onDone,
                                 int priority = 0) {
    std::stop_source source;
    auto link = std::make_shared<detail::JobLink>(receiver, source.get_token(), std::move(onProgress));
    auto done = std::make_shared<std::function<void(Result<T>)>>(std::move(onDone));
    pool.start(
        [link, done, work = std::move(work), stop = source.get_token()] {
            const RunContext context{stop, [link](double fraction) { link->postProgress(fraction); }};
            auto result = std::make_shared<Result<T>>(detail::runGuarded(work, context));
            link->postLast([done, result] { (*done)(std::move(*result)); }, [done] { *done = nullptr; });
        },
        priority);
    return JobHandle(std::move(source));
}

}  // namespace cxr::ui
