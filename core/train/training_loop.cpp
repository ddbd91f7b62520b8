// The training loop.
#include "core/train/training_loop.h"

#include <ATen/CPUGeneratorImpl.h>

#include <chrono>
#include <cmath>

#include "core/base/atomic_file.h"
#include "core/nn/architectures.h"
#include "core/nn/weights.h"
#include "core/train/schedule.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

constexpr auto kCancelled = "training was stopped; resume it to go on";

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::unique_ptr<torch::optim::Optimizer> optimizerFor(const Plan& plan, const std::vector<torch::Tensor>& parameters) {
    const double rate = plan.stages[0].learningRate;
    if (plan.optimizer == OptimizerKind::Adam) {
        const auto options = torch::optim::AdamOptions(rate).weight_decay(plan.weightDecay);
        return std::make_unique<torch::optim::Adam>(parameters, options);
    }
    const auto options = torch::optim::AdamWOptions(rate).weight_decay(plan.weightDecay);
    return std::make_unique<torch::optim::AdamW>(parameters, options);
}

bool beginsWithAny(const std::string& name, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) { return name.starts_with(prefix); });
}

}  // namespace

Result<std::unique_ptr<TrainingLoop>> TrainingLoop::create(const Plan& plan, const torch::Device& device) {
    std::unique_ptr<TrainingLoop> loop(new TrainingLoop(plan, device));
    torch::manual_seed(plan.seed);
    for (auto* network : {&loop->m_network, &loop->m_average, &loop->m_kept}) {
        auto made = nn::makeNetwork(plan.architecture);
        if (!made.isOk()) return std::move(made).error();
        *network = std::move(made).value();
        (*network)->to(device);
        nn::toChannelsLast(**network);
    }
    loop->adoptFirstWeights();
    loop->m_optimizer = optimizerFor(plan, loop->m_network->parameters());
    return loop;
}

void TrainingLoop::adoptFirstWeights() {
    nn::copyWeights(*m_network, *m_average);
    nn::copyWeights(*m_network, *m_kept);
}

Result<Done> TrainingLoop::run(TrainingTask& task, const fs::path& outFolder,
                               const std::function<void(const std::string&)>& log, const RunContext& context) {
    int total = 0;
    for (const Stage& planned : m_plan.stages) total += planned.epochs;
    while (!m_progress.isFinished(m_plan)) {
        const int stageIndex = m_progress.stage;
        if (!freeze()) return Error{ErrorCode::InvalidArgument, "the recipe's \"freeze\" leaves nothing to learn"};
        task.enter(stage());
        while (m_progress.stage == stageIndex) {
            if (auto done = runEpoch(task, context); !done.isOk()) return done;
            if (auto saved = save(outFolder / "checkpoint.pt"); !saved.isOk()) return saved;
            auto logged = writeFileAtomically(outFolder / "log.csv", csvOf(m_progress.rows, task.scoreNames()));
            if (!logged.isOk()) return logged;
            if (log) log(lineOf(m_progress, m_plan, task.scoreNames()));
            context.report(static_cast<double>(m_progress.rows.size()) / total);
        }
    }
    return Done{};
}

Result<Done> TrainingLoop::runEpoch(TrainingTask& task, const RunContext& context) {
    const auto start = std::chrono::steady_clock::now();
    EpochRow row;
    row.epoch = static_cast<int>(m_progress.rows.size()) + 1;
    row.stage = m_progress.stage + 1;
    row.size = stage().size;
    row.trainingLoss = trainOneEpoch(task, context);
    row.trainingSeconds = secondsSince(start);
    if (!context.isCancelled()) row.monitor = task.watch(*m_average, context);
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, kCancelled};
    row.learningRate = m_optimizer->param_groups()[0].options().get_lr();
    row.seconds = secondsSince(start);
    finishEpoch(row);
    return Done{};
}

double TrainingLoop::trainOneEpoch(TrainingTask& task, const RunContext& context) {
    const std::uint64_t seed = epochSeed(m_plan.seed, m_progress.rows.size());
    torch::manual_seed(~seed);  // dropout; another stream than the augmentation's
    at::Generator random = at::make_generator<at::CPUGeneratorImpl>(seed);
    const auto steps = batches(task.order(seed), stage().batch * stage().accumulate);
    m_network->train();
    freeze();  // again, because train() woke the frozen layers
    double sum = 0;
    for (std::size_t i = 0; i < steps.size() && !context.isCancelled(); ++i) {
        const double withinEpoch = static_cast<double>(i) / static_cast<double>(steps.size());
        setRate(learningRateAt(stage().learningRate, (m_progress.epochInStage + withinEpoch) / stage().epochs));
        m_optimizer->zero_grad();
        sum += task.addGradients(*m_network, steps[i], random);
        m_optimizer->step();
        ++m_steps;
        nn::averageWeights(*m_network, *m_average, warmedDecay(m_plan.emaDecay, m_steps));
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, steps.size()));
}

