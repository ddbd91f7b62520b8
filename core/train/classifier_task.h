// A classifier in the training loop: augmented planes, the recipe's losses, mean AUC on the monitor films as the score.
#pragma once

#include "core/train/classifier_dataset.h"
#include "core/train/classifier_losses.h"
#include "core/train/split.h"
#include "core/train/training_task.h"

namespace cxr::train {

class ClassifierTask final : public TrainingTask {
  public:
    // `data` on the films' own grid; it and `recipe` outlive the task.
    ClassifierTask(const ClassifierRecipe& recipe, const ClassifierDataset& data, const Split& split,
                   const torch::Device& device);

    void enter(const Stage& stage) override;
    [[nodiscard]] std::vector<std::int64_t> order(std::uint64_t epochSeed) const override;
    double addGradients(nn::Network& network, const std::vector<std::int64_t>& films, at::Generator& random) override;
    Monitored watch(nn::Network& averaged, const RunContext& context) override;
    [[nodiscard]] std::vector<std::string> scoreNames() const override { return {"monitor_auc"}; }

    // fails InvalidArgument: a first look through the network, so that a wrong recipe fails before hours of training
    Result<Done> check(nn::Network& network) const;
    // Logits float [n, K] on the processor, in eval mode, on the stage's grid. Undefined if cancelled.
    // `mirrored`: of the mirrored films. `exact`: without bfloat16.
    torch::Tensor logits(nn::Network& network, const std::vector<std::int64_t>& films, bool mirrored, bool exact,
                         const RunContext& context) const;

  private:
    struct Part {  // the films of one forward pass
        torch::Tensor planes;  // float [n, P, H, W] on the device
        torch::Tensor labels;  // float [n, K] on the processor
        torch::Tensor degrees;  // of the turned branch, [n] on the device; undefined without ECR
    };
    Part partOf(const std::vector<std::int64_t>& films, at::Generator& random) const;
    void mix(Part& part, at::Generator& random) const;
    torch::Tensor networkInput(const torch::Tensor& planes) const;
    nn::NetworkOutput forward(nn::Network& network, const torch::Tensor& planes, bool bfloat16) const;
    torch::Tensor lossOf(nn::Network& network, const Part& part, const LabelCounts& counts, double share) const;
    torch::Tensor refinedLoss(const nn::NetworkOutput& output, const Part& part, const LabelCounts& counts) const;

    const ClassifierRecipe& m_recipe;
    const ClassifierDataset& m_data;
    std::vector<std::int64_t> m_training, m_monitor;
    std::vector<double> m_weights;  // of m_training, for balanced sampling
    torch::Device m_device;
    ClassifierDataset m_grid;  // m_data on the stage's grid
    Stage m_stage;
};

}  // namespace cxr::train
