// Tensors to planes, numbers and regions.
#include "core/train/answers.h"

#include "core/engine/explain_methods.h"
#include "core/explain/baseline.h"
#include "core/explain/explain_output.h"
#include "core/explain/network_traits.h"
#include "core/train/losses.h"

namespace cxr::train {
namespace {

Plane planeOf(const torch::Tensor& values) {
    const auto plain = values.contiguous();
    Plane plane{static_cast<int>(plain.size(1)), static_cast<int>(plain.size(0)), {}};
    plane.values.assign(plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
    return plane;
}

// Shares the planes' memory.
torch::Tensor tensorOf(const NetworkPlanes& planes) {
    return torch::from_blob(const_cast<float*>(planes.values.data()), {planes.channels, planes.height, planes.width}, torch::kFloat);
}

std::vector<Glimpse> glimpsesOf(const torch::Tensor& regions) {
    std::vector<Glimpse> list;
    for (std::int64_t i = 0; i < regions.size(0); ++i) {
        const auto at = [&](int column) { return regions[i][column].item<double>(); };
        list.push_back({at(0), at(1), at(2), at(3), at(4)});
    }
    return list;
}

Explanation shownAs(const explain::Answer& answer, ExplainMethod method) {
    Explanation shown;
    shown.plane = planeOf(answer.cells);
    shown.isSigned = explainMethodInfo(method).isSigned;
    shown.logit = answer.logit;
    shown.baselineLogit = answer.baselineLogit;
    shown.convergenceDelta = answer.convergenceDelta;
    shown.doneShare = answer.doneShare;
    return shown;
}

Result<Done> checkExplanation(nn::ClassifierRunner& runner, const NetworkPlanes& planes, const ExplainOptions& options) {
    if (auto checked = explain::checkOptions(options); !checked.isOk()) return checked;
    if (!options.baselinePlanes.empty() && options.baselinePlanes.size() != planes.values.size()) {
        return Error{ErrorCode::InvalidArgument, "the baseline has another size than the film that the network reads"};
    }
    if (allows(explain::traitsOf(runner.network()), options.method)) return Done{};
    return Error{ErrorCode::Unsupported, "model pack " + runner.manifest().id + " does not allow \"" + explainMethodInfo(options.method).name +
                                             "\"; choose another explanation"};
}

}  // namespace

Segmentation segmentationOf(nn::Segmenter& segmenter, const GrayFilm& film, const SegmentOptions& options,
                            const RunContext& context) {
    const nn::StopCheck stop = [&] { return context.isCancelled(); };
    const auto plane = nn::planeTensor(film.values.data(), film.width, film.height);
    auto organs = segmenter.predict(plane, /*mirrored=*/false, stop);
    context.report(options.testTimeFlip ? 0.5 : 1.0);
    Segmentation result;
    if (options.testTimeFlip) {
        const auto mirrored = segmenter.predict(plane, /*mirrored=*/true, stop);
        const auto dice = hardDice(organs.unsqueeze(0), mirrored.unsqueeze(0))[0];
        for (std::size_t i = 0; i < kOrganCount; ++i) {
            result.agreement[i] = dice[static_cast<std::int64_t>(i)].item<double>();
        }
        organs = (organs + mirrored) / 2;
        context.report(1.0);
    }
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        result.probability[i] = planeOf(organs[static_cast<std::int64_t>(i)]);
    }
    const auto frame = nn::letterboxFrame(film.width, film.height, segmenter.size());
    result.originPx = frame.originPx;
    result.cellPx = frame.cellPx;
    return result;
}

Prediction predictionOf(nn::ClassifierRunner& runner, const NetworkPlanes& planes, const RunContext& context) {
    const auto output = runner.predict(tensorOf(planes), [&] { return context.isCancelled(); });
    Prediction result;
    for (std::int64_t i = 0; i < output.logits.size(1); ++i) result.logits.push_back(output.logits[0][i].item<double>());
    const auto& maps = output.refinedCams.defined() ? output.refinedCams : output.cams;
    for (std::int64_t i = 0; maps.defined() && i < maps.size(1); ++i) result.cams.push_back(planeOf(maps[0][i]));
    if (output.glimpses.defined()) result.glimpses = glimpsesOf(output.glimpses[0]);
    context.report(1.0);
    return result;
}

Result<Explanation> explanationOf(nn::ClassifierRunner& runner, const NetworkPlanes& planes, std::int64_t index,
                                  const ExplainOptions& options, const RunContext& context) {
    if (auto checked = checkExplanation(runner, planes, options); !checked.isOk()) return std::move(checked).error();
    const torch::Tensor raw = tensorOf(planes).unsqueeze(0), film = runner.normalised(raw[0]);
    const ModelInput& input = runner.manifest().input;
    explain::Question question{runner.network(), film, explain::baselineOf(raw, film, input, options)};
    question.filmChannels = explain::filmChannelsOf(input);
    question.index = index;
    question.isProgram = runner.isProgram();
    question.options = options;
    question.stop = [&] { return context.isCancelled(); };
    question.progress = [&](double share) { context.report(share); };
    if (options.partial) question.partial = [&](const explain::Answer& part) { options.partial(shownAs(part, options.method)); };
    const auto found = explain::explained(question);
    if (!found.isOk()) return found.error();
    return shownAs(found.value(), options.method);
}

}  // namespace cxr::train
