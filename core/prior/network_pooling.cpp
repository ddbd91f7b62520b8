#include "core/prior/network_pooling.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "core/prior/lane_kernels.h"
#include "core/prior/selection_network.h"

namespace cxr {
namespace {

// Unsigned codes are compared as signed 16-bit numbers, which every x86-64 has instructions for.
constexpr std::uint16_t kSignFlip = 0x8000;

struct FreeAligned {
    void operator()(std::int16_t* memory) const { ::operator delete[](memory, std::align_val_t(kLaneAlignment)); }
};
using LaneMemory = std::unique_ptr<std::int16_t[], FreeAligned>;

LaneMemory zeroLanes(std::size_t count) {
    LaneMemory memory(static_cast<std::int16_t*>(
        ::operator new[](count * sizeof(std::int16_t), std::align_val_t(kLaneAlignment))));
    std::memset(memory.get(), 0, count * sizeof(std::int16_t));
    return memory;
}

void copyFlipped(const std::uint16_t* from, int count, std::int16_t* to) {
#pragma GCC ivdep
    for (int i = 0; i < count; ++i) to[i] = static_cast<std::int16_t>(from[i] ^ kSignFlip);
}

int roundedUp(int value, int step) {
    return (value + step - 1) / step * step;
}

class NetworkPooling {
  public:
    NetworkPooling(const PoolTile& tile, const PoolGeometry& geometry, const QuantileRanks& ranks, cv::Mat& pooled)
        : m_tile(tile), m_geometry(geometry), m_ranks(ranks), m_pooled(pooled),
          m_network(selectionNetwork(geometry.kernel, geometry.stride, ranks.lower, ranks.upper, tile.output.width)),
          m_tilesPerBlock(kBlockLanes - m_network->halo),
          m_tilesAcross((tile.output.width + m_network->tileColumns - 1) / m_network->tileColumns) {
        const int blocks = (m_tilesAcross + m_tilesPerBlock - 1) / m_tilesPerBlock;
        m_planeLanes = roundedUp(blocks * m_tilesPerBlock + m_network->halo + kSlotLanes, kLaneAlignment);
        const int inputs = m_network->inputRows * m_network->phases;
        m_planes = zeroLanes(static_cast<std::size_t>(inputs) * m_planeLanes);
        m_scratch = zeroLanes(static_cast<std::size_t>(m_network->slotCount - inputs) * kSlotLanes);
        m_slots.resize(m_network->slotCount);
        for (int i = inputs; i < m_network->slotCount; ++i) {
            m_slots[i] = m_scratch.get() + static_cast<std::size_t>(i - inputs) * kSlotLanes;
        }
        collectColumns();
    }

    Result<Done> run(const RunContext& context) {
        const int height = m_tile.output.height;
        for (int y = 0; y < height; y += m_network->tileRows) {
            if (context.isCancelled()) return Error{ErrorCode::Cancelled, "pooling was stopped"};
            fillRows((m_tile.output.y + y) * m_geometry.stride);
            for (int x = 0; x < m_tilesAcross; x += m_tilesPerBlock) runBlock(x, y);
            context.report(std::min(1.0, (y + m_network->tileRows) / static_cast<double>(height)));
        }
        return Done{};
    }

  private:
    // Which picture column stands at each padded column of the tile; the columns beyond repeat the last one.
    void collectColumns() {
        const int first = m_tile.output.x * m_geometry.stride;
        const int used = (m_tile.output.width - 1) * m_geometry.stride + m_geometry.kernel;
        const int all = (m_tilesAcross + m_network->halo) * m_network->phases;
        for (int c = 0; c < all; ++c) {
            m_columns.push_back(m_geometry.column(first + std::min(c, used - 1)) - m_tile.origin.x);
        }
        m_row.resize(m_columns.size());
        // Most columns are neighbours in the picture as well: these are copied without looking them up.
        const int inside = std::clamp(m_geometry.left - first, 0, all);
        m_straight = {inside, std::clamp(m_geometry.left + m_geometry.picture.width - first, inside, std::min(used, all))};
        if (used < inside) m_straight = {inside, inside};
    }

