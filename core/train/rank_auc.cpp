// AUC from average ranks.
#include "core/train/rank_auc.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cxr::train {
namespace {

double aucOf(std::vector<std::pair<float, bool>> films) {
    std::sort(films.begin(), films.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    double rankSum = 0, positives = 0;
    for (std::size_t begin = 0; begin < films.size();) {
        std::size_t end = begin;
        while (end < films.size() && films[end].first == films[begin].first) ++end;
        const double rank = 0.5 * static_cast<double>(begin + 1 + end);  // mean of begin + 1 .. end
        for (; begin < end; ++begin) {
            if (!films[begin].second) continue;
            rankSum += rank;
            ++positives;
        }
    }
    const double negatives = static_cast<double>(films.size()) - positives;
    if (positives == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace

std::vector<double> rankAuc(const torch::Tensor& logits, const torch::Tensor& labels) {
    const auto l = logits.contiguous(), y = labels.contiguous();
    const auto classes = y.size(1);
    const float* logit = l.data_ptr<float>();
    const float* label = y.data_ptr<float>();
    std::vector<double> result;
    for (std::int64_t c = 0; c < classes; ++c) {
        std::vector<std::pair<float, bool>> films;
        for (std::int64_t i = c; i < y.numel(); i += classes) {
            if (!std::isnan(label[i]) && label[i] != 0.5F) films.emplace_back(logit[i], label[i] > 0.5F);
        }
        result.push_back(aucOf(std::move(films)));
    }
    return result;
}

double meanOfKnown(const std::vector<double>& values) {
    double sum = 0, count = 0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace cxr::train
