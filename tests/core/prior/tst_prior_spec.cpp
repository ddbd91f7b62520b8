// PriorSpec: names, JSON in and out, hash, refusals. And NumPy's random numbers.
#include <QTest>

#include "core/prior/numpy_random.h"
#include "core/prior/prior_spec.h"

using namespace cxr;

class TestPriorSpec : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void namesComeBack() {
        QCOMPARE(priorNames().size(), std::size_t{14});
        for (const std::string& name : priorNames()) {
            const auto spec = priorByName(name);
            QVERIFY2(spec.isOk(), name.c_str());
            QCOMPARE(spec.value().name(), name);
        }
        const PriorSpec spec = priorByName("mp+rhline+heart").value();
        QVERIFY(spec.hline && spec.rline && spec.heart && spec.pool);
        QVERIFY(!priorByName("hline").value().rline);
        QVERIFY(!priorByName("rline").value().hline);
        QVERIFY(!priorByName("heart").value().hline);
    }

    void theDefaultIsOneOfTheNames() {
        QCOMPARE(defaultPrior().name(), std::string("rhline+heart"));
        QCOMPARE(defaultPrior(), priorByName("rhline+heart").value());
    }

    void unknownNameListsTheKnown() {
        const auto refused = priorByName("vline");
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.find("mp+rhline+heart") != std::string::npos);
    }

    void jsonIsCanonical() {
        PriorSpec spec = priorByName("mp+rline").value();
        spec.rline->seed = 4294967295U;
        QCOMPARE(spec.toJson(), std::string("{\"pool\":{\"kernel\":12,\"padding\":\"same\",\"quantile\":0.5,\"stride\":2},"
                                            "\"rline\":{\"count\":200,\"seed\":4294967295},\"size\":320}"));
        QCOMPARE(priorFromJson(spec.toJson()).value(), spec);
        QCOMPARE(priorFromJson(" { \"size\": 320, \"hline\": {} } ").value(), priorByName("hline").value());
    }

    // What stands for a stride that is not given is none that the kernel forbids: the text would not be read again.
    void aKernelAloneComesBack() {
        const auto prior = priorFromJson(R"({"hline":{},"pool":{"kernel":1}})");
        QVERIFY(prior.isOk());
        QCOMPARE(prior.value().pool->stride, 1);
        const auto again = priorFromJson(prior.value().toJson());
        QVERIFY(again.isOk());
        QCOMPARE(again.value().toJson(), prior.value().toJson());
    }
    void hashIsStable() {
        // Written down once: it must never change, on no machine.
        QCOMPARE(priorByName("hline").value().hash(),
                 std::string("e065d6a22bd1df1cf77b6f6237b8632a800130da784fdbfa39fe886a1be564d7"));
        PriorSpec other = priorByName("rline").value();
        const std::string before = other.hash();
        other.rline->seed = 2;
        QVERIFY(other.hash() != before);
        QCOMPARE(priorFromJson(other.toJson()).value().hash(), other.hash());
    }

    void refusesBadJson_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("code");
        const int bad = static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("no JSON") << QByteArray("{hline") << static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("list") << QByteArray("[]") << bad;
        QTest::newRow("nothing kept") << QByteArray("{\"size\":320}") << bad;
        QTest::newRow("only pooling") << QByteArray("{\"pool\":{}}") << bad;
        QTest::newRow("unknown key") << QByteArray("{\"hline\":{},\"colour\":1}") << bad;
        QTest::newRow("unknown inner key") << QByteArray("{\"hline\":{\"rows\":1}}") << bad;
        QTest::newRow("size too small") << QByteArray("{\"hline\":{},\"size\":15}") << bad;
        QTest::newRow("size too large") << QByteArray("{\"hline\":{},\"size\":4097}") << bad;
        QTest::newRow("size a text") << QByteArray("{\"hline\":{},\"size\":\"320\"}") << bad;
        QTest::newRow("size a fraction") << QByteArray("{\"hline\":{},\"size\":320.5}") << bad;
        QTest::newRow("no step") << QByteArray("{\"hline\":{\"step\":0}}") << bad;
        QTest::newRow("rows reversed") << QByteArray("{\"hline\":{\"first_row\":200,\"end_row\":100}}") << bad;
        QTest::newRow("no lines") << QByteArray("{\"rline\":{\"count\":0}}") << bad;
        QTest::newRow("too many lines") << QByteArray("{\"rline\":{\"count\":10001}}") << bad;
        QTest::newRow("seed negative") << QByteArray("{\"rline\":{\"seed\":-1}}") << bad;
        QTest::newRow("seed too large") << QByteArray("{\"rline\":{\"seed\":4294967296}}") << bad;
        QTest::newRow("part a number") << QByteArray("{\"heart\":3}") << bad;
        QTest::newRow("pool a number") << QByteArray("{\"heart\":{},\"pool\":3}") << bad;
        QTest::newRow("threshold 0") << QByteArray("{\"heart\":{\"threshold\":0}}") << bad;
        QTest::newRow("stride over kernel") << QByteArray("{\"heart\":{},\"pool\":{\"kernel\":3,\"stride\":4}}") << bad;
        QTest::newRow("quantile 2") << QByteArray("{\"heart\":{},\"pool\":{\"quantile\":2}}") << bad;
        QTest::newRow("padding") << QByteArray("{\"heart\":{},\"pool\":{\"padding\":\"zero\"}}") << bad;
    }
    void refusesBadJson() {
        QFETCH(QByteArray, json);
        QFETCH(int, code);
        const auto refused = priorFromJson(json.toStdString());
        QVERIFY(!refused.isOk());
        QCOMPARE(static_cast<int>(refused.error().code), code);
    }

    void randomNumbersAreNumPys() {
        // Published: the first outputs of mt19937ar.c for init_genrand(5489), and numpy.random.RandomState(1).randn(4).
        NumpyRandom standard(5489);
        QCOMPARE(standard.nextUInt32(), 3499211612U);
        QCOMPARE(standard.nextUInt32(), 581869302U);
        for (int i = 2; i < 9999; ++i) standard.nextUInt32();
        QCOMPARE(standard.nextUInt32(), 4123659995U);
        NumpyRandom seed1(1);
        for (const double expected : {1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705}) {
            QCOMPARE(seed1.nextGaussian(), expected);
        }
    }
};

QTEST_GUILESS_MAIN(TestPriorSpec)
#include "tst_prior_spec.moc"
