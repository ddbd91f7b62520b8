// The heart and lung network alone, as the window calls it: core/engine, one film of 1024 px, on 1 and 2 threads, with
// the mirrored film (as the program does) and without. Loading and warming up are not in the times. The engine module
// must have been built (target programs).
#include <benchmark/benchmark.h>

#include "app/reexec.h"
#include "core/engine/engine.h"
#include "core/image/phantom.h"
#include "core/model/registry.h"
#include "core/pipeline/analysis.h"

namespace {

using namespace cxr;

const GrayFilm& film() {
    static const GrayFilm kFilm = [] {
        PhantomSpec spec;
        spec.width = 2048;
        spec.height = 2500;
        return networkFilm(makePhantom(spec).image, kNetworkFilmSide, nullptr);
    }();
    return kFilm;
}

void heartNetwork(benchmark::State& state, bool isMirroredToo) {
    const auto engine = loadEngine();
    const auto pack = findPack(kHeartLungsPack);
    if (!engine.isOk()) return state.SkipWithError(engine.error().message.c_str());
    if (!pack.isOk()) return state.SkipWithError(pack.error().message.c_str());
    const auto model = engine.value()->loadPack(pack.value().folder, DeviceChoice::Cpu, static_cast<int>(state.range(0)));
    if (!model.isOk()) return state.SkipWithError(model.error().message.c_str());
    const SegmentOptions options{isMirroredToo};
    benchmark::DoNotOptimize(engine.value()->segment(pack.value().folder, film(), options, {}));  // memory and kernels
    for (auto _ : state) {
        const auto found = engine.value()->segment(pack.value().folder, film(), options, {});
        if (!found.isOk()) return state.SkipWithError(found.error().message.c_str());
        benchmark::DoNotOptimize(found.value().probability[0].values.data());
    }
    state.SetLabel(model.value().device);
}

}  // namespace

int main(int argc, char** argv) {
    reexecuteWithWaitPolicy(argv);
    for (const bool isMirroredToo : {true, false}) {
        benchmark::RegisterBenchmark(isMirroredToo ? "heart_network" : "heart_network_without_mirror",
                                     [isMirroredToo](benchmark::State& state) { heartNetwork(state, isMirroredToo); })
            ->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
