#include "ui/state/model_timings.h"

namespace cxr::ui {

void addTimings(ModelTimings& timings, const Analysis& analysis) {
    const auto name = [](const std::string& text) { return QString::fromStdString(text); };
    const double judging = analysis.judgement ? analysis.judgement->seconds : 0;
    timings[name(analysis.model.id)] = {analysis.seconds - judging, name(analysis.model.device)};
    if (!analysis.judgement) return;
    for (const PackJudgement& pack : analysis.judgement->packs) {
        if (!pack.error.empty()) continue;
        timings[name(pack.model.id)] = {pack.seconds, name(pack.model.device)};
    }
}

}  // namespace cxr::ui
