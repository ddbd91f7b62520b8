// Cardiomegaly read in three ways: the ratio, the network's probability, and where the network looks.
//   ratio    for: enlarged; against: normal; borderline or uncertain decides neither way
//   network  for: at or above its operating point
//   map      against: no positive support. Of a positive network, for: the heart holds more of the support than chance gives
//            (factor above 1), against: no more. Undecided without a heart on the film, and with support of a negative
//            network, whose map shows the little that speaks for it
// Gates: a film that is no frontal view or that the view network refuses is not judged at all; on an AP film an enlarged
// ratio may be magnification and decides neither way; an uncertain mask silences ratio and map. Pure function; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/localize/attention.h"
#include "core/measure/chest.h"
#include "core/measure/finding.h"

namespace cxr {

struct ThreeWayCheck {
    enum class Outcome { NotJudged, TooFew, Agree, Disagree };
    Outcome outcome = Outcome::NotJudged;
    std::optional<bool> ratio, network, map;  // for or against; none: undecided
    std::string sentence;              // the outcome with the three values
    std::vector<std::string> reasons;  // why one was left out, or what may explain the disagreement; one sentence each
};
const char* toString(ThreeWayCheck::Outcome outcome);  // "not judged", "too few", "agree", "disagree"

// `finding` is the network's Cardiomegaly whose map `attention` is of; `view` null: no view network.
ThreeWayCheck threeWayCheck(const ChestMeasurement& chest, ViewPosition headerView, const ViewReading* view,
                            const FindingProbability& finding, const Attention& attention);

}  // namespace cxr
