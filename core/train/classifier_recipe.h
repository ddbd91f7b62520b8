// A classification recipe: models/recipes/*.json with "task": "classification", as values.
//   plan.h, and
//   "input"     the manifest's input object; goes into model.json as it is
//   "classes"   [{"name", "meaning", "code_scheme", "code", "auxiliary", "weight": 1}], the order of the labels and of the
//               logits. Auxiliary ones are learned but count nothing in the monitor's score; "weight" (0..100) is a
//               factor on the class's part of the losses
//   "loss"      {"name": "bce" | "weighted-bce" | "soft-margin" | "focal", "weight": 1, "positive_weight": 1,
//                "focal_gamma": 2, "ecr": 0, "refined": 0, "auxiliary": 0}, or just the name (classifier_losses.h has the equations)
//   "balanced_sampling" 0..1, "label_smoothing" 0..0.5, "mixup" alpha >= 0, "test_time_mirror" false
// Other defaults than a segmentation's: "select" "last", "patience" 0 (a stage runs to its end), no mirroring,
// "monitor_fraction" 0.1.
//   fails  Corrupt (not JSON, a wrong type), InvalidArgument (a value outside its range), each naming the key
#pragma once

#include <string>
#include <vector>

#include "core/model/framing.h"
#include "core/model/manifest.h"
#include "core/train/plan.h"

namespace cxr::train {

enum class LossKind { Bce, WeightedBce, SoftMargin, Focal };

struct LossOptions {
    LossKind kind = LossKind::Bce;
    double weight = 1;          // of the named loss
    double positiveWeight = 1;  // factor on the positive labels' part
    double focalGamma = 2;
    std::vector<double> classWeights{};  // one a class; empty: all 1
    double labelSmoothing = 0;
    double ecr = 0;             // weight of the equivariant cross regularisation
    double refined = 0;         // weight of the soft margin of the refined maps' means; S5 eq. 7: 1.5
    double auxiliary = 0;       // weight of NetworkOutput::auxiliaryLoss
};

struct ClassifierRecipe : Plan {
    Manifest pack;  // what the finished pack's model.json will say, without the weights' hash
    LossOptions loss;
    double balancedSampling = 0;  // share of an epoch's films that is drawn by rare-class weights
    double mixup = 0;             // alpha of the Beta distribution; 0: off
    bool testTimeMirror = false;  // held-out logits are the mean of the film's and the mirrored film's
    [[nodiscard]] const ModelInput& input() const { return pack.input; }
    [[nodiscard]] bool readsVectors() const { return cxr::readsVector(pack.input.framing); }
};

Result<ClassifierRecipe> parseClassifierRecipe(const std::string& json);

}  // namespace cxr::train
