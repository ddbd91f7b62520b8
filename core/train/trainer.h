// Trains a segmentation network by a recipe: stages of growing grids, AdamW, warm-up and cosine, averaged weights (EMA).
//   seeded      film order and augmentation of an epoch depend on (seed, epoch) only, so a resumed run repeats exactly
//   checkpoint  <out>/checkpoint.pt after every epoch: network, averaged and best weights, optimiser, progress
//   stopping    the averaged weights with the best mean Dice on the monitor films of a stage go on to the next stage
//   cancel      between steps; the last finished epoch is kept
//   thread rule one run at a time per process (torch's global generator is seeded for the first weights)
#pragma once

#include <filesystem>
#include <memory>

#include "core/nn/network.h"
#include "core/train/dataset.h"
#include "core/train/progress.h"
#include "core/train/recipe.h"
#include "core/train/split.h"

namespace cxr::train {

class Trainer {
  public:
    // fails as makeNetwork does
    static Result<std::unique_ptr<Trainer>> create(const Recipe& recipe, const torch::Device& device);

    // `outFolder` exists. Runs what is left. fails Cancelled, WriteFailed, OutOfMemory, InvalidArgument (no films)
    Result<Done> run(const Dataset& data, const Split& split, const std::filesystem::path& outFolder,
                     const std::function<void(const std::string&)>& log, const RunContext& context);

    // fails NotFound, Corrupt (not a checkpoint of this recipe)
    Result<Done> load(const std::filesystem::path& checkpoint);
    Result<Done> save(const std::filesystem::path& checkpoint) const;

    const Progress& progress() const { return m_progress; }
    // The averaged weights that go into the pack.
    std::shared_ptr<nn::Network> bestNetwork() const { return m_best; }

  private:
    Trainer(const Recipe& recipe, const torch::Device& device) : m_recipe(recipe), m_device(device) {}
    Result<Done> runEpoch(const Dataset& data, const Split& split, const RunContext& context);
    double trainOneEpoch(const Dataset& data, const std::vector<std::size_t>& films, const RunContext& context);
    double step(const Dataset& data, const std::vector<std::int64_t>& films, at::Generator& random);
    void watch(const Dataset& data, const std::vector<std::size_t>& films, EpochRow& row, const RunContext& context);
    void updateAverage();
    void finishEpoch(const EpochRow& row);
    void beginNextStage();
    double learningRateAt(double fractionOfStage) const;
    const Stage& stage() const { return m_recipe.stages[static_cast<std::size_t>(m_progress.stage)]; }

    Recipe m_recipe;
    torch::Device m_device;
    std::shared_ptr<nn::Network> m_network, m_average, m_best;
    std::unique_ptr<torch::optim::AdamW> m_optimizer;
    std::int64_t m_steps = 0;  // optimiser steps so far: warms the average up
    Progress m_progress;
};

}  // namespace cxr::train
