// Multi-label losses that pass unknown labels by.
#include "core/train/classifier_losses.h"

#include <algorithm>

namespace cxr::train {

using torch::Tensor;

LabelCounts countLabels(const Tensor& labels) {
    const auto known = torch::isnan(labels).logical_not();
    const auto y = torch::where(known, labels, torch::zeros_like(labels));
    LabelCounts counts;
    counts.films = known.any(1).sum().item<double>();
    counts.known = known.sum().item<double>();
    counts.positives = y.sum(0);
    counts.negatives = known.to(torch::kFloat).sum(0) - counts.positives;
    return counts;
}

Tensor classifierLoss(const Tensor& logits, const Tensor& labels, const LabelCounts& counts,
                      const LossOptions& options) {
    const auto isKnown = torch::isnan(labels).logical_not();
    const auto known = isKnown.to(torch::kFloat);
    const double s = options.labelSmoothing;
    const auto y = torch::where(isKnown, labels * (1 - s) + s / 2, torch::zeros_like(labels));
    auto positive = -y * torch::log_sigmoid(logits) * options.positiveWeight;
    auto negative = -(1 - y) * torch::log_sigmoid(-logits);
    if (options.kind == LossKind::WeightedBce) {
        const auto total = counts.positives + counts.negatives;
        positive = positive * (total / counts.positives.clamp_min(1e-6)).to(logits.device());
        negative = negative * (total / counts.negatives.clamp_min(1e-6)).to(logits.device());
    }
    auto loss = (positive + negative) * known;
    if (options.kind == LossKind::Focal) {
        loss = loss * torch::pow((y - torch::sigmoid(logits)).abs().clamp_min(1e-6), options.focalGamma);
    }
    if (!options.classWeights.empty()) {
        loss = loss * torch::tensor(options.classWeights, torch::kFloat).to(logits.device()).unsqueeze(0);
    }
    const double films = std::max(1.0, counts.films);
    switch (options.kind) {
        case LossKind::Bce:
        case LossKind::Focal: return options.weight * loss.sum() / std::max(1.0, counts.known);
        case LossKind::WeightedBce: return options.weight * loss.sum() / films;
        case LossKind::SoftMargin: return options.weight * (loss.sum(1) / known.sum(1).clamp_min(1)).sum() / films;
    }
    return loss.sum();
}

}  // namespace cxr::train
