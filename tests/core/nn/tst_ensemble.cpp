// Ensembles: means of their members, folded as they are, whole in a file, refused when they make no sense.
#include <QTest>

#include "core/nn/architectures.h"
#include "core/nn/ensemble.h"
#include "core/nn/state_dict.h"
#include "tests/support/network_checks.h"

using namespace cxr;
using namespace cxr::nn;
using nlohmann::json;

namespace {

const json kMember{{"name", "resnet18"}, {"in_channels", 1}, {"classes", 3}, {"width", 0.0625}};

std::shared_ptr<Network> made(const json& architecture) {
    auto network = makeNetwork(architecture);
    if (!network.isOk()) qFatal("%s", network.error().message.c_str());
    network.value()->eval();
    return network.value();
}

json ensembleOf(const json& member, int count) {
    json members = json::array();
    for (int i = 0; i < count; ++i) members.push_back(member);
    return {{"name", "ensemble"}, {"members", members}};
}

}  // namespace

class TestEnsemble : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void answersAreMeansOfTheMembers();
    void foldingChangesNothing();
    void namesCountTheMembers();
    void refusesWhatIsNoEnsemble();
};

void TestEnsemble::answersAreMeansOfTheMembers() {
    torch::manual_seed(3);
    const torch::NoGradGuard noGrad;
    std::vector<std::shared_ptr<Network>> members{made(kMember), made(kMember), made(kMember)};
    Ensemble ensemble(members);
    ensemble.eval();
    const auto film = torch::randn({2, 1, 64, 64});
    torch::Tensor logits = torch::zeros({2, 3}), cams = torch::zeros({2, 3, 2, 2});
    for (const auto& member : members) {
        const auto output = member->forward(film);
        logits += output.logits / 3;
        cams += output.cams / 3;
    }
    const auto together = ensemble.forward(film);
    QVERIFY(test::largestDifference(together.logits, logits) < 1e-6);
    QVERIFY(test::largestDifference(together.cams, cams) < 1e-6);
    QCOMPARE(together.features.size(1), std::int64_t{3 * 32});
    QVERIFY(test::largestDifference(members[0]->forward(film).logits, logits) > 1e-3);  // the members do differ
}

void TestEnsemble::foldingChangesNothing() {
    torch::manual_seed(4);
    const torch::NoGradGuard noGrad;
    const auto ensemble = made(ensembleOf(kMember, 2));
    test::shakeStatistics(*ensemble);
    const auto film = torch::randn({1, 1, 64, 64});
    const auto before = ensemble->forward(film).logits;
    ensemble->foldBatchNorm();
    QVERIFY(test::largestDifference(before, ensemble->forward(film).logits) < 1e-4);
}

void TestEnsemble::namesCountTheMembers() {
    const auto state = stateOf(*made(ensembleOf(kMember, 2)));
    QVERIFY(state.contains("members.0.conv1.weight"));
    QVERIFY(state.contains("members.1.fc.bias"));
    QCOMPARE(state.size(), 2 * stateOf(*made(kMember)).size());
}

void TestEnsemble::refusesWhatIsNoEnsemble() {
    QCOMPARE(makeNetwork(ensembleOf(kMember, 1)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(makeNetwork(ensembleOf(kMember, 33)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(makeNetwork(ensembleOf(ensembleOf(kMember, 2), 2)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(makeNetwork(ensembleOf({{"name", "resnet19"}}, 2)).error().code, ErrorCode::Unsupported);
    QVERIFY(!makeNetwork({{"name", "ensemble"}}).isOk());
}

QTEST_GUILESS_MAIN(TestEnsemble)
#include "tst_ensemble.moc"
