// Networks that explain as a test wants: at once, after a partial map, never, or not at all. Maps are made up.
#pragma once

#include <atomic>
#include <thread>

#include "tests/support/sample_judgement.h"
#include "tests/ui/support/sample_heatmap.h"
#include "ui/state/explanations.h"

namespace cxr::ui::test {

inline constexpr int kFakeSide = 256;  // of the film

// The sample judgement with maps of `cells` x `cells` on a film of kFakeSide, rising to the lower right; a HeartSpot vector
// brings none.
inline JudgementPtr judgementWithMaps(int cells = 8) {
    auto judgement = std::make_shared<Judgement>(cxr::test::sampleJudgementValue());
    Plane plane{cells, cells, {}};
    for (int i = 0; i < cells * cells; ++i) plane.values.push_back(3.0F * static_cast<float>(i) / static_cast<float>(cells * cells - 1));
    for (PackJudgement& pack : judgement->packs) {
        pack.grid = {{0, 0}, {kFakeSide, 0}, {0, kFakeSide}};
        pack.cams.assign(pack.findings.size(), plane);
    }
    judgement->packs[3].hasGrid = false;
    return judgement;
}

// Networks that answer as a test wants.
struct FakeNetworks {
    std::atomic<int> explained = 0;
    std::atomic<bool> waits = false;  // after the first partial map, until cancelled
    std::atomic<bool> fails = false;

    ExplanationCalls calls() {
        return {[](const std::string& pack, const RunContext&) -> Result<PackFacts> {
                    PackFacts facts{{ExplainMethod::Cam, ExplainMethod::IntegratedGradients, ExplainMethod::Occlusion}, {}};
                    if (pack == "heartspot-cardiomegaly") facts.methods = {ExplainMethod::IntegratedGradients};
                    return facts;
                },
                [this](const MapWish& wish, const RunContext& context, const PartialHeatmap& partial) -> Result<Heatmap> {
                    ++explained;
                    if (fails) return Error{ErrorCode::OutOfMemory, "not enough memory for 50 steps"};
                    Heatmap map = hill(32, 0.6, 0.6, {0, 0}, kFakeSide);
                    map.method = wish.options.method;
                    map.className = wish.output;
                    map.model.id = wish.packId;
                    map.doneShare = 0.25;
                    partial(map);
                    context.report(0.25);
                    while (waits) {
                        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
                        std::this_thread::yield();
                    }
                    map.doneShare = 1;
                    return map;
                },
                [](const MapWish&, const ChestMeasurement&, const RunContext&) -> Result<SanityReport> {
                    return SanityReport{{{"random-weights", "Random weights", "rank correlation 0.05", 0.05, SanityVerdict::Passed, "The map changed.", "What it does."},
                                         {"flip", "Flip", "rank correlation 0.41", 0.41, SanityVerdict::Doubtful, "It changed somewhat.", "What flips do."}}, {}};
                }};
    }
};

}  // namespace cxr::ui::test
