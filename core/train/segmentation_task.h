// Organ planes in the training loop: augmented films, BCE and Dice, hard Dice on the monitor films as the score.
#pragma once

#include "core/train/dataset.h"
#include "core/train/recipe.h"
#include "core/train/split.h"
#include "core/train/training_task.h"

namespace cxr::train {

class SegmentationTask final : public TrainingTask {
  public:
    // `data` on the finest grid; it and `recipe` outlive the task. Without monitor films the training films are watched.
    SegmentationTask(const Recipe& recipe, const Dataset& data, const Split& split, const torch::Device& device);

    void enter(const Stage& stage) override;
    [[nodiscard]] std::vector<std::int64_t> order(std::uint64_t epochSeed) const override;
    double addGradients(nn::Network& network, const std::vector<std::int64_t>& films, at::Generator& random) override;
    Monitored watch(nn::Network& averaged, const RunContext& context) override;
    [[nodiscard]] std::vector<std::string> scoreNames() const override {
        return {"dice_heart", "dice_left_lung", "dice_right_lung"};
    }

  private:
    torch::Tensor lossOf(nn::Network& network, const Batch& batch, at::Generator& random) const;

    const Recipe& m_recipe;
    const Dataset& m_data;
    Split m_split;
    torch::Device m_device;
    Dataset m_grid;  // m_data on the stage's grid
    Stage m_stage;
};

}  // namespace cxr::train
