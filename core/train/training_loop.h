// Trains a network by a plan: stages of growing grids, Adam(W), warm-up and cosine, averaged weights (EMA).
//   seeded      all that an epoch draws (order, augmentation, dropout) depends on (seed, epoch) only: a resumed run repeats
//   checkpoint  <out>/checkpoint.pt after every epoch: network, averaged and kept weights, optimiser, progress
//   stopping    the averaged weights with the best score on the monitor films of a stage (or the last ones, if the plan
//               says so) go on to the next stage and into the pack
//   cancel      between steps; the last finished epoch is kept
//   thread rule one run at a time per process (torch's global generator is seeded)
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/nn/network.h"
#include "core/train/training_task.h"

namespace cxr::train {

class TrainingLoop {
  public:
    // Makes the network with first weights from the plan's seed. fails as makeNetwork does
    static Result<std::unique_ptr<TrainingLoop>> create(const Plan& plan, const torch::Device& device);

    // `outFolder` exists. Runs what is left. fails Cancelled, WriteFailed, InvalidArgument (nothing to learn)
    Result<Done> run(TrainingTask& task, const std::filesystem::path& outFolder,
                     const std::function<void(const std::string&)>& log, const RunContext& context);

    // fails NotFound, Corrupt (not a checkpoint of this plan)
    Result<Done> load(const std::filesystem::path& checkpoint);
    Result<Done> save(const std::filesystem::path& checkpoint) const;
    // After the network's first weights were changed from outside, before run().
    void adoptFirstWeights();

    const Progress& progress() const { return m_progress; }
    nn::Network& network() { return *m_network; }
    // The averaged weights that go into the pack.
    std::shared_ptr<nn::Network> keptNetwork() const { return m_kept; }

  private:
    TrainingLoop(const Plan& plan, const torch::Device& device) : m_plan(plan), m_device(device) {}
    Result<Done> runEpoch(TrainingTask& task, const RunContext& context);
    double trainOneEpoch(TrainingTask& task, const RunContext& context);
    void setRate(double rate);
    bool freeze();  // false: the stage freezes everything
    void finishEpoch(const EpochRow& row);
    void beginNextStage();
    const Stage& stage() const { return m_plan.stages[static_cast<std::size_t>(m_progress.stage)]; }

    Plan m_plan;
    torch::Device m_device;
    std::shared_ptr<nn::Network> m_network, m_average, m_kept;
    std::unique_ptr<torch::optim::Optimizer> m_optimizer;
    std::int64_t m_steps = 0;  // optimiser steps so far: warms the average up
    Progress m_progress;
};

}  // namespace cxr::train