void TrainingLoop::setRate(double rate) {
    for (auto& group : m_optimizer->param_groups()) group.options().set_lr(rate);
}

// Frozen parameters get no gradient, so the optimiser passes them by; their layers neither drop nor learn statistics.
bool TrainingLoop::freeze() {
    bool isAnyFree = false;
    for (auto& item : m_network->named_parameters()) {
        const bool isFrozen = beginsWithAny(item.key(), stage().freeze);
        isAnyFree = isAnyFree || !isFrozen;
        item.value().set_requires_grad(!isFrozen);
        if (isFrozen) item.value().mutable_grad() = torch::Tensor();
    }
    for (auto& item : m_network->named_modules()) {
        if (!item.key().empty() && beginsWithAny(item.key() + ".", stage().freeze)) item.value()->eval();
    }
    return isAnyFree;
}

void TrainingLoop::finishEpoch(const EpochRow& row) {
    m_progress.rows.push_back(row);
    ++m_progress.epochInStage;
    const bool isBetter = row.monitor.score > m_progress.bestScore;
    m_progress.epochsSinceBest = isBetter ? 0 : m_progress.epochsSinceBest + 1;
    if (isBetter) m_progress.bestScore = row.monitor.score;
    if (isBetter || m_plan.select == Select::Last) nn::copyWeights(*m_average, *m_kept);
    const bool isTired = m_plan.patience > 0 && m_progress.epochsSinceBest >= m_plan.patience;
    if (m_progress.epochInStage >= stage().epochs || isTired) beginNextStage();
}

void TrainingLoop::beginNextStage() {
    nn::copyWeights(*m_kept, *m_network);
    nn::copyWeights(*m_kept, *m_average);
    ++m_progress.stage;
    m_progress.epochInStage = 0;
    m_progress.epochsSinceBest = 0;
    if (!m_progress.isFinished(m_plan)) m_progress.bestScore = Progress::kNothingYet;
}

Result<Done> TrainingLoop::save(const fs::path& checkpoint) const {
    return writeFileAtomically(checkpoint, [&](const fs::path& temporary) -> Result<Done> {
        try {
            torch::serialize::OutputArchive archive, network, average, kept, optimizer;
            m_network->save(network);
            m_average->save(average);
            m_kept->save(kept);
            m_optimizer->save(optimizer);
            archive.write("network", network);
            archive.write("average", average);
            archive.write("kept", kept);
            archive.write("optimizer", optimizer);
            archive.write("steps", torch::IValue(m_steps));
            archive.write("architecture", torch::IValue(m_plan.architecture.dump()));
            archive.write("progress", torch::IValue(toJson(m_progress)));
            archive.save_to(temporary.string());
        } catch (const c10::Error& wrong) {
            return Error{ErrorCode::WriteFailed, std::string("cannot write the checkpoint: ") + wrong.what_without_backtrace()};
        }
        return Done{};
    });
}

Result<Done> TrainingLoop::load(const fs::path& checkpoint) {
    if (!fs::exists(checkpoint)) return Error{ErrorCode::NotFound, "there is no checkpoint to resume from"};
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(checkpoint.string(), m_device);
        torch::IValue architecture, progress, steps;
        archive.read("architecture", architecture);
        if (architecture.toStringRef() != m_plan.architecture.dump()) {
            return Error{ErrorCode::Corrupt, "the checkpoint belongs to another architecture"};
        }
        torch::serialize::InputArchive part;
        for (const auto& [key, network] : {std::pair{"network", m_network}, {"average", m_average}, {"kept", m_kept}}) {
            archive.read(key, part);
            network->load(part);
            nn::toChannelsLast(*network);
        }
        archive.read("optimizer", part);
        m_optimizer->load(part);
        archive.read("steps", steps);
        archive.read("progress", progress);
        m_steps = steps.toInt();
        m_progress = progressFromJson(progress.toStringRef());
    } catch (const std::exception&) {
        return Error{ErrorCode::Corrupt, "the checkpoint cannot be read; start again without --resume"};
    }
    return Done{};
}

}  // namespace cxr::train
