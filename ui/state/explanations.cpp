// Explanations: see explanations.h.
#include "ui/state/explanations.h"

#include <algorithm>
#include <mutex>
#include <sstream>
#include <utility>

#include "core/engine/explain_methods.h"
#include "core/localize/map_support.h"
#include "core/model/registry.h"
#include "core/pipeline/explain_default.h"

namespace cxr::ui {

namespace {

constexpr std::array<ModelRole, 3> kExplained{ModelRole::Cardiomegaly, ModelRole::Diseases, ModelRole::HeartSpot};

Result<PackFacts> factsFromEngine(const std::string& packId, const RunContext&) {
    auto pack = findPack(packId);
    if (!pack) return pack.error();
    auto engine = loadEngine();
    if (!engine) return engine.error();
    auto methods = engine.value()->explanations(pack.value().folder);
    if (!methods) return methods.error();
    PackFacts facts{methods.value(), {}};
    for (const ModelOutput& output : pack.value().manifest.outputs) facts.calibrations[output.name] = output.calibration;
    return facts;
}

Result<ExplainRequest> requestOf(const MapWish& wish) {
    auto pack = findPack(wish.packId);
    if (!pack) return pack.error();
    return ExplainRequest{wish.image, pack.value().folder, wish.output, wish.options, {}, {}};
}

bool isPlainCam(const ExplainOptions& options) {
    return options.method == ExplainMethod::Cam && options.smoothSamples == 0 && !options.hasRandomWeights;
}

}  // namespace

std::vector<ExplainTarget> explainTargets(const Judgement& judgement) {
    std::vector<ExplainTarget> targets;
    for (const ModelRole role : kExplained) {
        const PackJudgement* pack = judgement.of(role);
        if (!pack) continue;
        const bool hasCams = pack->hasGrid && pack->cams.size() == pack->findings.size();
        for (std::size_t i = 0; i < pack->findings.size(); ++i) {
            ExplainTarget target{role, pack->model, pack->findings[i]};
            if (hasCams) target.cam = static_cast<int>(i), target.camColumns = pack->cams[i].width, target.camRows = pack->cams[i].height;
            targets.push_back(std::move(target));
        }
    }
    return targets;
}

std::string MapWish::key() const {
    std::ostringstream text;
    if (image && !image->sourceSha256.empty()) {
        text << image->sourceSha256;  // the same film read again has the same maps
    } else {
        text << image.get();
    }
    text << '|' << packId << '|' << output << '|'
         << explainMethodInfo(options.method).id << '|' << parametersText(options, {}) << '|' << options.seed << '|' << options.patch << '|'
         << options.stride << '|' << options.hasRandomWeights;
    return text.str();
}

ExplanationCalls explanationsWithEngine() {
    auto cache = std::make_shared<ExplainCache>();
    return {factsFromEngine,
            [cache](const MapWish& wish, const RunContext& context, const PartialHeatmap& partial) -> Result<Heatmap> {
                auto request = requestOf(wish);
                if (!request) return request.error();
                auto engine = loadEngine();
                if (!engine) return engine.error();
                return explainFilm(request.value(), *engine.value(), *cache, context, partial);
            },
            [cache](const MapWish& wish, const ChestMeasurement& chest, const RunContext& context) -> Result<SanityReport> {
                auto request = requestOf(wish);
                if (!request) return request.error();
                auto engine = loadEngine();
                if (!engine) return engine.error();
                return checkExplanation(request.value(), chest, *engine.value(), *cache, context);
            }};
}

Heatmap camOf(const PackJudgement& pack, std::size_t output, const Calibration& calibration) {
    const FindingProbability& finding = pack.findings.at(output);
    Heatmap map;
    map.plane = pack.cams.at(output);
    map.grid = pack.grid;
    map.isSigned = explainMethodInfo(ExplainMethod::Cam).isSigned;
    map.method = ExplainMethod::Cam;
    map.className = finding.name;
    map.logit = finding.logit;
    map.probability = finding.probability;
    map.model = pack.model;
    map.seconds = pack.seconds;
    map.supportLogit = supportLogitOf(map.plane, map.method, calibration.slope);
    compareWithBaseRate(map, finding.prevalence, calibration.slope, calibration.intercept);
    return map;
}

Explanations::Explanations(ExplanationCalls calls, QObject* parent) : QObject(parent), m_calls(std::move(calls)) {
    m_pool.setMaxThreadCount(1);
}

Explanations::~Explanations() {
    m_job.cancel();
    m_checkJob.cancel();
    m_factJobs.clear();
    m_pool.waitForDone();
}

void Explanations::setFilm(const ImagePtr& image, const JudgementPtr& judgement) {
    if (image == m_image && judgement == m_judgement) return;
    if (image != m_image) {
        cancel();
        cancelCheck();
    }
    m_image = image;
    m_judgement = judgement;
    m_targets = judgement ? explainTargets(*judgement) : std::vector<ExplainTarget>();
    Q_EMIT targetsChanged();
}

const PackFacts* Explanations::factsOf(const std::string& packId) {
    const auto known = m_facts.find(packId);
    if (known != m_facts.end()) return &known->second;
    if (m_factJobs.contains(packId)) return nullptr;
    m_factJobs[packId] = startJob<PackFacts>(
        m_pool, this, [facts = m_calls.facts, packId](const RunContext& context) { return facts(packId, context); }, nullptr,
        [this, packId](Result<PackFacts> result) {
            m_facts[packId] = result ? std::move(result).value() : PackFacts{};
            Q_EMIT factsKnown(packId);
        },
        1);
    return nullptr;
}

ExplainMethod Explanations::defaultMethod(const std::string& packId, const std::string& output) {
    const auto target = std::find_if(m_targets.begin(), m_targets.end(),
                                     [&](const ExplainTarget& one) { return one.model.id == packId && one.finding.name == output; });
    const PackFacts* facts = factsOf(packId);
    std::vector<ExplainMethod> allowed{ExplainMethod::Cam, ExplainMethod::IntegratedGradients};
    if (facts && !facts->methods.empty()) allowed = facts->methods;
    if (target == m_targets.end()) return defaultExplanation(allowed, 0, 0).method;
    return defaultExplanation(allowed, target->camColumns, target->camRows).method;
}

HeatmapPtr Explanations::broughtAlong(const MapWish& wish) {
    if (!m_judgement || wish.image != m_image || !isPlainCam(wish.options)) return nullptr;
    for (const ExplainTarget& target : m_targets) {
        if (target.cam < 0 || target.model.id != wish.packId || target.finding.name != wish.output) continue;
        const PackFacts* facts = factsOf(wish.packId);
        const auto calibration = facts ? facts->calibrations.find(wish.output) : std::map<std::string, Calibration>::const_iterator();
        const bool isKnown = facts && calibration != facts->calibrations.end();
        return std::make_shared<const Heatmap>(
            camOf(*m_judgement->of(target.role), static_cast<std::size_t>(target.cam), isKnown ? calibration->second : Calibration{}));
    }
    return nullptr;
}

HeatmapPtr Explanations::find(const MapWish& wish) {
    const std::string key = wish.key();
    const auto kept = std::find_if(m_kept.begin(), m_kept.end(), [&](const auto& one) { return one.first == key; });
    if (kept != m_kept.end()) return kept->second;
    return broughtAlong(wish);
}

void Explanations::want(const MapWish& wish) {
    const std::string key = wish.key();
    if (const HeatmapPtr map = find(wish)) {
        Q_EMIT ready(key, map);
        return;
    }
    if (isRunning(key)) return;
    const bool wasBusy = isBusy();
    m_waiting.remove_if([&](const MapWish& other) { return other.key() == key; });
    m_waiting.push_front(wish);
    if (!m_running) startNext();
    if (!wasBusy) Q_EMIT busyChanged(true);
}

void Explanations::cancel() {
    if (!isBusy()) return;
    m_waiting.clear();
    m_running.reset();
    m_job.cancel();
    Q_EMIT busyChanged(false);
}

void Explanations::cancel(const std::string& key) {
    const bool wasBusy = isBusy();
    m_waiting.remove_if([&](const MapWish& wish) { return wish.key() == key; });
    if (isRunning(key)) {
        m_running.reset();
        m_job.cancel();
        startNext();
    }
    if (wasBusy && !isBusy()) Q_EMIT busyChanged(false);
}

// Only the newest partial map waits in the event queue.
struct Explanations::Slot {
    std::mutex guard;
    HeatmapPtr newest;
};

void Explanations::startNext() {
    if (m_waiting.empty()) return;
    m_running = m_waiting.front();
    m_waiting.pop_front();
    const std::string key = m_running->key();
    auto slot = std::make_shared<Slot>();
    const auto tell = [this, slot, key](const Heatmap& map) {
        const std::lock_guard lock(slot->guard);
        const bool isFirst = !slot->newest;
        slot->newest = std::make_shared<const Heatmap>(map);
        if (!isFirst) return;
        QMetaObject::invokeMethod(this, [this, slot, key] {
            HeatmapPtr newest;
            {
                const std::lock_guard inner(slot->guard);
                newest = std::exchange(slot->newest, nullptr);
            }
            if (newest && isRunning(key)) Q_EMIT partial(key, newest);
        }, Qt::QueuedConnection);
    };
    m_job = startJob<Heatmap>(
        m_pool, this, [explain = m_calls.explain, wish = *m_running, tell](const RunContext& context) { return explain(wish, context, tell); },
        [this, key](double fraction) { Q_EMIT progressed(key, fraction); }, [this, key](Result<Heatmap> result) { finish(key, std::move(result)); });
}

void Explanations::finish(const std::string& key, Result<Heatmap> result) {
    m_running.reset();
    startNext();
    if (!isBusy()) Q_EMIT busyChanged(false);
    if (result) {
        const auto map = std::make_shared<const Heatmap>(std::move(result).value());
        keep(key, map);
        Q_EMIT ready(key, map);
    } else if (result.error().code != ErrorCode::Cancelled) {
        Q_EMIT failed(key, QString::fromStdString(result.error().message));
    }
}

void Explanations::keep(const std::string& key, HeatmapPtr map) {
    m_kept.emplace_front(key, std::move(map));
    if (m_kept.size() > kKeptMaps) m_kept.pop_back();
}

void Explanations::check(const MapWish& wish, const ChestMeasurement& chest) {
    const std::string key = wish.key();
    m_checkJob = startJob<SanityReport>(
        m_pool, this, [check = m_calls.check, wish, chest](const RunContext& context) { return check(wish, chest, context); },
        [this](double fraction) { Q_EMIT checkProgressed(fraction); },
        [this, key](Result<SanityReport> result) {
            if (result) {
                Q_EMIT checked(key, result.value());
            } else if (result.error().code != ErrorCode::Cancelled) {
                Q_EMIT checkFailed(key, QString::fromStdString(result.error().message));
            }
        });
}

void Explanations::cancelCheck() { m_checkJob.cancel(); }

}  // namespace cxr::ui
