#include "core/prior/selection_network.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

namespace cxr {
namespace {

// One number of the network, seen `shift` lanes to the right.
struct Ref {
    int node = 0;
    int shift = 0;
    bool operator==(const Ref&) const = default;
};

struct Node {
    enum class Kind : std::uint8_t { Input, Min, Max };
    Kind kind = Kind::Input;
    Ref a, b;
};

// A sorted part of a window. `below` elements were dropped because they are certainly under the wanted ranks;
// `total` counts all elements, dropped ones included.
struct Run {
    std::vector<Ref> items;
    int below = 0;
    int total = 0;
};

Run shifted(Run run, int lanes) {
    for (Ref& item : run.items) item.shift += lanes;
    return run;
}

struct Range {
    int begin = 0;
    int end = 0;
    [[nodiscard]] int size() const { return end - begin; }
    auto operator<=>(const Range&) const = default;
};

// What decides a window: the largest of the pairs' minima and `lows` is the lower rank, the smallest of the pairs' maxima
// and `highs` the upper.
struct Selection {
    std::vector<std::pair<Ref, Ref>> pairs;
    std::vector<Ref> lows, highs;
    int position = 0;  // all nodes that it reads are before this one

    template <typename Visit>
    void forEach(const Visit& visit) const {
        for (const auto& [a, b] : pairs) visit(a), visit(b);
        for (const Ref& ref : lows) visit(ref);
        for (const Ref& ref : highs) visit(ref);
    }
};

class Builder {
  public:
    Builder(int kernel, int stride, int lowerRank, int upperRank, int tileColumns, int tileRows)
        : m_kernel(kernel), m_stride(stride), m_lowerRank(lowerRank), m_upperRank(upperRank),
          m_tileColumns(tileColumns), m_tileRows(tileRows), m_phases(stride * tileColumns),
          m_inputRows(kernel + stride * (tileRows - 1)) {
        m_nodes.resize(static_cast<std::size_t>(m_inputRows) * m_phases);
        m_outputs.resize(static_cast<std::size_t>(tileColumns) * tileRows);
    }

    std::shared_ptr<const SelectionNetwork> build() {
        const Range columns{0, m_tileColumns};
        const Range rows{0, m_tileRows};
        solve(columns, rows, block(common(rows), common(columns)));
        return emit();
    }

  private:
    // --- comparators -------------------------------------------------------------------------------------------
    Ref add(Node::Kind kind, Ref a, Ref b) {
        m_nodes.push_back({kind, a, b});
        return {static_cast<int>(m_nodes.size()) - 1, 0};
    }
    void compare(Ref& low, Ref& high) {
        const Ref a = low;
        const Ref b = high;
        low = add(Node::Kind::Min, a, b);
        high = add(Node::Kind::Max, a, b);
    }

    // Batcher's odd-even merge of two sorted sequences of any lengths. Knuth, TAOCP 3, 5.3.4.
    std::vector<Ref> oddEvenMerge(const std::vector<Ref>& a, const std::vector<Ref>& b) {
        if (a.empty()) return b;
        if (b.empty()) return a;
        if (a.size() == 1 && b.size() == 1) {
            std::vector<Ref> pair{a[0], b[0]};
            compare(pair[0], pair[1]);
            return pair;
        }
        const std::vector<Ref> odd = oddEvenMerge(everySecond(a, 0), everySecond(b, 0));
        const std::vector<Ref> even = oddEvenMerge(everySecond(a, 1), everySecond(b, 1));
        std::vector<Ref> merged;
        merged.reserve(a.size() + b.size());
        for (std::size_t i = 0; i < std::max(odd.size(), even.size()); ++i) {
            if (i < odd.size()) merged.push_back(odd[i]);
            if (i < even.size()) merged.push_back(even[i]);
        }
        for (std::size_t i = 1; i + 1 < odd.size() + even.size() && (i + 1) / 2 < odd.size(); i += 2) {
            compare(merged[i], merged[i + 1]);
        }
        return merged;
    }
    static std::vector<Ref> everySecond(const std::vector<Ref>& list, std::size_t from) {
        std::vector<Ref> part;
        for (std::size_t i = from; i < list.size(); i += 2) part.push_back(list[i]);
        return part;
    }

