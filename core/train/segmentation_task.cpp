// Steps and scores of a segmentation network.
#include "core/train/segmentation_task.h"

#include "core/nn/autocast.h"
#include "core/nn/preprocess.h"
#include "core/train/augment.h"
#include "core/train/losses.h"
#include "core/train/schedule.h"

namespace cxr::train {
namespace {

torch::Tensor networkInput(const Batch& batch, const torch::Device& device) {
    return nn::normaliseFilm(batch.image, batch.valid).to(device).contiguous(at::MemoryFormat::ChannelsLast);
}

// One square of side x side cells of every film, each at its own place: tensors [N, C, H, W], the same places in both.
std::pair<torch::Tensor, torch::Tensor> randomSquares(const torch::Tensor& input, const torch::Tensor& masks, std::int64_t side,
                                                      at::Generator& random) {
    const auto rows = torch::randint(input.size(2) - side + 1, {input.size(0)}, random, torch::kLong);
    const auto columns = torch::randint(input.size(3) - side + 1, {input.size(0)}, random, torch::kLong);
    std::vector<torch::Tensor> inputs, labels;
    for (std::int64_t n = 0; n < input.size(0); ++n) {
        const auto row = rows[n].item<std::int64_t>(), column = columns[n].item<std::int64_t>();
        inputs.push_back(input[n].narrow(1, row, side).narrow(2, column, side));
        labels.push_back(masks[n].narrow(1, row, side).narrow(2, column, side));
    }
    return {torch::stack(inputs).contiguous(at::MemoryFormat::ChannelsLast), torch::stack(labels)};
}

}  // namespace

SegmentationTask::SegmentationTask(const Recipe& recipe, const Dataset& data, const Split& split, const torch::Device& device)
    : m_recipe(recipe), m_data(data), m_split(split), m_device(device), m_grid(data), m_stage(recipe.stages[0]) {
    if (m_split.monitor.empty()) m_split.monitor = m_split.training;
}

void SegmentationTask::enter(const Stage& stage) {
    m_stage = stage;
    m_grid = m_data.resized(stage.size);
}

std::vector<std::int64_t> SegmentationTask::order(std::uint64_t epochSeed) const {
    std::vector<std::int64_t> films;
    for (const std::size_t i : shuffledOrder(m_split.training.size(), epochSeed)) {
        films.push_back(static_cast<std::int64_t>(m_split.training[i]));
    }
    return films;
}

torch::Tensor SegmentationTask::lossOf(nn::Network& network, const Batch& batch, at::Generator& random) const {
    auto input = networkInput(batch, m_device);
    auto masks = batch.masks;
    if (m_recipe.roi > 0) std::tie(input, masks) = randomSquares(input, masks, m_recipe.roi, random);
    nn::NetworkOutput output;
    {
        const nn::AutocastScope autocast(m_device, m_recipe.bfloat16);
        output = network.forward(input);
    }
    const auto logits = output.logits.to(torch::kFloat);
    const auto loss = segmentationLoss(logits, masks.to(m_device), batch.labelled.to(m_device), m_recipe);
    if (!output.auxiliaryLoss.defined()) return loss;
    return loss + m_recipe.auxiliaryWeight * output.auxiliaryLoss.to(torch::kFloat);
}

double SegmentationTask::addGradients(nn::Network& network, const std::vector<std::int64_t>& films, at::Generator& random) {
    const auto settings = weakened(m_recipe.augmentation, m_stage.augmentationStrength);
    double sum = 0;
    for (const auto& part : batches(films, m_stage.batch)) {
        Batch batch;
        {
            const torch::NoGradGuard noGrad;
            batch = augmented(m_grid.batch(part), settings, random);
        }
        const auto loss = lossOf(network, batch, random) * (static_cast<double>(part.size()) / static_cast<double>(films.size()));
        loss.backward();
        sum += loss.item<double>();
    }
    return sum;
}

Monitored SegmentationTask::watch(nn::Network& averaged, const RunContext& context) {
    const torch::NoGradGuard noGrad;
    averaged.eval();
    double loss = 0;
    torch::Tensor dice = torch::zeros({kOrganCount}), count = torch::zeros({kOrganCount});
    const std::vector<std::int64_t> films(m_split.monitor.begin(), m_split.monitor.end());
    for (const auto& indices : batches(films, m_stage.batch)) {
        if (context.isCancelled()) return {};
        const Batch batch = m_grid.batch(indices);
        torch::Tensor logits;
        {
            const nn::AutocastScope autocast(m_device, m_recipe.bfloat16);
            logits = averaged.forward(networkInput(batch, m_device)).logits;
        }
        logits = logits.to(torch::kFloat).cpu();
        loss += segmentationLoss(logits, batch.masks, batch.labelled, m_recipe).item<double>() *
                static_cast<double>(indices.size());
        dice += (hardDice(torch::sigmoid(logits), batch.masks) * batch.labelled).sum(0);
        count += batch.labelled.sum(0);
    }
    dice = dice / count.clamp_min(1);
    Monitored result{loss / static_cast<double>(films.size()), dice.mean().item<double>(), {}};
    for (std::int64_t i = 0; i < kOrganCount; ++i) result.scores.push_back(dice[i].item<double>());
    return result;
}

}  // namespace cxr::train
