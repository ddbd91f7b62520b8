// Room for texts: nothing is covered, the shortest way is taken, what cannot move stays.
#include <QTest>
#include <random>

#include "ui/print/text_places.h"

using namespace cxr::ui;

class TestTextPlaces : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void freeTextsStay() { QCOMPARE(freePlace({10, 10, 50, 12}, {{200, 10, 50, 12}}, kArea), QRectF(10, 10, 50, 12)); }

    void theShortestWayIsTaken() {
        const QRectF obstacle(0, 90, 400, 20);
        QCOMPARE(freePlace({10, 85, 50, 12}, {obstacle}, kArea), QRectF(10, 75, 50, 12));   // up by 10, not down by 28
        QCOMPARE(freePlace({10, 105, 50, 12}, {obstacle}, kArea), QRectF(10, 113, 50, 12));
        QCOMPARE(freePlace({190, 0, 20, 300}, {{195, 0, 30, 300}}, kArea), QRectF(172, 0, 20, 300));  // no way up or down
    }

    void oneObstacleAfterTheOther() {
        const std::vector<QRectF> stack{{0, 270, 100, 20}, {0, 245, 100, 20}, {0, 225, 100, 15}};
        const QRectF place = freePlace({10, 272, 50, 12}, stack, {0, 0, 100, 300});
        QCOMPARE(place, QRectF(10, 210, 50, 12));
    }

    void whatReachesOverTheEdgeIsPushedIn() { QCOMPARE(freePlace({380, 290, 50, 12}, {}, kArea), QRectF(350, 288, 50, 12)); }

    void noRoomOrOutsideStays() {
        QCOMPARE(freePlace({10, 10, 50, 12}, {kArea}, kArea), QRectF(10, 10, 50, 12));
        QCOMPARE(freePlace({900, 10, 50, 12}, {{890, 0, 100, 100}}, kArea), QRectF(900, 10, 50, 12));
        QCOMPARE(freePlace({10, 10, 50, 12}, {QRectF(20, 5, 0, 30)}, kArea), QRectF(10, 10, 50, 12));  // empty: nobody's
    }

    // Wherever a text goes, it covers nothing and is inside.
    void manyPlaces() {
        std::mt19937 random(7);
        const auto number = [&random](int below) { return static_cast<double>(random() % static_cast<unsigned>(below)); };
        int moved = 0;
        for (int round = 0; round < 500; ++round) {
            std::vector<QRectF> taken;
            for (int i = 0; i < 6; ++i) taken.emplace_back(number(320), number(260), 20 + number(60), 10 + number(30));
            const QRectF wanted(number(350), number(288), 50, 12);
            const QRectF place = freePlace(wanted, taken, kArea);
            QCOMPARE(place.size(), wanted.size());
            QVERIFY(kArea.contains(place));
            for (const QRectF& one : taken) QVERIFY(!one.intersects(place));
            moved += place != wanted ? 1 : 0;
        }
        QVERIFY(moved > 50 && moved < 450);
    }

  private:
    static constexpr QRectF kArea{0, 0, 400, 300};
};

QTEST_GUILESS_MAIN(TestTextPlaces)
#include "tst_text_places.moc"