    // --- runs --------------------------------------------------------------------------------------------------
    // Drops what cannot be a wanted rank of any window: `others` elements of the window are outside the run.
    void trim(Run& run) const {
        const int others = m_kernel * m_kernel - run.total;
        const int size = static_cast<int>(run.items.size());
        const int end = std::clamp(m_upperRank - run.below + 1, 0, size);
        const int begin = std::clamp(m_lowerRank - run.below - others, 0, end);
        run.items = {run.items.begin() + begin, run.items.begin() + end};
        run.below += begin;
    }
    // The same before a merge: an element of `run` that will be too low whatever the `partners` kept elements are.
    void trimBeforeMerge(Run& run, int partners, int totalAfter, int belowBoth) const {
        const int others = m_kernel * m_kernel - totalAfter;
        const int size = static_cast<int>(run.items.size());
        const int end = std::clamp(m_upperRank - belowBoth + 1, 0, size);
        const int begin = std::clamp(m_lowerRank - belowBoth - others - partners, 0, end);
        run.items = {run.items.begin() + begin, run.items.begin() + end};
        run.below += begin;
    }
    void prepare(Run& a, Run& b) const {
        const int total = a.total + b.total;
        const int below = a.below + b.below;
        const int sizeA = static_cast<int>(a.items.size());
        const int sizeB = static_cast<int>(b.items.size());
        trimBeforeMerge(a, sizeB, total, below);
        trimBeforeMerge(b, sizeA, total, below);
    }
    Run merge(Run a, Run b) {
        prepare(a, b);
        Run run{oddEvenMerge(a.items, b.items), a.below + b.below, a.total + b.total};
        trim(run);
        return run;
    }
    // The pixels of a rectangle, sorted. Coordinates are those of the tile's inputs.
    Run block(Range rows, Range columns) {
        const int lanes = columns.begin / m_phases;
        const Range inPhase{columns.begin - lanes * m_phases, columns.end - lanes * m_phases};
        auto known = m_blocks.find({rows, inPhase});
        if (known == m_blocks.end()) known = m_blocks.emplace(std::pair(rows, inPhase), buildBlock(rows, inPhase)).first;
        return shifted(known->second, lanes);
    }
    Run buildBlock(Range rows, Range columns) {
        if (columns.size() > 1) {
            const int middle = splitColumn(columns);
            return merge(block(rows, {columns.begin, middle}), block(rows, {middle, columns.end}));
        }
        if (rows.size() > 1) {
            const int middle = rows.begin + rows.size() / 2;
            return merge(block({rows.begin, middle}, columns), block({middle, rows.end}, columns));
        }
        return {{{rows.begin * m_phases + columns.begin % m_phases, columns.begin / m_phases}}, 0, 1};
    }
    // The column inside the range that is a multiple of the largest stride * 2^j: such halves occur again in other
    // tiles and windows.
    [[nodiscard]] int splitColumn(Range columns) const {
        int step = m_stride;
        while (columns.begin / (2 * step) * 2 * step + 2 * step < columns.end) step *= 2;
        const int split = columns.begin / step * step + step;
        return split < columns.end ? split : columns.begin + columns.size() / 2;
    }

    // --- tiles -------------------------------------------------------------------------------------------------
    // The rows (or columns) that all windows of the range contain.
    [[nodiscard]] Range common(Range windows) const {
        return {(windows.end - 1) * m_stride, windows.begin * m_stride + m_kernel};
    }
    // What the part has in common beyond the whole range: on one side only.
    [[nodiscard]] Range added(Range whole, Range part) const {
        const Range before = common(whole);
        const Range after = common(part);
        return after.begin < before.begin ? Range{after.begin, before.begin} : Range{before.end, after.end};
    }

    // `shared`: the sorted pixels that all windows of the tile part contain.
    void solve(Range columns, Range rows, const Run& shared) {
        if (columns.size() == 1 && rows.size() == 1) {
            select(columns.begin, rows.begin, shared, Run{});
        } else if (columns.size() >= rows.size()) {
            const int middle = columns.begin + columns.size() / 2;
            for (const Range part : {Range{columns.begin, middle}, Range{middle, columns.end}}) {
                descend(part, rows, shared, block(common(rows), added(columns, part)));
            }
        } else {
            const int middle = rows.begin + rows.size() / 2;
            for (const Range part : {Range{rows.begin, middle}, Range{middle, rows.end}}) {
                descend(columns, part, shared, block(added(rows, part), common(columns)));
            }
        }
    }
    void descend(Range columns, Range rows, const Run& shared, const Run& extra) {
        if (columns.size() == 1 && rows.size() == 1) {
            select(columns.begin, rows.begin, shared, extra);
        } else {
            solve(columns, rows, merge(shared, extra));
        }
    }

