// JobLink: the queued way from a pool thread to the GUI thread. See job.h.
#include "ui/jobs/job.h"

#include <QCoreApplication>
#include <QPointer>
#include <atomic>

namespace cxr::ui::detail {

struct JobLink::Private {
    QPointer<QObject> receiver;  // looked at on the GUI thread only
    std::stop_token stop;
    std::function<void(double)> onProgress;
    std::atomic<double> newest{0};
    std::atomic<bool> isWaiting{false};  // a progress event is in the queue and has not read `newest` yet
};

JobLink::JobLink(QObject* receiver, std::stop_token stop, std::function<void(double)> onProgress)
    : d(std::make_unique<Private>()) {
    d->receiver = receiver;
    d->stop = std::move(stop);
    d->onProgress = std::move(onProgress);
}

JobLink::~JobLink() = default;

bool JobLink::isWanted() const { return d->receiver && !d->stop.stop_requested(); }

void JobLink::postProgress(double fraction) {
    d->newest = fraction;
    if (d->isWaiting.exchange(true)) return;
    // Workers post to the application object, which outlives the pool; the receiver may die at any moment.
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self = shared_from_this()] {
            self->d->isWaiting = false;
            if (self->isWanted() && self->d->onProgress) self->d->onProgress(self->d->newest);
        },
        Qt::QueuedConnection);
}

void JobLink::postLast(std::function<void()> deliver, std::function<void()> release) {
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self = shared_from_this(), deliver = std::move(deliver), release = std::move(release)] {
            if (self->isWanted()) deliver();
            self->d->onProgress = nullptr;
            release();
        },
        Qt::QueuedConnection);
}

}  // namespace cxr::ui::detail
