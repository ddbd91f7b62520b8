#include "core/image/pixel_chain.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <span>

namespace cxr {
namespace {

constexpr int kTableSize = 65536;

struct WeightedValue {
    double value;         // modality value
    std::int64_t weight;  // how many pixels have it
};

double entryFor(const LookupTable& table, double input) {
    const auto last = static_cast<double>(table.values.size() - 1);
    const double index = std::clamp(std::floor(input + 0.5) - table.firstInput, 0.0, last);
    return table.values[static_cast<std::size_t>(index)];
}

bool isPadding(const Image& image, int sample) {
    if (!image.padding) return false;
    const int stored = sample - image.storedOffset;
    return stored >= image.padding->low && stored <= image.padding->high;
}

// Two interleaved tables: neighbouring pixels are often equal, and one table would wait for its own last write.
std::vector<std::int64_t> histogramOf(const cv::Mat& samples, const cv::Mat& region) {
    double highest = kTableSize - 1;
    if (!samples.empty() && samples.total() < kTableSize) cv::minMaxLoc(samples, nullptr, &highest);  // of a large film slower than a whole table
    const std::size_t size = static_cast<std::size_t>(highest) + 1;
    std::vector<std::uint32_t> even(size), odd(size);
    for (int row = 0; row < samples.rows; ++row) {
        const auto* line = samples.ptr<std::uint16_t>(row);
        const auto* inside = region.empty() ? nullptr : region.ptr<std::uint8_t>(row);
        int x = 0;
        if (!inside) {
            for (; x + 1 < samples.cols; x += 2) {
                ++even[line[x]];
                ++odd[line[x + 1]];
            }
        }
        for (; x < samples.cols; ++x) {
            if (!inside || inside[x]) ++even[line[x]];
        }
    }
    std::vector<std::int64_t> sum(size);
    for (std::size_t i = 0; i < size; ++i) sum[i] = std::int64_t{even[i]} + odd[i];
    return sum;
}

// The film's modality values in ascending order; a film that is padding only counts its padding.
std::vector<WeightedValue> sortedValues(const Image& image, const cv::Mat& region = {}) {
    const auto histogram = histogramOf(image.samples, region);
    std::vector<WeightedValue> values, padding;
    for (int sample = 0; sample < static_cast<int>(histogram.size()); ++sample) {
        if (histogram[sample] == 0) continue;
        auto& target = isPadding(image, sample) ? padding : values;
        target.push_back({modalityValue(image, sample), histogram[sample]});
    }
    if (values.empty()) values = std::move(padding);
    const auto byValue = [](const WeightedValue& a, const WeightedValue& b) { return a.value < b.value; };
    if (!std::is_sorted(values.begin(), values.end(), byValue)) std::sort(values.begin(), values.end(), byValue);
    return values;
}

// The value below which the fraction q of all pixels lies. REQUIRES: !values.empty()
double quantile(std::span<const WeightedValue> values, double q) {
    std::int64_t total = 0;
    for (const auto& v : values) total += v.weight;
    const auto rank = static_cast<std::int64_t>(std::llround(std::clamp(q, 0.0, 1.0) * static_cast<double>(total - 1)));
    std::int64_t seen = 0;
    for (const auto& v : values) {
        seen += v.weight;
        if (seen > rank) return v.value;
    }
    return values.back().value;
}

// Modality values are real numbers (slope may be 0.01): LINEAR_EXACT has no built-in step of 1.
VoiSetting windowBetween(const Image& image, double low, double high) {
    const double step = image.modality.table || image.modality.slope == 0 ? 1.0 : std::abs(image.modality.slope);
    return {.center = (low + high) / 2,
            .width = std::max(high - low, step),
            .function = VoiFunction::LinearExact,
            .table = nullptr};
}

// C.11.2.1.2.1: black at and below c - 0.5 - (w-1)/2, white above c - 0.5 + (w-1)/2. A width of 1 is a threshold.
double linear(double x, double center, double width) {
    const double half = (std::max(width, 1.0) - 1) / 2;
    if (x <= center - 0.5 - half) return 0;
    if (x > center - 0.5 + half) return 1;
    return (x - (center - 0.5)) / (2 * half) + 0.5;
}

// C.11.2.1.3.2: black at and below c - w/2, white above c + w/2.
double linearExact(double x, double center, double width) {
    if (x <= center - width / 2) return 0;
    if (x > center + width / 2) return 1;
    return (x - center) / width + 0.5;
}

// C.11.2.1.3.1: 1 / (1 + exp(-4 (x - c) / w)).
double sigmoid(double x, double center, double width) { return 1 / (1 + std::exp(-4 * (x - center) / width)); }

}  // namespace

double modalityValue(const Image& image, int sample) {
    const int stored = sample - image.storedOffset;
    const ModalityTransform& modality = image.modality;
    if (modality.table) return entryFor(*modality.table, stored);
    return modality.slope * stored + modality.intercept;
}

ValueRange modalityRange(const Image& image) {
    const auto values = sortedValues(image);
    if (values.empty()) return {};
    return {values.front().value, values.back().value};
}

VoiSetting percentileVoi(const Image& image, double low, double high, const cv::Mat& region) {
    auto values = sortedValues(image, region);
    if (values.empty()) values = sortedValues(image);
    if (values.empty()) return {};
    return windowBetween(image, quantile(values, low), quantile(values, high));
}

VoiSetting fullRangeVoi(const Image& image) {
    const ValueRange range = modalityRange(image);
    return windowBetween(image, range.low, range.high);
}

double applyVoi(const VoiSetting& voi, double value) {
    if (voi.table) {
        const double white = (1 << voi.table->bitsPerEntry) - 1;
        return std::clamp(entryFor(*voi.table, value) / white, 0.0, 1.0);
    }
    const double width = voi.width > 0 ? voi.width : 1;
    switch (voi.function) {
        case VoiFunction::Linear:
            return linear(value, voi.center, width);
        case VoiFunction::LinearExact:
            return linearExact(value, voi.center, width);
        case VoiFunction::Sigmoid:
            return sigmoid(value, voi.center, width);
    }
    return 0;
}

std::vector<float> grayTable(const Image& image, const VoiSetting& voi, bool invert) {
    const bool isReversed = image.isInverse != invert;
    std::vector<float> table(kTableSize);
    for (int sample = 0; sample < kTableSize; ++sample) {
        const double gray = applyVoi(voi, modalityValue(image, sample));
        table[sample] = static_cast<float>(isReversed ? 1 - gray : gray);
        if (isPadding(image, sample)) table[sample] = 0;
    }
    return table;
}

std::array<std::uint8_t, 65536> grayTable8(const Image& image, const VoiSetting& voi, bool invert) {
    const auto table = grayTable(image, voi, invert);
    std::array<std::uint8_t, 65536> gray{};
    std::transform(table.begin(), table.end(), gray.begin(),
                   [](float value) { return static_cast<std::uint8_t>(std::lround(value * 255.0F)); });
    return gray;
}

cv::Mat renderGray8(const Image& image, const VoiSetting& voi, bool invert) {
    const auto table = grayTable8(image, voi, invert);
    cv::Mat gray(image.samples.size(), CV_8UC1);
    for (int row = 0; row < gray.rows; ++row) {
        const auto* from = image.samples.ptr<std::uint16_t>(row);
        auto* to = gray.ptr<std::uint8_t>(row);
        for (int x = 0; x < gray.cols; ++x) to[x] = table[from[x]];
    }
    return gray;
}

cv::Mat renderGray(const Image& image, const VoiSetting& voi, bool invert) {
    const auto table = grayTable(image, voi, invert);
    cv::Mat gray(image.samples.size(), CV_32FC1);
    for (int row = 0; row < gray.rows; ++row) {
        const auto* from = image.samples.ptr<std::uint16_t>(row);
        auto* to = gray.ptr<float>(row);
        for (int x = 0; x < gray.cols; ++x) to[x] = table[from[x]];
    }
    return gray;
}

}  // namespace cxr