    // The wanted ranks of a window whose elements are the sorted runs a and b, without merging them: of the pairs
    // (a_i, b_rank-i) the minima are the rank + 1 smallest elements, the maxima belong to the others.
    void select(int column, int row, Run a, Run b) {
        prepare(a, b);
        const int rank = m_lowerRank - a.below - b.below;
        const int sizeA = static_cast<int>(a.items.size());
        const int sizeB = static_cast<int>(b.items.size());
        Selection& selection = m_outputs[static_cast<std::size_t>(row) * m_tileColumns + column];
        for (int i = 0; i <= rank; ++i) {
            const int j = rank - i;
            if (i < sizeA && j < sizeB) {
                selection.pairs.emplace_back(a.items[i], b.items[j]);
            } else if (i < sizeA || j < sizeB) {
                selection.lows.push_back(i < sizeA ? a.items[i] : b.items[j]);
            }
        }
        if (rank + 1 < sizeA) selection.highs.push_back(a.items[rank + 1]);
        if (rank + 1 < sizeB) selection.highs.push_back(b.items[rank + 1]);
        m_creation.push_back(row * m_tileColumns + column);
        selection.position = static_cast<int>(m_nodes.size());
    }
    [[nodiscard]] bool isInput(int node) const { return m_nodes[node].kind == Node::Kind::Input; }

    // --- from nodes to steps -----------------------------------------------------------------------------------
    // How many lanes beyond the block each node must have; -1: nobody reads it.
    [[nodiscard]] std::vector<int> lanesNeeded() const {
        std::vector<int> lanes(m_nodes.size(), -1);
        for (const Selection& output : m_outputs) {
            output.forEach([&](Ref ref) { lanes[ref.node] = std::max(lanes[ref.node], ref.shift); });
        }
        for (int n = static_cast<int>(m_nodes.size()); n-- > inputCount();) {
            if (lanes[n] < 0) continue;
            for (const Ref& operand : {m_nodes[n].a, m_nodes[n].b}) {
                lanes[operand.node] = std::max(lanes[operand.node], lanes[n] + operand.shift);
            }
        }
        return lanes;
    }

    // When each node is read last: node n reads at time 2 n, a selection at position p at 2 p - 1.
    [[nodiscard]] std::vector<int> lastUses() const {
        std::vector<int> last(m_nodes.size(), -1);
        for (int n = inputCount(); n < static_cast<int>(m_nodes.size()); ++n) {
            if (m_lanes[n] < 0) continue;
            last[m_nodes[n].a.node] = 2 * n;
            last[m_nodes[n].b.node] = 2 * n;
        }
        for (const Selection& output : m_outputs) {
            output.forEach([&](Ref ref) { last[ref.node] = std::max(last[ref.node], 2 * output.position - 1); });
        }
        return last;
    }

    std::shared_ptr<const SelectionNetwork> emit() {
        m_lanes = lanesNeeded();
        m_lastUse = lastUses();
        m_slot.assign(m_nodes.size(), -1);
        for (int i = 0; i < inputCount(); ++i) {
            m_slot[i] = i;
            m_network.halo = std::max(m_network.halo, m_lanes[i]);
        }
        m_network.slotCount = inputCount();
        m_network.lowerSlot.resize(m_outputs.size());
        m_network.upperSlot.resize(m_outputs.size());
        std::size_t nextOutput = 0;
        for (int n = inputCount(); n <= static_cast<int>(m_nodes.size()); ++n) {
            while (nextOutput < m_outputs.size() && byPosition(nextOutput).position == n) emitSelection(nextOutput++);
            if (n < static_cast<int>(m_nodes.size())) emitNode(n);
        }
        m_network.kernel = m_kernel;
        m_network.stride = m_stride;
        m_network.tileColumns = m_tileColumns;
        m_network.tileRows = m_tileRows;
        m_network.inputRows = m_inputRows;
        m_network.phases = m_phases;
        m_network.stepsPerWindow = m_steps / (m_tileColumns * m_tileRows);
        return std::make_shared<const SelectionNetwork>(std::move(m_network));
    }

    // Output number `order` in the order of creation.
    [[nodiscard]] int outputIndex(std::size_t order) const { return m_creation[order]; }
    [[nodiscard]] const Selection& byPosition(std::size_t order) const { return m_outputs[outputIndex(order)]; }

    // The node and its twin (minimum and maximum of the same pair) share a step; the twin follows its node directly.
    [[nodiscard]] bool hasTwin(int n) const {
        const std::size_t next = static_cast<std::size_t>(n) + 1;
        if (m_nodes[n].kind != Node::Kind::Min || next >= m_nodes.size() || m_lanes[next] < 0) return false;
        const Node& other = m_nodes[next];
        return other.kind == Node::Kind::Max && other.a == m_nodes[n].a && other.b == m_nodes[n].b;
    }

