// Steps and scores of a classifier.
#include "core/train/classifier_task.h"

#include <cmath>

#include "core/nn/autocast.h"
#include "core/nn/planes_input.h"
#include "core/train/equivariance.h"
#include "core/train/planes_augment.h"
#include "core/train/rank_auc.h"
#include "core/train/schedule.h"

namespace cxr::train {

ClassifierTask::ClassifierTask(const ClassifierRecipe& recipe, const ClassifierDataset& data, const Split& split,
                               const torch::Device& device)
    : m_recipe(recipe), m_data(data), m_training(split.training.begin(), split.training.end()),
      m_monitor(split.monitor.begin(), split.monitor.end()), m_device(device), m_grid(data), m_stage(recipe.stages[0]) {
    if (recipe.balancedSampling > 0) m_weights = rareClassWeights(data, m_training);
}

void ClassifierTask::enter(const Stage& stage) {
    m_stage = stage;
    if (!m_recipe.readsVectors() && !m_grid.hasSide(stage.size)) m_grid = m_data.resized(stage.size);
}

std::vector<std::int64_t> ClassifierTask::order(std::uint64_t epochSeed) const {
    return balancedOrder(m_training, m_weights, m_recipe.balancedSampling, epochSeed);
}

torch::Tensor ClassifierTask::networkInput(const torch::Tensor& planes) const {
    return nn::normalisedPlanes(planes, m_recipe.input()).contiguous(at::MemoryFormat::ChannelsLast);
}

nn::NetworkOutput ClassifierTask::forward(nn::Network& network, const torch::Tensor& planes, bool bfloat16) const {
    const auto input = networkInput(planes);
    const nn::AutocastScope autocast(m_device, bfloat16);
    return network.forward(input);
}

// Mixup (Zhang et al., ICLR 2018): film and labels become g x + (1 - g) x' with another film of the part, g ~ Beta(a, a).
// A label that is unknown in either film is unknown in the mixture.
void ClassifierTask::mix(Part& part, at::Generator& random) const {
    const auto count = part.labels.size(0);
    const auto alpha = torch::full({count}, m_recipe.mixup);
    const auto a = at::_standard_gamma(alpha, random), b = at::_standard_gamma(alpha, random);
    const auto share = a / (a + b).clamp_min(1e-12);
    const auto other = torch::randperm(count, random, torch::TensorOptions(torch::kLong));
    const auto planesShare = share.view({-1, 1, 1, 1}).to(m_device), labelShare = share.view({-1, 1});
    part.planes = planesShare * part.planes + (1 - planesShare) * part.planes.index_select(0, other.to(m_device));
    part.labels = labelShare * part.labels + (1 - labelShare) * part.labels.index_select(0, other);
}

ClassifierTask::Part ClassifierTask::partOf(const std::vector<std::int64_t>& films, at::Generator& random) const {
    const torch::NoGradGuard noGrad;
    Part part{m_grid.planes(films, m_device), m_grid.labels(films), {}};
    const auto settings = weakened(m_recipe.augmentation, m_stage.augmentationStrength);
    part.planes = augmentedPlanes(part.planes, m_recipe.input(), settings, random);
    if (m_recipe.mixup > 0) mix(part, random);
    if (m_recipe.loss.ecr > 0) {
        part.degrees = ((torch::rand({part.labels.size(0)}, random) * 2 - 1) * kEcrMaxDegrees).to(m_device);
    }
    return part;
}

torch::Tensor ClassifierTask::refinedLoss(const nn::NetworkOutput& output, const Part& part,
                                          const LabelCounts& counts) const {
    LossOptions margin;
    margin.kind = LossKind::SoftMargin;
    margin.classWeights = m_recipe.loss.classWeights;
    const auto pooled = output.refinedCams.to(torch::kFloat).flatten(2).mean(2);
    return classifierLoss(pooled, part.labels.to(m_device), counts, margin);
}

// Terms that are means over films take `share`, the part's share of the step; the others know the step by `counts`.
torch::Tensor ClassifierTask::lossOf(nn::Network& network, const Part& part, const LabelCounts& counts,
                                     double share) const {
    const LossOptions& options = m_recipe.loss;
    const auto mapsOf = [](const nn::NetworkOutput& output) {
        const auto& refined = output.refinedCams;
        return Maps{output.cams.to(torch::kFloat), refined.defined() ? refined.to(torch::kFloat) : torch::Tensor()};
    };
    const auto output = forward(network, part.planes, m_recipe.bfloat16);
    auto loss = classifierLoss(output.logits.to(torch::kFloat), part.labels.to(m_device), counts, options);
    if (options.auxiliary > 0 && output.auxiliaryLoss.defined()) {
        loss = loss + options.auxiliary * share * output.auxiliaryLoss.to(torch::kFloat);
    }
    if (options.ecr > 0) {
        const auto turned = forward(network, rotated(part.planes, part.degrees), m_recipe.bfloat16);
        loss = loss + options.ecr * share * equivarianceLoss(mapsOf(output), mapsOf(turned), part.degrees);
        if (options.refined > 0) loss = loss + options.refined / 2 * refinedLoss(turned, part, counts);
    }
    const double branches = options.ecr > 0 ? 2 : 1;
    if (options.refined > 0) loss = loss + options.refined / branches * refinedLoss(output, part, counts);
    return loss;
}

double ClassifierTask::addGradients(nn::Network& network, const std::vector<std::int64_t>& films, at::Generator& random) {
    std::vector<Part> parts;
    std::vector<torch::Tensor> labels;
    for (const auto& group : batches(films, m_stage.batch)) {
        parts.push_back(partOf(group, random));
        labels.push_back(parts.back().labels);
    }
    const LabelCounts counts = countLabels(torch::cat(labels));
    double sum = 0;
    for (const Part& part : parts) {
        const double share = static_cast<double>(part.labels.size(0)) / static_cast<double>(films.size());
        const auto loss = lossOf(network, part, counts, share);
        loss.backward();
        sum += loss.item<double>();
    }
    return sum;
}

Result<Done> ClassifierTask::check(nn::Network& network) const {
    const auto wrong = [](const std::string& what) { return Error{ErrorCode::InvalidArgument, what}; };
    const torch::NoGradGuard noGrad;
    network.eval();
    try {
        const auto output = forward(network, m_grid.planes({0}, m_device), /*bfloat16=*/false);
        if (output.logits.dim() != 2 || output.logits.size(1) != m_grid.classes()) {
            return wrong("the recipe's architecture does not give one number per class");
        }
        if (m_recipe.loss.ecr > 0 && !output.cams.defined()) return wrong("\"ecr\" needs a network that makes maps");
        if (m_recipe.loss.refined > 0 && !output.refinedCams.defined()) {
            return wrong("\"refined\" needs a network with a pixel correlation module");
        }
    } catch (const c10::Error&) {  // a shape that does not fit
        return wrong("the recipe's architecture does not read the input's channels and size");
    }
    return Done{};
}

torch::Tensor ClassifierTask::logits(nn::Network& network, const std::vector<std::int64_t>& films, bool mirrored,
                                     bool exact, const RunContext& context) const {
    const torch::NoGradGuard noGrad;
    network.eval();
    std::vector<torch::Tensor> parts{torch::empty({0, m_grid.classes()})};
    for (const auto& group : batches(films, m_stage.batch)) {
        if (context.isCancelled()) return {};
        auto planes = m_grid.planes(group, m_device);
        if (mirrored) planes = nn::mirroredPlanes(planes, m_recipe.input().planes);
        parts.push_back(forward(network, planes, m_recipe.bfloat16 && !exact).logits.to(torch::kFloat).cpu());
    }
    return torch::cat(parts);
}

Monitored ClassifierTask::watch(nn::Network& averaged, const RunContext& context) {
    if (m_monitor.empty()) return {};
    const auto answers = logits(averaged, m_monitor, /*mirrored=*/false, /*exact=*/false, context);
    if (!answers.defined()) return {};
    const auto labels = m_grid.labels(m_monitor);
    const double loss = classifierLoss(answers, labels, countLabels(labels), m_recipe.loss).item<double>();
    auto aucs = rankAuc(answers, labels);
    for (std::size_t i = 0; i < aucs.size(); ++i) {
        if (m_recipe.pack.outputs[i].isAuxiliary) aucs[i] = kUnknown;
    }
    const double auc = meanOfKnown(aucs);
    return {loss, std::isnan(auc) ? -loss : auc, {auc}};
}

}  // namespace cxr::train