    // Padded rows [top, top + inputRows) into the planes; a row that the last tile had already stays where it is.
    void fillRows(int top) {
        const int rows = m_network->inputRows;
        const int used = (m_tile.output.y + m_tile.output.height - 1) * m_geometry.stride + m_geometry.kernel;
        for (int r = std::max(top, m_filledUntil); r < std::min(top + rows, used); ++r) fillRow(r, r % rows);
        m_filledUntil = std::min(top + rows, used);
        m_top = top;
        m_lastRow = used - 1;
    }
    void fillRow(int padded, int place) {
        const auto* codes = m_tile.codes.ptr<std::uint16_t>(m_geometry.row(padded) - m_tile.origin.y);
        const int end = static_cast<int>(m_columns.size());
        for (int c = 0; c < m_straight.start; ++c) m_row[c] = static_cast<std::int16_t>(codes[m_columns[c]] ^ kSignFlip);
        if (!m_straight.empty()) {
            copyFlipped(codes + m_columns[m_straight.start], m_straight.size(), m_row.data() + m_straight.start);
        }
        for (int c = m_straight.end; c < end; ++c) m_row[c] = static_cast<std::int16_t>(codes[m_columns[c]] ^ kSignFlip);
        separatePhases(m_planes.get() + static_cast<std::size_t>(place) * m_network->phases * m_planeLanes);
    }
    void separatePhases(std::int16_t* planes) const {
        const int lanes = static_cast<int>(m_row.size()) / m_network->phases;
        switch (m_network->phases) {
            case 1: separate<1>(planes, lanes); break;
            case 2: separate<2>(planes, lanes); break;
            case 4: separate<4>(planes, lanes); break;
            case 8: separate<8>(planes, lanes); break;
            default: separate(planes, lanes, m_network->phases);
        }
    }
    template <int kPhases>
    void separate(std::int16_t* planes, int lanes) const {  // the compiler knows the step
        separate(planes, lanes, kPhases);
    }
    [[gnu::always_inline]] void separate(std::int16_t* planes, int lanes, int phases) const {
        const std::int16_t* from = m_row.data();
        for (int p = 0; p < phases; ++p) {
            std::int16_t* to = planes + static_cast<std::size_t>(p) * m_planeLanes;
#pragma GCC ivdep
            for (int lane = 0; lane < lanes; ++lane) to[lane] = from[static_cast<std::ptrdiff_t>(lane) * phases + p];
        }
    }

    void runBlock(int firstTile, int y) {
        const int phases = m_network->phases;
        for (int r = 0; r < m_network->inputRows; ++r) {
            const int place = std::min(m_top + r, m_lastRow) % m_network->inputRows;  // rows beyond are read, not used
            for (int p = 0; p < phases; ++p) {
                m_slots[r * phases + p] =
                    m_planes.get() + static_cast<std::size_t>(place * phases + p) * m_planeLanes + firstTile;
            }
        }
        runNetwork(*m_network, m_slots.data());
        const int tiles = std::min(m_tilesPerBlock, m_tilesAcross - firstTile);
        for (int row = 0; row < m_network->tileRows && y + row < m_tile.output.height; ++row) {
            for (int column = 0; column < m_network->tileColumns; ++column) writeWindows(firstTile, tiles, y, row, column);
        }
    }

    void writeWindows(int firstTile, int tiles, int y, int row, int column) {
        const int window = row * m_network->tileColumns + column;
        const std::int16_t* lower = m_slots[m_network->lowerSlot[window]];
        const std::int16_t* upper = m_slots[m_network->upperSlot[window]];
        const int step = m_network->tileColumns;
        const int first = firstTile * step + column;
        const int count = std::min(tiles, (m_tile.output.width - first + step - 1) / step);
        float* out = m_pooled.ptr<float>(m_tile.output.y + y + row) + m_tile.output.x + first;
        std::array<float, kBlockLanes> results;
        if (m_tile.values != nullptr) {
            for (int i = 0; i < count; ++i) {
                results[i] = interpolated(m_tile.values[code(lower[i])], m_tile.values[code(upper[i])], m_ranks.fraction);
            }
        } else {
            for (int i = 0; i < kBlockLanes; ++i) results[i] = interpolated(code(lower[i]), code(upper[i]), m_ranks.fraction);
        }
        for (int i = 0; i < count; ++i) out[static_cast<std::ptrdiff_t>(i) * step] = results[i];
    }
    static int code(std::int16_t lane) { return static_cast<std::uint16_t>(lane) ^ kSignFlip; }

    const PoolTile& m_tile;
    const PoolGeometry& m_geometry;
    const QuantileRanks& m_ranks;
    cv::Mat& m_pooled;
    std::shared_ptr<const SelectionNetwork> m_network;
    int m_tilesPerBlock, m_tilesAcross;
    int m_planeLanes = 0;
    LaneMemory m_planes, m_scratch;
    std::vector<std::int16_t*> m_slots;
    std::vector<int> m_columns;
    cv::Range m_straight;  // padded columns that are neighbours in the picture
    std::vector<std::int16_t> m_row;
    int m_filledUntil = 0, m_top = 0, m_lastRow = 0;
};

}  // namespace

Result<Done> poolByNetwork(const PoolTile& tile, const PoolGeometry& geometry, const QuantileRanks& ranks,
                           const RunContext& context, cv::Mat& pooled) {
    return NetworkPooling(tile, geometry, ranks, pooled).run(context);
}

}  // namespace cxr