    void emitNode(int n) {
        if (m_lanes[n] < 0 || m_slot[n] >= 0) return;
        const Node& node = m_nodes[n];
        const bool both = hasTwin(n);
        NetworkOp op;
        op.kind = both ? NetworkOp::Kind::Both : node.kind == Node::Kind::Min ? NetworkOp::Kind::Min : NetworkOp::Kind::Max;
        op.lanes = both ? std::max(m_lanes[n], m_lanes[n + 1]) : m_lanes[n];
        op.a = operand(node.a);
        op.b = operand(node.b);
        m_steps += both ? 2 : 1;
        // A step may write where it reads, lane by lane, but not where it reads other lanes.
        const bool inPlace = node.a.shift == 0 && node.b.shift == 0;
        if (inPlace) releaseOperands(node, 2 * (both ? n + 1 : n));
        op.low = m_slot[n] = takeSlot();
        op.high = both ? m_slot[n + 1] = takeSlot() : op.low;
        if (!inPlace) releaseOperands(node, 2 * (both ? n + 1 : n));
        m_network.ops.push_back(op);
    }
    void emitSelection(std::size_t order) {
        const int output = outputIndex(order);
        const Selection& selection = m_outputs[output];
        NetworkOp op;
        op.kind = NetworkOp::Kind::Select;
        op.first = static_cast<int>(m_network.operands.size());
        op.pairs = static_cast<int>(selection.pairs.size());
        op.lows = static_cast<int>(selection.lows.size());
        op.highs = static_cast<int>(selection.highs.size());
        selection.forEach([&](Ref ref) { m_network.operands.push_back(operand(ref)); });
        m_steps += 4.0 * op.pairs + op.lows + op.highs;
        op.low = m_network.lowerSlot[output] = takeSlot();
        op.high = m_network.upperSlot[output] = takeSlot();
        selection.forEach([&](Ref ref) { release(ref.node, 2 * selection.position - 1); });
        m_network.ops.push_back(op);
    }

    [[nodiscard]] LaneOperand operand(Ref ref) const { return {m_slot[ref.node], ref.shift}; }
    void releaseOperands(const Node& node, int now) {
        release(node.a.node, now);
        release(node.b.node, now);
    }
    void release(int node, int now) {
        if (isInput(node) || m_lastUse[node] > now) return;
        if (std::find(m_freeSlots.begin(), m_freeSlots.end(), m_slot[node]) != m_freeSlots.end()) return;
        m_freeSlots.push_back(m_slot[node]);
    }
    int takeSlot() {
        if (m_freeSlots.empty()) return m_network.slotCount++;
        const int slot = m_freeSlots.back();
        m_freeSlots.pop_back();
        return slot;
    }
    [[nodiscard]] int inputCount() const { return m_inputRows * m_phases; }

    int m_kernel, m_stride, m_lowerRank, m_upperRank;
    int m_tileColumns, m_tileRows, m_phases, m_inputRows;
    std::vector<Node> m_nodes;
    std::vector<Selection> m_outputs;  // [tileRows * tileColumns]
    std::vector<int> m_creation;       // indices of m_outputs in the order of creation
    std::map<std::pair<Range, Range>, Run> m_blocks;
    // while emitting, for each node:
    std::vector<int> m_lanes, m_lastUse, m_slot;
    std::vector<int> m_freeSlots;
    double m_steps = 0;
    SelectionNetwork m_network;
};

using Networks = std::vector<std::shared_ptr<const SelectionNetwork>>;

// Larger tiles than these save little and leave the first-level cache.
Networks candidates(int kernel, int stride, int lowerRank, int upperRank) {
    Networks networks;
    for (const auto& [columns, rows] : {std::pair{1, 1}, {1, 2}, {2, 2}, {2, 4}, {4, 2}, {4, 4}}) {
        if ((std::max(columns, rows) - 1) * stride >= kernel) continue;  // windows without a common pixel
        networks.push_back(Builder(kernel, stride, lowerRank, upperRank, columns, rows).build());
    }
    return networks;
}

// Steps per window of a row: blocks are always computed whole, the last one too.
double costOfRow(const SelectionNetwork& network, int rowWindows) {
    const int tiles = (rowWindows + network.tileColumns - 1) / network.tileColumns;
    const int blocks = (tiles + kBlockLanes - network.halo - 1) / (kBlockLanes - network.halo);
    return network.stepsPerWindow * network.tileColumns * blocks * kBlockLanes / rowWindows;
}

}  // namespace

std::shared_ptr<const SelectionNetwork> selectionNetwork(int kernel, int stride, int lowerRank, int upperRank,
                                                         int rowWindows) {
    static std::mutex guard;
    static std::map<std::tuple<int, int, int, int>, Networks> known;
    const std::lock_guard lock(guard);
    Networks& networks = known[{kernel, stride, lowerRank, upperRank}];
    if (networks.empty()) networks = candidates(kernel, stride, lowerRank, upperRank);
    return *std::min_element(networks.begin(), networks.end(), [rowWindows](const auto& a, const auto& b) {
        return costOfRow(*a, rowWindows) < costOfRow(*b, rowWindows);
    });
}

}  // namespace cxr
