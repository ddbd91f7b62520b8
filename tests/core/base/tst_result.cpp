// Result<T>: values and errors keep what was put into them.
#include "core/base/result.h"

#include <QTest>
#include <memory>

using namespace cxr;

class TestResult : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void valueIsKept();
    void errorIsKept();
    void withinNamesTheOperation();
    void movesOutMoveOnlyValues();
};

void TestResult::valueIsKept() {
    const Result<int> result = 7;
    QVERIFY(result.isOk());
    QVERIFY(static_cast<bool>(result));
    QCOMPARE(result.value(), 7);
}

void TestResult::errorIsKept() {
    const Result<int> result = Error{ErrorCode::Corrupt, "cut off"};
    QVERIFY(!result.isOk());
    QCOMPARE(result.error().code, ErrorCode::Corrupt);
    QCOMPARE(result.error().message, std::string("cut off"));
}

void TestResult::withinNamesTheOperation() {
    Error error = Error{ErrorCode::TooLarge, "claims 4 GiB"}.within("read pixels");
    error = std::move(error).within("open film");
    QCOMPARE(error.message, std::string("open film: read pixels: claims 4 GiB"));
    QCOMPARE(error.code, ErrorCode::TooLarge);
}

void TestResult::movesOutMoveOnlyValues() {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
    const std::unique_ptr<int> value = std::move(result).value();
    QCOMPARE(*value, 3);
}

QTEST_GUILESS_MAIN(TestResult)
#include "tst_result.moc"
