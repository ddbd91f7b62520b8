// Selection networks for quantile pooling: which minima and maxima find one or two ranks of every k x k window.
//
// All windows of a row are computed side by side: a value of the network is a run of lanes, lane x belonging to window
// x, so one step is `min` or `max` over contiguous 16-bit numbers (SIMD), without branches and whatever the data.
// Work is shared, after Adams, "Fast Median Filters using Separable Sorting Networks", ACM TOG 40(4), 2021:
//   tiles       a lane is a tile of tileColumns x tileRows neighbouring windows; what all of them contain is sorted
//               once, then the tile is halved, and the halves add what they have in common, down to single windows
//   blocks      a sorted rectangle of pixels is merged from smaller ones (Batcher's odd-even merge) and used wherever
//               it occurs, in other tiles too (there it is the same value some lanes further)
//   ranks       an element that cannot be the wanted rank of any window is dropped as soon as that is certain
// Steps whose result nobody reads are removed. The tile with the fewest steps for a row of windows wins.
//   inputs      plane (row r, phase p), lane x = picture(top + r, left + x * phases + p), r in [0, inputRows),
//               p in [0, phases), phases = tileColumns * stride
//   outputs     lower and upper rank of each window of the tile, row-major
// Plain value, immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace cxr {

// A slot seen `shift` lanes to the right.
struct LaneOperand {
    std::int32_t slot = 0;
    std::int32_t shift = 0;
};

struct NetworkOp {
    // Both: minimum of a and b to `low`, maximum to `high`.
    // Select: reads operands[first ...]: `pairs` pairs, then `lows` and `highs` single ones. To `low` goes the largest
    // of the pairs' minima and the lows, to `high` the smallest of the pairs' maxima and the highs.
    enum class Kind : std::uint8_t { Min, Max, Both, Select };
    Kind kind = Kind::Both;
    std::int32_t lanes = 0;  // beyond the block: lanes [0, block + lanes) are computed
    LaneOperand a, b;        // read
    std::int32_t low = 0, high = 0;     // slots written
    std::int32_t first = 0, pairs = 0, lows = 0, highs = 0;  // Select only
};

struct SelectionNetwork {
    int kernel = 0, stride = 0;
    int tileColumns = 1, tileRows = 1;
    int inputRows = 0;  // kernel + stride * (tileRows - 1)
    int phases = 1;     // stride * tileColumns
    int halo = 0;       // lanes that the inputs must have beyond the block
    int slotCount = 0;  // slots [0, inputRows * phases) are the inputs, row-major by (row, phase); the rest is scratch
    std::vector<NetworkOp> ops;
    std::vector<LaneOperand> operands;               // of the Select steps
    std::vector<std::int32_t> lowerSlot, upperSlot;  // [tileRows * tileColumns]
    double stepsPerWindow = 0;                       // minima and maxima
};

// A block of lanes is computed at a time; its last `halo` lanes are of no use for the outputs.
inline constexpr int kBlockLanes = 128;

// The cheapest network for ranks `lowerRank` and `upperRank` (0 = smallest; upper = lower or lower + 1) of
// kernel * kernel values, `rowWindows` of them side by side. Built at the first call, then kept.
// REQUIRES: 1 <= stride <= kernel <= 64, ranks inside the window, rowWindows >= 1.
std::shared_ptr<const SelectionNetwork> selectionNetwork(int kernel, int stride, int lowerRank, int upperRank,
                                                         int rowWindows);

}  // namespace cxr
