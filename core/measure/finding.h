// What networks say about a film, in plain values: probabilities beside the numbers of their cards, the view, and the
// three readings of cardiomegaly. They are made by core/pipeline/judgement.h and shown by window and reports.
//   probability = sigmoid(slope * logit + intercept), slope and intercept from the pack (1 and 0: not calibrated)
//   positive    = probability >= threshold of the chosen operating point
// A probability of a network is no diagnosis: every text made here says where it comes from.
// Immutable values and pure functions; thread-safe.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/geometry.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/measure/chest.h"
#include "core/measure/classification_metrics.h"

namespace cxr {

// The 14 diseases of NIH ChestX-ray14, spelled as its labels spell them: the outputs of a pack of the role Diseases.
inline constexpr std::array<const char*, 14> kChest14Diseases{
    "Atelectasis", "Cardiomegaly", "Effusion",   "Infiltration", "Mass",               "Nodule", "Pneumonia", "Pneumothorax",
    "Consolidation", "Edema",      "Emphysema",  "Fibrosis",     "Pleural_Thickening", "Hernia"};

// What a pack is used for; each role has one pack at most.
enum class ModelRole { HeartLungs, View, Diseases, Cardiomegaly, HeartSpot };
inline constexpr std::array<ModelRole, 5> kModelRoles{ModelRole::HeartLungs, ModelRole::View, ModelRole::Diseases,
                                                      ModelRole::Cardiomegaly, ModelRole::HeartSpot};
// "heart and lungs", "view", "diseases", "cardiomegaly", "cardiomegaly from HeartSpot".
const char* toString(ModelRole role);

// A threshold on the probability, and what it gave on films that the network never saw.
struct FindingPoint {
    std::string name;        // "youden", "sensitivity90", "specificity90", or an imported pack's own
    double threshold = 0.5;  // [0, 1]
    double sensitivity = 0;  // [0, 1]; both 0: not known
    double specificity = 0;  // [0, 1]
};
inline constexpr const char* kBalancedPoint = "youden";
// Where nobody chose: at the balanced points an average film of NIH ChestX-ray14 is positive for 6 of 14 diseases, at these
// for 2 (mean of 30 films), so that a mark means something.
inline constexpr const char* kDefaultPoint = "specificity90";
// "best balance", "90 % sensitivity", "90 % specificity", or the name itself.
std::string labelOf(const FindingPoint& point);

struct FindingProbability {
    std::string name;                    // as the pack names it: "Pleural_Thickening"
    std::string meaning;                 // the pack's words for people; may be empty
    std::string codeScheme, code;        // "SCT", "..."; may be empty
    double logit = 0;
    double probability = 0;              // [0, 1]
    bool isCalibrated = false;           // false: the pack brings no calibration, the number is only an order
    std::vector<FindingPoint> points;    // all that the pack has
    std::optional<FindingPoint> point;   // the chosen one; none if the pack has none
    std::optional<std::array<double, 3>> auc;  // of the card: value, low, high (95 %)
    std::optional<double> prevalence;    // share of positives among the films of the card

    [[nodiscard]] bool isPositive() const { return point && probability >= point->threshold; }
};
// "Pleural thickening": the name for people.
std::string labelOf(const FindingProbability& finding);
// The pack's operating point of this name, else "youden", else its first.
void choosePoint(FindingProbability& finding, const std::string& name);

// Where a network's grid lies on the film: film point = origin + x * right + y * down, x and y as shares of the grid.
struct GridOnFilm {
    PointPx origin;
    PointPx right{1, 0};  // the grid's upper edge as a vector of film pixels
    PointPx down{0, 1};   // its left edge
    [[nodiscard]] PointPx at(double x, double y) const {
        return {origin.x + x * right.x + y * down.x, origin.y + x * right.y + y * down.y};
    }
};

// What one pack said. Either `error` or `findings` is filled.
struct PackJudgement {
    ModelRole role = ModelRole::Diseases;
    ModelStamp model;
    std::vector<FindingProbability> findings;  // in the pack's order
    std::vector<Plane> cams;                   // one a finding, logits before pooling; empty: the pack makes none
    std::vector<Glimpse> glimpses;             // in the order of looking; empty: the pack does not choose regions
    GridOnFilm grid;                           // of cams and glimpses
    bool hasGrid = false;                      // false: the network reads no picture (a HeartSpot vector)
    double seconds = 0;
    std::string error;                         // one sentence that says what to do
    [[nodiscard]] const FindingProbability* find(const std::string& name) const;
};

// The view by network and by header.
struct ViewReading {
    FindingProbability lateral;
    std::optional<FindingProbability> ap;
    bool looksLateral = false;  // at or above the operating point
    bool isRefused = false;     // lateral at its strictest operating point, and no header says otherwise: no ratio
    std::string note;           // one sentence; empty: nothing to say
};

struct Judgement {
    std::vector<PackJudgement> packs;  // in the order of kModelRoles; a role without a pack is left out
    std::optional<ViewReading> view;
    std::vector<std::string> notes;    // doubts about the networks' answers, one sentence each
    double seconds = 0;                // of all packs
    // nullptr: no such pack, or it failed (see failed()).
    [[nodiscard]] const PackJudgement* of(ModelRole role) const;
    // "The pack chest14 (diseases) was not used: ..." of every pack that failed.
    [[nodiscard]] std::vector<std::string> failures() const;
};
using JudgementPtr = std::shared_ptr<const Judgement>;  // null: the film was not judged

// The same answers decided at another operating point.
JudgementPtr withPoint(const JudgementPtr& judgement, const std::string& pointName);

// What view network and header say together.
ViewReading readView(const PackJudgement& pack, ViewPosition header);

// One way to read cardiomegaly from a film.
enum class ReadingMethod { Ratio, Network, HeartSpot };
struct CardiomegalyReading {
    ReadingMethod method = ReadingMethod::Ratio;
    std::string value;               // "0.57", "0.81", "81 %"
    std::string decision;            // "enlarged (above 0.55)", "at or above 44 %", "not measured"
    std::optional<bool> isPositive;  // none: borderline, not measured, or the pack has no operating point
    const FindingProbability* finding = nullptr;  // of the networks; points into the judgement
};
enum class Agreement { TooFew, Agree, Disagree };
struct CardiomegalyReadings {
    std::vector<CardiomegalyReading> readings;  // always the ratio; the networks if their packs are there
    Agreement agreement = Agreement::TooFew;    // of those that decide; borderline decides neither way
    std::string sentence;                       // with the numbers; empty if there is the ratio only
};
// REQUIRES: `judgement` outlives the result.
CardiomegalyReadings cardiomegalyReadings(const ChestMeasurement& chest, const Judgement& judgement);

// "63 %", "4.2 %", "< 0.1 %".
std::string percentText(double probability);
// "at or above 44 %", "below 44 %", "no operating point".
std::string decisionText(const FindingProbability& finding);
// " (90 % specificity)": which point that was; empty without one.
std::string pointText(const FindingProbability& finding);
// What a positive and a negative answer at the chosen point mean where `prevalence` of all films have the finding; none
// without a point whose sensitivity and specificity are known.
std::optional<PredictiveValues> predictiveValues(const FindingProbability& finding, double prevalence);
// "31 % of such positives have it", "98 % of such negatives do not have it" (the answer that this film got); empty if
// not known.
std::string predictiveText(const FindingProbability& finding, double prevalence);
// "AUC 0.74 (0.70 to 0.78)"; empty if the card gives none.
std::string aucText(const FindingProbability& finding);

}  // namespace cxr
