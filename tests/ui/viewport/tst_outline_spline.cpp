// Editing an outline by its handles.
#include "ui/viewport/outline_spline.h"

#include <QTest>

#include "tests/ui/viewport/chest_sample.h"

namespace cxr::ui {

class TestOutlineSpline : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void handlesAreEquallyApart() {
        const auto circle = test::ellipse({0, 0}, 100, 100, 120);
        const auto handles = handleIndices(circle, 12);
        QCOMPARE(handles.size(), std::size_t{12});
        for (std::size_t k = 0; k < handles.size(); ++k) QCOMPARE(handles[k], 10 * k);
        QCOMPARE(handleIndices(test::ellipse({0, 0}, 5, 5, 4), 16).size(), std::size_t{4});
        QVERIFY(handleIndices({}, 12).empty());
    }
    void nothingMovedChangesNothing() {
        const auto outline = test::ellipse({500, 500}, 120, 80);
        const auto handles = handleIndices(outline, 14);
        const auto same = displacedOutline(outline, handles, std::vector<PointPx>(handles.size()));
        for (std::size_t i = 0; i < outline.size(); ++i) {
            QVERIFY(std::abs(same[i].x - outline[i].x) < 1e-9 && std::abs(same[i].y - outline[i].y) < 1e-9);
        }
    }
    void theOutlinePassesThroughTheMovedHandle_data() {
        QTest::addColumn<int>("handle");
        for (int k = 0; k < 14; ++k) QTest::newRow(qPrintable(QString::number(k))) << k;
    }
    void theOutlinePassesThroughTheMovedHandle() {
        QFETCH(int, handle);
        const auto outline = test::ellipse({500, 500}, 120, 80, 280);
        const auto handles = handleIndices(outline, 14);
        std::vector<PointPx> moved(handles.size());
        moved[static_cast<std::size_t>(handle)] = {30, -12};
        const auto result = displacedOutline(outline, handles, moved);
        for (std::size_t k = 0; k < handles.size(); ++k) {
            QVERIFY(std::abs(result[handles[k]].x - outline[handles[k]].x - moved[k].x) < 1e-6);
            QVERIFY(std::abs(result[handles[k]].y - outline[handles[k]].y - moved[k].y) < 1e-6);
        }
        // beyond the second next handle nothing moves
        const std::size_t opposite = handles[static_cast<std::size_t>((handle + 7) % 14)];
        QVERIFY(std::abs(result[opposite].x - outline[opposite].x) < 1e-9);
        // and it moves smoothly: no step is longer than three of the old ones plus what the move spreads over
        for (std::size_t i = 0; i < result.size(); ++i) {
            const LinePx step{result[i], result[(i + 1) % result.size()]};
            QVERIFY(step.length() < 8);
        }
    }
    void aRigidShiftStaysRigid() {
        const auto outline = test::ellipse({500, 500}, 120, 80);
        const auto handles = handleIndices(outline, 12);
        const auto result = displacedOutline(outline, handles, std::vector<PointPx>(handles.size(), PointPx{5, 7}));
        for (std::size_t i = 0; i < outline.size(); ++i) {
            QVERIFY(std::abs(result[i].x - outline[i].x - 5) < 1e-6 && std::abs(result[i].y - outline[i].y - 7) < 1e-6);
        }
    }
    void densifiedKeepsItsPoints() {
        const std::vector<PointPx> square{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
        const auto dense = densified(square, 2.5);
        QCOMPARE(dense.size(), std::size_t{16});
        QCOMPARE(dense[4].x, 10.0);
        QCOMPARE(dense[15].y, 2.5);
    }
};

}  // namespace cxr::ui

QTEST_GUILESS_MAIN(cxr::ui::TestOutlineSpline)
#include "tst_outline_spline.moc"
