// Jobs: delivery on the GUI thread or not at all; cancel, replacement, exceptions, dead receivers.
#include "ui/jobs/job.h"

#include <QTest>
#include <QThread>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace cxr;
using namespace cxr::ui;

namespace {

void drain(QThreadPool& pool) {
    pool.waitForDone();
    QCoreApplication::sendPostedEvents();
}

// Work that ends only when it is told to stop.
Result<int> untilStopped(std::atomic<bool>& started, const RunContext& context) {
    started = true;
    while (!context.isCancelled()) std::this_thread::yield();
    return Error{ErrorCode::Cancelled, "stopped"};
}

}  // namespace

class TestJob : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void deliversProgressAndResultOnTheGuiThread() {
        QThreadPool pool;
        QObject receiver;
        std::vector<double> seen;
        std::optional<int> got;
        QThread* where = nullptr;
        auto job = startJob<int>(
            pool, &receiver,
            [](const RunContext& context) -> Result<int> {
                for (int i = 1; i <= 4; ++i) context.part(0.5, 1.0).report(i / 4.0);
                return 42;
            },
            [&](double fraction) { seen.push_back(fraction); },
            [&](Result<int> result) {
                where = QThread::currentThread();
                got = result.value();
            });
        QTRY_COMPARE(got, std::optional<int>(42));
        QCOMPARE(where, QThread::currentThread());
        QVERIFY(!seen.empty() && seen.size() <= 4);
        QCOMPARE(seen.back(), 1.0);  // the newest is never lost
    }

    void aChattyWorkerLeavesOneProgressEventWaiting() {
        QThreadPool pool;
        QObject receiver;
        int calls = 0;
        auto job = startJob<int>(
            pool, &receiver,
            [](const RunContext& context) -> Result<int> {
                for (int i = 0; i < 10'000; ++i) context.report(i / 10'000.0);
                return 1;
            },
            [&](double) { ++calls; }, [](Result<int>) {});
        drain(pool);  // the GUI thread looked away all the time
        QCOMPARE(calls, 1);
    }

    void cancelDeliversNothing() {
        QThreadPool pool;
        QObject receiver;
        std::atomic<bool> started{false};
        bool delivered = false;
        {
            auto job = startJob<int>(
                pool, &receiver, [&](const RunContext& context) { return untilStopped(started, context); }, nullptr,
                [&](Result<int>) { delivered = true; });
            QTRY_VERIFY(started.load());
        }
        drain(pool);
        QVERIFY(!delivered);
    }

    void aResultInTheQueueIsNotDeliveredAfterCancel() {
        QThreadPool pool;
        QObject receiver;
        bool delivered = false;
        auto job = startJob<int>(pool, &receiver, [](const RunContext&) -> Result<int> { return 1; }, nullptr,
                                 [&](Result<int>) { delivered = true; });
        pool.waitForDone();  // the answer waits in the event queue
        job.cancel();
        QCoreApplication::sendPostedEvents();
        QVERIFY(!delivered);
    }

    void newerReplacesOlder() {
        QThreadPool pool;
        QObject receiver;
        std::vector<int> delivered;
        JobHandle job;
        for (int i = 0; i < 50; ++i) {
            job = startJob<int>(pool, &receiver, [i](const RunContext&) -> Result<int> { return i; }, nullptr,
                                [&](Result<int> result) { delivered.push_back(result.value()); });
        }
        drain(pool);
        QCOMPARE(delivered, std::vector<int>{49});
    }

    void aCancelledJobThatWaitsNeverBegins() {
        QThreadPool pool;
        pool.setMaxThreadCount(1);
        QObject receiver;
        std::atomic<bool> started{false}, second{false};
        auto first = startJob<int>(
            pool, &receiver, [&](const RunContext& context) { return untilStopped(started, context); }, nullptr,
            [](Result<int>) {});
        auto waiting = startJob<int>(
            pool, &receiver,
            [&](const RunContext&) -> Result<int> {
                second = true;
                return 1;
            },
            nullptr, [](Result<int>) {});
        waiting.cancel();
        first.cancel();
        drain(pool);
        QVERIFY(!second.load());
    }

    void exceptionsBecomeErrors() {
        QThreadPool pool;
        QObject receiver;
        std::optional<Error> thrown, memory;
        auto a = startJob<int>(
            pool, &receiver, [](const RunContext&) -> Result<int> { throw std::runtime_error("the library said no"); }, nullptr,
            [&](Result<int> result) { thrown = result.error(); });
        auto b = startJob<int>(
            pool, &receiver, [](const RunContext&) -> Result<int> { throw std::bad_alloc(); }, nullptr,
            [&](Result<int> result) { memory = result.error(); });
        QTRY_VERIFY(thrown && memory);
        QCOMPARE(thrown->code, ErrorCode::Internal);
        QCOMPARE(QString::fromStdString(thrown->message), QString("the library said no"));
        QCOMPARE(memory->code, ErrorCode::OutOfMemory);
    }

    void aReceiverMayDieFirst() {
        QThreadPool pool;
        std::atomic<bool> go{false};
        bool delivered = false;
        auto receiver = std::make_unique<QObject>();
        auto job = startJob<int>(
            pool, receiver.get(),
            [&](const RunContext&) -> Result<int> {
                while (!go) std::this_thread::yield();
                return 1;
            },
            nullptr, [&](Result<int>) { delivered = true; });
        receiver.reset();
        go = true;
        drain(pool);
        QVERIFY(!delivered);
    }

    void callbacksDieOnTheGuiThread() {
        struct Witness {
            QThread** where;
            ~Witness() { *where = QThread::currentThread(); }
        };
        QThreadPool pool;
        QObject receiver;
        QThread* where = nullptr;
        auto witness = std::make_shared<Witness>(Witness{&where});
        where = nullptr;
        auto job = startJob<int>(pool, &receiver, [](const RunContext&) -> Result<int> { return 1; }, nullptr,
                                 [witness](Result<int>) {});
        witness.reset();
        job.cancel();
        drain(pool);
        QCOMPARE(where, QThread::currentThread());
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "tst_job.moc"
