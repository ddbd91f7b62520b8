// Why a film got its answer, as a heatmap on the film: film -> what the network reads -> Engine::explain -> heatmap.
//   HeartSpot vectors  the vector's explanation goes back to its places by the prior's mask; the film is not needed for it
//   cache              by film hash, weights' hash, output, method and all its parameters; maps before pooling; bounded memory
//   pooling            S1, "Saliency Attribution Maps": quantile pooling k = 24, q = 0.9, s = 1, then absolute values, limited
//                      at their 0.99 quantile. k and s are cells of S1's picture of 320 x 320; on a map of another side they
//                      are scaled by side / 320 and rounded, 1 at least, so that they cover the same part of the film. A CAM
//                      of few cells is thus left as it is, but for absolute value and limit.
//   thread rule        call from a worker; ExplainCache may be shared by threads
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/localize/heatmap.h"
#include "core/prior/prior_spec.h"

namespace cxr {

inline constexpr int kPoolingSide = 320;         // cells of the picture that k and s are given for
inline constexpr double kPoolingClamp = 0.99;    // quantile of the pooled absolute values
inline constexpr int kExplainedSide = 1024;      // networks read the film at most this large, as analyzeFilm does
// S1's post-processing.
inline PoolSpec saliencyPooling() { return {24, 1, 0.9, PoolPadding::SameReflect}; }

struct ExplainRequest {
    ImagePtr image;
    std::filesystem::path pack;          // folder of a classification pack
    std::string output;                  // as its manifest names it: "Cardiomegaly"
    ExplainOptions options;              // `partial` is not used: see PartialHeatmap
    std::optional<PoolSpec> pool;        // none: the map as the method gives it
    std::filesystem::path heartLungs;    // the pack that finds heart and lungs where `pack` needs them; empty: the installed one
};
// Maps of an unfinished explanation (doneShare < 1), in the calling thread.
using PartialHeatmap = std::function<void(const Heatmap&)>;

// Keeps what explanations need again: films as networks read them (4 of them) and maps before pooling (`maxBytes`).
class ExplainCache {
  public:
    explicit ExplainCache(std::size_t maxBytes = std::size_t{64} << 20);
    ~ExplainCache();
    ExplainCache(const ExplainCache&) = delete;
    ExplainCache& operator=(const ExplainCache&) = delete;
    void clear();
    [[nodiscard]] std::size_t bytes() const;  // of maps

    struct State;
    [[nodiscard]] State& state() const { return *m_state; }  // for core/pipeline/explain_film.cpp and explain_input.cpp

  private:
    std::unique_ptr<State> m_state;
};

// fails NotFound (no pack, no output of this name: the message lists the pack's), Unsupported (method: the message lists
//       those allowed), InvalidArgument (options or pooling out of range), as networkInput and Engine::explain do; Cancelled.
// REQUIRES: request.image, cache
Result<Heatmap> explainFilm(const ExplainRequest& request, Engine& engine, ExplainCache& cache, const RunContext& context = {},
                            const PartialHeatmap& partial = {});

// Quantile pooling of a map, whatever made it; fast enough for sliders. fails InvalidArgument (spec out of range), Cancelled.
Result<Heatmap> poolHeatmap(const Heatmap& map, const PoolSpec& spec, const RunContext& context = {});
// The spec in the cells of a map of this side.
PoolSpec poolingFor(const PoolSpec& spec, int mapSide);

// "50 steps (Gauss-Legendre) from black, SmoothGrad 20 (noise 0.1), quantile pooling k 24 q 0.9 s 1"; empty: none.
std::string parametersText(const ExplainOptions& options, const std::optional<PoolSpec>& pool);

}  // namespace cxr
