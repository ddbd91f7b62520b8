// What the networks needed in this session, by pack. Plain values.
#pragma once

#include <QString>
#include <map>

#include "core/pipeline/analysis.h"

namespace cxr::ui {

struct ModelTiming {
    double seconds = 0;  // of the last film; of heart and lungs with the measurement
    QString device;
};
using ModelTimings = std::map<QString, ModelTiming>;  // by the pack's folder name

void addTimings(ModelTimings& timings, const Analysis& analysis);

}  // namespace cxr::ui
