#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/model/key_maps.h"

using namespace cxr;

namespace {

std::vector<std::byte> bytesOf(const std::vector<float>& values) {
    std::vector<std::byte> bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

TensorView viewOf(const std::vector<std::byte>& bytes) {
    return {TensorType::Float32, {static_cast<std::int64_t>(bytes.size() / sizeof(float))}, bytes};
}

}  // namespace

class TestKeyMaps : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void names_data() {
        QTest::addColumn<QString>("map");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* map, const char* key, const char* expected) {
            QTest::newRow(qPrintable(QString("%1 %2").arg(map, key))) << map << key << expected;
        };
        row("torchvision", "layer1.0.conv1.weight", "layer1.0.conv1.weight");
        row("torchvision", "module.fc.bias", "fc.bias");
        row("torchvision", "densenet121.fc.bias", "densenet121.fc.bias");
        row("torchvision", "classifier.0.weight", "classifier.0.weight");  // VGG's own
        row("torchvision", "features.denseblock1.denselayer2.norm.1.weight",
            "features.denseblock1.denselayer2.norm1.weight");
        row("torchvision", "features.denseblock1.denselayer2.norm1.weight",
            "features.denseblock1.denselayer2.norm1.weight");
        row("torchvision", "backbone.norm.1.weight", "backbone.norm.1.weight");
        row("chexnet", "module.densenet121.features.conv0.weight", "features.conv0.weight");
        row("chexnet", "module.densenet121.features.denseblock4.denselayer16.conv.2.weight",
            "features.denseblock4.denselayer16.conv2.weight");
        row("chexnet", "module.densenet121.features.denseblock1.denselayer1.norm.2.running_mean",
            "features.denseblock1.denselayer1.norm2.running_mean");
        row("chexnet", "module.densenet121.features.transition1.norm.weight", "features.transition1.norm.weight");
        row("chexnet", "module.densenet121.classifier.0.weight", "classifier.weight");
        row("chexnet", "densenet121.classifier.0.bias", "classifier.bias");
        row("chexnet", "classifier.bias", "classifier.bias");
        row("torchxrayvision", "features.denseblock1.denselayer1.norm1.weight",
            "features.denseblock1.denselayer1.norm1.weight");
        row("torchxrayvision", "classifier.weight", "classifier.weight");
        row("chexnet", "x.denselayer", "x.denselayer");
        row("chexnet", "x.denselayer7.norm.", "x.denselayer7.norm.");
        row("chexnet", "x.denselayer7.norm.1", "x.denselayer7.norm.1");
        row("chexnet", "module.", "");
    }
    void names() {
        QFETCH(QString, map);
        QFETCH(QString, key);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(mappedKey(findKeyMap(map.toStdString()).value(), key.toStdString())), expected);
    }

    void classesOfThePublicNetworks() {
        QCOMPARE(findKeyMap("chexnet").value().outputs.size(), std::size_t{14});
        QCOMPARE(findKeyMap("torchxrayvision").value().outputs.size(), std::size_t{18});
        QVERIFY(findKeyMap("torchvision").value().outputs.empty());
        QCOMPARE(findKeyMap("chexnet").value().outputs[1], std::string("Cardiomegaly"));
        QCOMPARE(findKeyMap("torchxrayvision").value().outputs[10], std::string("Cardiomegaly"));
    }

    void unknownMapNamesTheOthers() {
        const auto found = findKeyMap("keras");
        QVERIFY(!found.isOk());
        QCOMPARE(found.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(found.error().message,
                 std::string("there is no key map keras; choose one of torchvision, chexnet, torchxrayvision"));
    }

    void keepsBytes() {
        const auto bytes = bytesOf({1, 2, 3});
        const auto mapped = mapKeys(findKeyMap("torchvision").value(), {{"module.w", viewOf(bytes)}});
        QVERIFY(mapped.isOk());
        QCOMPARE(mapped.value().tensors.at("w").bytes.data(), bytes.data());
        QVERIFY(mapped.value().operatingThresholds.empty());
    }

    void twoNamesThatBecomeOne() {
        const auto bytes = bytesOf({1});
        const auto mapped = mapKeys(findKeyMap("chexnet").value(), {{"module.w", viewOf(bytes)}, {"w", viewOf(bytes)}});
        QVERIFY(!mapped.isOk());
        QCOMPARE(mapped.error().code, ErrorCode::Corrupt);
        QVERIFY(mapped.error().message.find("become w") != std::string::npos);
    }

    void thresholds() {
        std::vector<float> values(18, 0.25F);
        values[3] = std::numeric_limits<float>::quiet_NaN();
        const auto bytes = bytesOf(values);
        const KeyMap map = findKeyMap("torchxrayvision").value();
        const auto mapped = mapKeys(map, {{"op_threshs", viewOf(bytes)}, {"w", viewOf(bytes)}});
        QVERIFY(mapped.isOk());
        QCOMPARE(mapped.value().tensors.size(), std::size_t{1});
        QCOMPARE(mapped.value().operatingThresholds.size(), std::size_t{18});
        QCOMPARE(mapped.value().operatingThresholds[0], 0.25F);
        QVERIFY(std::isnan(mapped.value().operatingThresholds[3]));
        const auto few = bytesOf({0.5F});
        QVERIFY(!mapKeys(map, {{"op_threshs", viewOf(few)}}).isOk());
        values[0] = 1.5F;
        const auto wrong = bytesOf(values);
        QVERIFY(!mapKeys(map, {{"op_threshs", viewOf(wrong)}}).isOk());
        QVERIFY(mapKeys(findKeyMap("torchvision").value(), {{"op_threshs", viewOf(few)}})
                    .value()
                    .tensors.contains("op_threshs"));
    }
};

QTEST_GUILESS_MAIN(TestKeyMaps)
#include "tst_key_maps.moc"
