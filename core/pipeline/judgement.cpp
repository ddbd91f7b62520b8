#include "core/pipeline/judgement.h"

#include <cassert>
#include <chrono>
#include <cmath>

#include "core/model/calibration.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/output_traits.h"
#include "core/pipeline/shipped_heart_region.h"

namespace cxr {
namespace {

std::vector<FindingPoint> pointsOf(const ModelOutput& output) {
    std::vector<FindingPoint> points;
    for (const OperatingPoint& p : output.operatingPoints) points.push_back({p.name, p.threshold, p.sensitivity, p.specificity});
    return points;
}

// An evaluation writes calibration and AUC together, and leaves a calibration out that would change nothing.
bool isCalibrated(const ModelOutput& output) {
    return output.auc || output.calibration.slope != 1 || output.calibration.intercept != 0;
}

FindingProbability findingOf(const ModelOutput& output, double logit, const std::string& pointName) {
    FindingProbability finding;
    finding.name = output.name;
    finding.meaning = output.meaning;
    finding.codeScheme = output.codeScheme;
    finding.code = output.code;
    finding.logit = logit;
    finding.probability = calibratedProbability(output.calibration, logit);
    finding.isCalibrated = isCalibrated(output);
    finding.points = pointsOf(output);
    finding.auc = output.auc;
    finding.prevalence = output.prevalence;
    choosePoint(finding, pointName);
    return finding;
}

GridOnFilm gridOf(const PlaneFrame& frame, const NetworkPlanes& planes) {
    GridOnFilm grid;
    grid.origin = frame.origin;
    grid.right = {frame.perColumn.x * planes.width, frame.perColumn.y * planes.width};
    grid.down = {frame.perRow.x * planes.height, frame.perRow.y * planes.height};
    return grid;
}

Error unusable(const std::string& what) { return Error{ErrorCode::Corrupt, what + "; install the pack again"}; }

Result<Done> checkAnswer(const Prediction& prediction, const Manifest& manifest) {
    if (prediction.logits.size() != manifest.outputs.size()) {
        return unusable("it gave " + std::to_string(prediction.logits.size()) + " numbers for the " +
                        std::to_string(manifest.outputs.size()) + " outputs that its manifest names");
    }
    for (const double logit : prediction.logits) {
        if (std::isnan(logit)) return unusable("its answer is not a number");
    }
    return Done{};
}

// Networks may have learned more than their role shows.
bool belongsTo(ModelRole role, const ModelOutput& output) {
    if (role == ModelRole::View) return output.name == "Lateral" || output.name == "AP";
    if (role == ModelRole::Diseases) return isFinding(output);
    return output.name == "Cardiomegaly";
}

// The view decides at its own balance, whatever point the reader wants for findings: at 90 % specificity one frontal film of
// ten would be taken for a side view.
void addFindings(PackJudgement& judgement, const Manifest& manifest, Prediction& prediction, const std::string& wantedPoint) {
    const std::string pointName = judgement.role == ModelRole::View ? std::string(kBalancedPoint) : wantedPoint;
    const bool hasCams = prediction.cams.size() == manifest.outputs.size();
    for (std::size_t i = 0; i < manifest.outputs.size(); ++i) {
        const ModelOutput& output = manifest.outputs[i];
        if (!belongsTo(judgement.role, output)) continue;
        judgement.findings.push_back(findingOf(output, prediction.logits[i], pointName));
        if (hasCams) judgement.cams.push_back(std::move(prediction.cams[i]));
    }
}

// The pack's answer; `isTrustedFrame` false: it judged the middle of the film instead of the chest.
Result<PackJudgement> judgeWith(const RolePack& rolePack, const JudgedFilm& film, const std::string& pointName, Engine& engine,
                                bool& isTrustedFrame, const RunContext& context) {
    const Result<Pack> pack = readPack(rolePack.folder);
    if (!pack.isOk()) return pack.error();
    const Manifest& manifest = pack.value().manifest;
    if (!suits(manifest, rolePack.role)) {
        return Error{ErrorCode::Unsupported, "its manifest does not offer what this part needs; choose another model"};
    }
    const Result<cv::Mat> region = needsHeartRegion(manifest.input) ? shippedHeartRegion(rolePack.folder) : Result<cv::Mat>(cv::Mat());
    if (!region.isOk()) return region.error();
    const Result<NetworkInput> input = networkInput(manifest.input, *film.gray, film.segmentation, region.value(), context.part(0, 0.2));
    if (!input.isOk()) return input.error();
    Result<Prediction> answer = engine.predict(rolePack.folder, input.value().planes, context.part(0.2, 1));
    if (!answer.isOk()) return std::move(answer).error();
    Prediction prediction = std::move(answer).value();
    if (const Result<Done> checked = checkAnswer(prediction, manifest); !checked.isOk()) return checked.error();
    const PlaneFrame frame = scaled(input.value().frame, film.scale);
    isTrustedFrame = frame.isTrusted;
    PackJudgement judgement;
    judgement.role = rolePack.role;
    judgement.model = prediction.model;
    addFindings(judgement, manifest, prediction, pointName);
    judgement.glimpses = std::move(prediction.glimpses);
    judgement.grid = gridOf(frame, input.value().planes);
    judgement.hasGrid = frame.isGrid;
    return judgement;
}

PackJudgement failed(const RolePack& pack, const Error& error) {
    PackJudgement judgement;
    judgement.role = pack.role;
    judgement.model.id = pack.folder.filename().string();
    judgement.error = error.message;
    if (!judgement.error.ends_with('.')) judgement.error += '.';
    return judgement;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string> notesOf(const Judgement& judgement, const std::vector<ModelRole>& untrusted) {
    std::vector<std::string> notes;
    if (judgement.view && judgement.view->looksLateral) {
        notes.emplace_back("The networks learned from frontal films; on a side view their probabilities mean nothing.");
    }
    if (!untrusted.empty()) {
        notes.emplace_back("Heart and lungs were not found well enough to turn and crop the film as the networks expect it; "
                           "their probabilities are less reliable.");
    }
    return notes;
}

}  // namespace

Result<Judgement> judgeFilm(const JudgedFilm& film, const JudgeOptions& options, Engine& engine, const RunContext& context) {
    assert(film.gray != nullptr && film.segmentation != nullptr);
    Judgement judgement;
    std::vector<ModelRole> untrusted;
    const auto start = std::chrono::steady_clock::now();
    const double count = static_cast<double>(options.packs.size());
    for (std::size_t i = 0; i < options.packs.size(); ++i) {
        const RolePack& pack = options.packs[i];
        if (pack.role == ModelRole::HeartLungs) continue;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped by the user"};
        const auto packStart = std::chrono::steady_clock::now();
        const double begin = static_cast<double>(i) / count;
        bool isTrustedFrame = true;
        Result<PackJudgement> answer =
            judgeWith(pack, film, options.operatingPoint, engine, isTrustedFrame, context.part(begin, begin + 1 / count));
        if (!answer.isOk() && answer.error().code == ErrorCode::Cancelled) return std::move(answer).error();
        judgement.packs.push_back(answer.isOk() ? std::move(answer).value() : failed(pack, answer.error()));
        judgement.packs.back().seconds = secondsSince(packStart);
        if (!isTrustedFrame) untrusted.push_back(pack.role);
    }
    if (const PackJudgement* view = judgement.of(ModelRole::View)) judgement.view = readView(*view, film.headerView);
    judgement.notes = notesOf(judgement, untrusted);
    judgement.seconds = secondsSince(start);
    context.report(1);
    return judgement;
}

}  // namespace cxr
