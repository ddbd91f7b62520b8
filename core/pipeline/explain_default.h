// Which explanation comes first where nobody chose one, the same in window, command line and reports.
//   class activation map   if its grid has 8 x 8 cells or more: one pass, and fine enough to point at a place
//   integrated gradients   else, pooled by quantiles as S1 does (k = 24, q = 0.9): one value a pixel of what the network reads
//   what is left           a pack that allows neither: the first of its methods
// The limit of 8 cells a side is a choice of ours: a heart is then about four cells wide.
//   thread rule  pure functions; chooseExplanation() asks the engine, call it from a worker
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/explain_film.h"

namespace cxr {

inline constexpr int kLeastCamCells = 8;  // a side

// One value a cell of the network's last maps, not a pixel of what it reads: CAM, refined CAM, Grad-CAM.
bool hasNetworkCells(ExplainMethod method);
// S1's pooling for maps of pixels, none for those of the network's cells: they are smooth already.
std::optional<PoolSpec> defaultPooling(ExplainMethod method);

struct ExplanationChoice {
    ExplainMethod method = ExplainMethod::Cam;
    std::optional<PoolSpec> pool;
    std::string reason;  // one sentence
};
// `columns` x `rows`: cells of the network's class activation map; 0: not known or none. REQUIRES: `allowed` not empty
ExplanationChoice defaultExplanation(const std::vector<ExplainMethod>& allowed, int columns, int rows);

// For a request whose method nobody chose: from `judgement` if the request's pack judged the film, else by asking the
// network for its map. fails as explainFilm does; Unsupported (the pack allows no explanation)
Result<ExplanationChoice> chooseExplanation(const ExplainRequest& request, const Judgement* judgement, Engine& engine, ExplainCache& cache,
                                            const RunContext& context = {});

}  // namespace cxr
