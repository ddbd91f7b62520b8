// The training loop.
#include "core/train/trainer.h"

#include <ATen/CPUGeneratorImpl.h>

#include <chrono>
#include <cmath>

#include "core/base/atomic_file.h"
#include "core/nn/architectures.h"
#include "core/nn/autocast.h"
#include "core/nn/preprocess.h"
#include "core/nn/weights.h"
#include "core/train/augment.h"
#include "core/train/losses.h"

namespace cxr::train {
namespace {

namespace fs = std::filesystem;

constexpr auto kCancelled = "training was stopped; resume it to go on";

std::vector<std::vector<std::int64_t>> batches(const std::vector<std::size_t>& films, int size) {
    std::vector<std::vector<std::int64_t>> list;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (i % static_cast<std::size_t>(size) == 0) list.emplace_back();
        list.back().push_back(static_cast<std::int64_t>(films[i]));
    }
    return list;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

torch::Tensor networkInput(const Batch& batch, const torch::Device& device) {
    return nn::normaliseFilm(batch.image, batch.valid).to(device).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

Result<std::unique_ptr<Trainer>> Trainer::create(const Recipe& recipe, const torch::Device& device) {
    std::unique_ptr<Trainer> trainer(new Trainer(recipe, device));
    torch::manual_seed(recipe.seed);
    for (auto* network : {&trainer->m_network, &trainer->m_average, &trainer->m_best}) {
        auto made = nn::makeNetwork(recipe.architecture);
        if (!made.isOk()) return std::move(made).error();
        *network = std::move(made).value();
        (*network)->to(device);
        nn::toChannelsLast(**network);
    }
    nn::copyWeights(*trainer->m_network, *trainer->m_average);
    nn::copyWeights(*trainer->m_network, *trainer->m_best);
    const auto options = torch::optim::AdamWOptions(recipe.stages[0].learningRate).weight_decay(recipe.weightDecay);
    trainer->m_optimizer = std::make_unique<torch::optim::AdamW>(trainer->m_network->parameters(), options);
    return trainer;
}

Result<Done> Trainer::run(const Dataset& data, const Split& split, const fs::path& outFolder,
                          const std::function<void(const std::string&)>& log, const RunContext& context) {
    if (split.training.empty()) return Error{ErrorCode::InvalidArgument, "there is no film to train on"};
    int total = 0;
    for (const Stage& planned : m_recipe.stages) total += planned.epochs;
    while (!m_progress.isFinished(m_recipe)) {
        const int stageIndex = m_progress.stage;
        const Dataset grid = data.resized(stage().size);
        while (m_progress.stage == stageIndex) {
            if (auto done = runEpoch(grid, split, context); !done.isOk()) return done;
            if (auto saved = save(outFolder / "checkpoint.pt"); !saved.isOk()) return saved;
            auto logged = writeFileAtomically(outFolder / "log.csv", csvOf(m_progress.rows));
            if (!logged.isOk()) return logged;
            if (log) log(lineOf(m_progress, m_recipe));
            context.report(static_cast<double>(m_progress.rows.size()) / total);
        }
    }
    return Done{};
}

Result<Done> Trainer::runEpoch(const Dataset& data, const Split& split, const RunContext& context) {
    const auto start = std::chrono::steady_clock::now();
    EpochRow row;
    row.epoch = static_cast<int>(m_progress.rows.size()) + 1;
    row.stage = m_progress.stage + 1;
    row.size = stage().size;
    row.trainingLoss = trainOneEpoch(data, split.training, context);
    if (!context.isCancelled()) {
        watch(data, split.monitor.empty() ? split.training : split.monitor, row, context);
    }
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, kCancelled};
    row.learningRate = static_cast<torch::optim::AdamWOptions&>(m_optimizer->param_groups()[0].options()).lr();
    row.seconds = secondsSince(start);
    finishEpoch(row);
    return Done{};
}

double Trainer::learningRateAt(double fractionOfStage) const {
    constexpr double kWarmUp = 0.05, kFloor = 0.01;
    const double peak = stage().learningRate;
    if (fractionOfStage < kWarmUp) return peak * (0.1 + 0.9 * fractionOfStage / kWarmUp);
    const double t = (fractionOfStage - kWarmUp) / (1 - kWarmUp);
    return peak * (kFloor + (1 - kFloor) * 0.5 * (1 + std::cos(M_PI * t)));
}

double Trainer::trainOneEpoch(const Dataset& data, const std::vector<std::size_t>& films, const RunContext& context) {
    const std::uint64_t epochSeed = m_recipe.seed * 1000003 + m_progress.rows.size();
    at::Generator random = at::make_generator<at::CPUGeneratorImpl>(epochSeed);
    std::vector<std::size_t> order;
    for (const std::size_t i : shuffledOrder(films.size(), epochSeed)) order.push_back(films[i]);
    const auto list = batches(order, stage().batch);
    m_network->train();
    double sum = 0;
    for (std::size_t i = 0; i < list.size() && !context.isCancelled(); ++i) {
        const double withinEpoch = static_cast<double>(i) / static_cast<double>(list.size());
        const double rate = learningRateAt((m_progress.epochInStage + withinEpoch) / stage().epochs);
        for (auto& group : m_optimizer->param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
        sum += step(data, list[i], random);
    }
    return sum / static_cast<double>(list.size());
}

double Trainer::step(const Dataset& data, const std::vector<std::int64_t>& films, at::Generator& random) {
    Batch batch;
    {
        const torch::NoGradGuard noGrad;
        batch = augmented(data.batch(films), weakened(m_recipe.augmentation, stage().augmentationStrength), random);
    }
    const auto input = networkInput(batch, m_device);
    torch::Tensor logits;
    {
        const nn::AutocastScope autocast(m_device, m_recipe.bfloat16);
        logits = m_network->forward(input).logits;
    }
    const auto loss = segmentationLoss(logits.to(torch::kFloat), batch.masks.to(m_device), batch.labelled.to(m_device), m_recipe);
    m_optimizer->zero_grad();
    loss.backward();
    m_optimizer->step();
    ++m_steps;
    updateAverage();
    return loss.item<double>();
}

void Trainer::updateAverage() {
    const auto steps = static_cast<double>(m_steps);
    nn::averageWeights(*m_network, *m_average, std::min(m_recipe.emaDecay, (1 + steps) / (10 + steps)));
}

void Trainer::watch(const Dataset& data, const std::vector<std::size_t>& films, EpochRow& row, const RunContext& context) {
    const torch::NoGradGuard noGrad;
    m_average->eval();
    double loss = 0;
    torch::Tensor dice = torch::zeros({kOrganCount}), count = torch::zeros({kOrganCount});
    for (const auto& indices : batches(films, stage().batch)) {
        if (context.isCancelled()) return;
        const Batch batch = data.batch(indices);
        torch::Tensor logits;
        {
            const nn::AutocastScope autocast(m_device, m_recipe.bfloat16);
            logits = m_average->forward(networkInput(batch, m_device)).logits;
        }
        logits = logits.to(torch::kFloat).cpu();
        loss += segmentationLoss(logits, batch.masks, batch.labelled, m_recipe).item<double>() *
                static_cast<double>(indices.size());
        dice += (hardDice(torch::sigmoid(logits), batch.masks) * batch.labelled).sum(0);
        count += batch.labelled.sum(0);
    }
    row.monitorLoss = loss / static_cast<double>(films.size());
    dice = dice / count.clamp_min(1);
    for (std::size_t i = 0; i < kOrganCount; ++i) row.monitorDice[i] = dice[static_cast<std::int64_t>(i)].item<double>();
}

void Trainer::finishEpoch(const EpochRow& row) {
    m_progress.rows.push_back(row);
    ++m_progress.epochInStage;
    ++m_progress.epochsSinceBest;
    if (meanDice(row) > m_progress.bestDice) {
        m_progress.bestDice = meanDice(row);
        m_progress.epochsSinceBest = 0;
        nn::copyWeights(*m_average, *m_best);
    }
    const bool isOver = m_progress.epochInStage >= stage().epochs || m_progress.epochsSinceBest >= m_recipe.patience;
    if (isOver) beginNextStage();
}

void Trainer::beginNextStage() {
    nn::copyWeights(*m_best, *m_network);
    nn::copyWeights(*m_best, *m_average);
    ++m_progress.stage;
    m_progress.epochInStage = 0;
    m_progress.epochsSinceBest = 0;
    if (!m_progress.isFinished(m_recipe)) m_progress.bestDice = -1;
}

Result<Done> Trainer::save(const fs::path& checkpoint) const {
    return writeFileAtomically(checkpoint, [&](const fs::path& temporary) -> Result<Done> {
        try {
            torch::serialize::OutputArchive archive, network, average, best, optimizer;
            m_network->save(network);
            m_average->save(average);
            m_best->save(best);
            m_optimizer->save(optimizer);
            archive.write("network", network);
            archive.write("average", average);
            archive.write("best", best);
            archive.write("optimizer", optimizer);
            archive.write("steps", torch::IValue(m_steps));
            archive.write("architecture", torch::IValue(m_recipe.architecture.dump()));
            archive.write("progress", torch::IValue(toJson(m_progress)));
            archive.save_to(temporary.string());
        } catch (const c10::Error& wrong) {
            return Error{ErrorCode::WriteFailed, std::string("cannot write the checkpoint: ") + wrong.what_without_backtrace()};
        }
        return Done{};
    });
}

Result<Done> Trainer::load(const fs::path& checkpoint) {
    if (!fs::exists(checkpoint)) return Error{ErrorCode::NotFound, "there is no checkpoint to resume from"};
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(checkpoint.string(), m_device);
        torch::IValue architecture, progress, steps;
        archive.read("architecture", architecture);
        if (architecture.toStringRef() != m_recipe.architecture.dump()) {
            return Error{ErrorCode::Corrupt, "the checkpoint belongs to another architecture"};
        }
        torch::serialize::InputArchive part;
        for (const auto& [key, network] : {std::pair{"network", m_network}, {"average", m_average}, {"best", m_best}}) {
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
