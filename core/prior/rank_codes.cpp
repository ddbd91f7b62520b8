#include "core/prior/rank_codes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace cxr {
namespace {

struct Keyed {
    std::uint32_t key;
    std::uint32_t place;
};

// Integers in the order of the floats: negative ones have all bits turned, the others the sign bit.
std::uint32_t orderedKey(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);  // -0 becomes 0
    return (bits >> 31) != 0 ? ~bits : bits | 0x80000000U;
}
float valueOf(std::uint32_t key) {
    return std::bit_cast<float>((key >> 31) != 0 ? key & 0x7fffffffU : ~key);
}

// Least significant digit first, 11 bits a pass; passes in which all keys agree are left out.
std::vector<Keyed> sortedByKey(std::vector<Keyed> items) {
    constexpr int kBits = 11;
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    constexpr int kPasses = 3;
    std::array<std::array<std::uint32_t, kMask + 1>, kPasses> counts{};
    for (const Keyed& item : items) {
        for (int pass = 0; pass < kPasses; ++pass) ++counts[pass][(item.key >> (kBits * pass)) & kMask];
    }
    std::vector<Keyed> other(items.size());
    for (int pass = 0; pass < kPasses; ++pass) {
        auto& count = counts[pass];
        if (std::find(count.begin(), count.end(), items.size()) != count.end()) continue;
        std::uint32_t position = 0;
        for (std::uint32_t& entry : count) position += std::exchange(entry, position);
        for (const Keyed& item : items) other[count[(item.key >> (kBits * pass)) & kMask]++] = item;
        items.swap(other);
    }
    return items;
}

std::vector<Keyed> sortedPixels(const cv::Mat& picture) {
    std::vector<Keyed> items;
    items.reserve(picture.total());
    for (int y = 0; y < picture.rows; ++y) {
        const float* row = picture.ptr<float>(y);
        for (int x = 0; x < picture.cols; ++x) items.push_back({orderedKey(row[x]), static_cast<std::uint32_t>(items.size())});
    }
    return sortedByKey(std::move(items));
}

}  // namespace

RankCodes rankCodes16(const cv::Mat& picture) {
    const std::vector<Keyed> items = sortedPixels(picture);
    RankCodes result{cv::Mat(picture.size(), CV_16UC1), std::vector<float>(65536, 0.0F)};
    auto* codes = result.codes.ptr<std::uint16_t>();
    for (std::size_t rank = 0; rank < items.size(); ++rank) {
        codes[items[rank].place] = static_cast<std::uint16_t>(rank);
        result.values[rank] = valueOf(items[rank].key);
    }
    return result;
}

RankCodes rankCodes32(const cv::Mat& picture) {
    const std::vector<Keyed> items = sortedPixels(picture);
    RankCodes result{cv::Mat(picture.size(), CV_32SC1), {}};
    int* codes = result.codes.ptr<int>();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i == 0 || items[i].key != items[i - 1].key) result.values.push_back(valueOf(items[i].key));
        codes[items[i].place] = static_cast<int>(result.values.size()) - 1;
    }
    return result;
}

}  // namespace cxr
