// RunContext: cancelling and reporting, also for a part of the work.
#include "core/base/run_context.h"

#include <QTest>
#include <vector>

using namespace cxr;

class TestRunContext : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void defaultNeverStops();
    void stopIsHeardByPartsToo();
    void partMapsProgress();
};

void TestRunContext::defaultNeverStops() {
    const RunContext context;
    context.report(0.5);
    QVERIFY(!context.isCancelled());
}

void TestRunContext::stopIsHeardByPartsToo() {
    std::stop_source source;
    const RunContext context{source.get_token(), {}};
    const RunContext inner = context.part(0, 0.5).part(0.5, 1);
    QVERIFY(!inner.isCancelled());
    source.request_stop();
    QVERIFY(context.isCancelled());
    QVERIFY(inner.isCancelled());
}

void TestRunContext::partMapsProgress() {
    std::vector<double> seen;
    const RunContext context{{}, [&](double fraction) { seen.push_back(fraction); }};
    const RunContext half = context.part(0.5, 1);
    half.report(0);
    half.report(0.5);
    half.part(0.5, 1).report(1);
    QCOMPARE(seen, (std::vector<double>{0.5, 0.75, 1.0}));
}

QTEST_GUILESS_MAIN(TestRunContext)
#include "tst_run_context.moc"
