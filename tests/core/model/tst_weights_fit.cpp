// Arrays against what a network needs: every difference, once, sorted.
#include "core/model/weights_fit.h"

#include <QTest>

using namespace cxr;

namespace {

TensorView array(const std::vector<std::int64_t>& shape, TensorType type = TensorType::Float32) { return {type, shape, {}}; }

const ArrayShapes kWanted{{"conv.weight", {8, 3, 3, 3}}, {"fc.bias", {2}}, {"fc.weight", {2, 8}}, {"scale", {}}};

std::map<std::string, TensorView> fitting() {
    std::map<std::string, TensorView> given;
    for (const auto& [name, shape] : kWanted) given[name] = array(shape);
    return given;
}

}  // namespace

class TestWeightsFit : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whatFits() {
        auto given = fitting();
        QVERIFY(weightsMisfits(kWanted, given).empty());
        given["bn.num_batches_tracked"] = array({}, TensorType::Int64);
        for (const auto type : {TensorType::Float16, TensorType::BFloat16, TensorType::Float64}) {
            given["scale"].type = type;
            QVERIFY(weightsMisfits(kWanted, given).empty());
        }
    }

    void everyDifferenceOnce() {
        auto given = fitting();
        given.erase("fc.bias");
        given["conv.weight"] = array({8, 1, 3, 3});
        given["scale"] = array({}, TensorType::Int64);
        given["head.weight\n"] = array({1});
        given["xnum_batches_tracked"] = array({});
        const std::vector<std::string> expected{"conv.weight has the shape 8x1x3x3 instead of 8x3x3x3", "fc.bias is missing",
                                                "head.weight? is not part of the network",
                                                "scale holds whole numbers instead of floats",
                                                "xnum_batches_tracked is not part of the network"};
        QCOMPARE(weightsMisfits(kWanted, given), expected);
    }

    void joined() {
        QCOMPARE(joinedMisfits({"a"}), std::string("a"));
        QCOMPARE(joinedMisfits({"a", "b", "c"}, 2), std::string("a; b; and 1 more"));
        QCOMPARE(shapeText({}), std::string("one number"));
        QCOMPARE(shapeText({7}), std::string("7"));
    }
};

QTEST_GUILESS_MAIN(TestWeightsFit)
#include "tst_weights_fit.moc"
