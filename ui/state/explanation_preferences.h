// How the user wants explanations made and shown; kept between runs.
//   thread rule  plain values and pure functions
#pragma once

#include <QString>
#include <optional>

#include "core/pipeline/explain_film.h"
#include "ui/state/map_preparation.h"

namespace cxr::ui {

struct ExplanationPreferences {
    MapLook look{{}, saliencyPooling(), true};     // a locked scale is of one film's maps and is not kept
    PoolSpec poolValues = saliencyPooling();       // of the sliders, also while nothing is pooled
    std::optional<ExplainMethod> method;           // none: the program chooses (core/pipeline/explain_default.h)
    bool operator==(const ExplanationPreferences&) const = default;
};

// One JSON object. What is missing or wrong keeps its default; numbers out of range are clamped.
QString toJson(const ExplanationPreferences& preferences);
ExplanationPreferences explanationPreferencesFrom(const QString& json);

}  // namespace cxr::ui
