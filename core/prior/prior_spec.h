// PriorSpec: which pixels HeartSpot keeps, as one value. HeartSpot (S1) section II; DESIGN "HeartSpot exactly".
//   kept = (union of the chosen line priors) intersected with the heart region, or the heart region alone
// Equal specs have equal masks on every machine. Plain values; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr {

// Horizontal lines, rows firstRow, firstRow+step, ... < endRow on a film 320 px high; scaled to other heights.
struct HLineSpec {
    int firstRow = 100;
    int endRow = 300;  // exclusive
    int step = 10;     // >= 1
    bool operator==(const HLineSpec&) const = default;
};

// Random lines across the film: NumPy legacy generator (MT19937, polar Gaussian) with `seed`.
struct RLineSpec {
    int count = 200;  // 1..10000
    std::uint32_t seed = 1;
    bool operator==(const RLineSpec&) const = default;
};

// The heart region: a gray picture (kept where >= threshold after nearest resize); which picture is given at masking time.
struct HeartSpec {
    int threshold = 100;  // 1..255
    bool operator==(const HeartSpec&) const = default;
};

enum class PoolPadding { Valid, SameReflect };

// Quantile pooling before masking (median: quantile 0.5).
struct PoolSpec {
    int kernel = 12;      // 1..256 px
    int stride = 2;       // 1..kernel
    double quantile = 0.5;  // [0, 1], linear interpolation between ranks
    PoolPadding padding = PoolPadding::SameReflect;
    bool operator==(const PoolSpec&) const = default;
};

struct PriorSpec {
    std::optional<HLineSpec> hline;
    std::optional<RLineSpec> rline;
    std::optional<HeartSpec> heart;
    std::optional<PoolSpec> pool;
    int size = 320;  // side of the square centre crop before pooling, 16..4096 px
    bool operator==(const PriorSpec&) const = default;

    // "hline", "rline+heart", "rhline", "rhline+heart", ... ; "mp+" in front with median pooling.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::string toJson() const;  // canonical: sorted keys, no spaces
    [[nodiscard]] std::string hash() const;    // SHA-256 of toJson(), hex: stable across versions and machines
};

// The names of the command line: hline rline heart hline+heart rline+heart rhline rhline+heart, each also as mp+NAME.
std::vector<std::string> priorNames();
// fails InvalidArgument: unknown name (the message lists them).
Result<PriorSpec> priorByName(const std::string& name);
// What window and command line start with: both line priors inside the heart (rhline+heart), 320 px, seed 1, no pooling.
PriorSpec defaultPrior();
// fails Corrupt (no JSON), InvalidArgument (unknown key, value out of range, nothing kept).
Result<PriorSpec> priorFromJson(const std::string& json);

}  // namespace cxr
