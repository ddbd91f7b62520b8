// The merge blocks and the two heads of the multi-resolution classifier.
#include "core/nn/multires.h"

#include <algorithm>

#include "core/nn/batch_norm_folding.h"
#include "core/nn/layers.h"
#include "core/nn/segmentation_blocks.h"

namespace cxr::nn {

namespace tnn = torch::nn;

// g of eq. 1.
class MergeBlock : public tnn::Module {
  public:
    MergeBlock(std::int64_t coarse, std::int64_t fine, bool hasNorm) {
        const std::int64_t fromCoarse = std::max<std::int64_t>(1, coarse / 4);
        const std::int64_t fromFine = std::max<std::int64_t>(1, fine / 4);
        const auto add = [&](const std::string& name, std::int64_t in, std::int64_t out) {
            const std::string norm = hasNorm ? name + "_norm" : std::string();
            m_convs.emplace_back(*this, name, norm, convolutionOptions(in, out, 1).bias(true), Activation::Relu);
        };
        add("coarse", coarse, fromCoarse);
        add("fine", fine, fromFine);
        add("restore", fromCoarse + fromFine, fine);
        initialiseConvolutions(*this, Fan::In);
    }

    torch::Tensor forward(const torch::Tensor& coarse, const torch::Tensor& fine, const StopCheck& stop) {
        const auto reduced = m_convs[0].forward(coarse, stop);
        const auto raised = weightedMeans(reduced, [h = fine.size(2), w = fine.size(3)](const torch::Tensor& maps) {
            return resizedBilinear(maps, h, w);
        });
        return m_convs[2].forward(joined(m_convs[1].forward(fine, stop), raised), stop);
    }

    void foldBatchNorm() {
        for (auto& conv : m_convs) conv.fold();
    }

  private:
    std::vector<ConvNorm> m_convs;  // coarse, fine, restore
};

MultiRes::MultiRes(std::shared_ptr<Classifier> backbone, const MultiResOptions& multiRes,
                   const ClassifierOptions& options)
    : Classifier(options), m_backbone(register_module("backbone", std::move(backbone))), m_multiRes(multiRes) {
    const auto& all = m_backbone->levelChannels();
    const auto used = static_cast<std::size_t>(multiRes.levels);
    TORCH_CHECK(used >= 2 && used <= all.size(), "a multi-resolution network needs 2 to ", all.size(), " levels");
    const auto group = register_module("merge", std::make_shared<tnn::Module>());
    const std::size_t finest = all.size() - used;
    for (std::size_t i = finest; i + 1 < all.size(); ++i) {
        const auto merge = std::make_shared<MergeBlock>(all[i + 1], all[i], multiRes.mergeNorm);
        m_merges.push_back(group->register_module(std::to_string(i - finest), merge));
    }
    m_levelChannels = {all[finest]};
    addPooledHead(*this, "classifier", /*publishedDropout=*/0);
    if (m_linear) {
        tnn::init::normal_(m_linear->weight, 0, 0.01);
        tnn::init::zeros_(m_linear->bias);
    }
    if (multiRes.pcm) m_pcm = register_module("pcm", PixelCorrelation(all[finest], multiRes.pcmChannels));
}

torch::Tensor MultiRes::features(const torch::Tensor& input, const StopCheck& stop,
                                 std::vector<torch::Tensor>* levels) {
    std::vector<torch::Tensor> all;
    auto x = m_backbone->features(input, stop, &all);
    const std::size_t finest = all.size() - 1 - m_merges.size();
    for (std::size_t i = m_merges.size(); i-- > 0;) x = m_merges[i]->forward(x, all[finest + i], stop);
    addLevel(levels, x);
    return x;
}

torch::Tensor MultiRes::logits(const torch::Tensor& features, const torch::Tensor& cams) {
    const auto pooled = [&](const torch::Tensor& maps) {
        return globalPool(maps, m_multiRes.pooling, m_multiRes.gamma);
    };
    if (!m_multiRes.poolClassMaps) return linear(m_linear, torch::dropout(pooled(features), m_dropout, is_training()));
    return layerMode() ? added(pooled(cams).clone(), m_linear->bias) : pooled(cams) + m_linear->bias;
}

NetworkOutput MultiRes::classified(const torch::Tensor& features, const StopCheck& stop) {
    const auto maps = m_multiRes.poolClassMaps ? torch::feature_dropout(features, m_dropout, is_training()) : features;
    const auto perCell = m_linear->weight.view({m_options.classes, -1, 1, 1});
    const auto cams = m_multiRes.poolClassMaps ? convolved1x1(maps, perCell) : torch::conv2d(maps, perCell);
    NetworkOutput output{logits(maps, cams), features, cams};
    if (m_pcm && (!layerMode() || layerMode()->needsRefinedCams)) output.refinedCams = m_pcm->forward(features, cams, stop);
    return output;
}

void MultiRes::foldBatchNorm() {
    m_backbone->foldBatchNorm();
    for (auto& merge : m_merges) merge->foldBatchNorm();
}

}  // namespace cxr::nn
