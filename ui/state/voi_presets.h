// The windows that a film offers, in the order of the digit keys:
//   1 as opened   2 full range   3 percentiles 1-99   4 lungs   5 heart   6.. the header's other windows and tables
// Lungs and heart are the 1-99 % range of the values inside the measured outlines; without them they are absent.
//   thread rule  pure function; call from a worker (reads every sample: 20 ms for 2500 x 2048)
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/image/image.h"
#include "core/measure/chest.h"

namespace cxr::ui {

inline constexpr int kMaxPresets = 9;

struct NamedVoi {
    QString name;                       // "Lungs"
    QString explanation;                // one sentence for the tooltip
    std::optional<VoiSetting> setting;  // nullopt: not available now, the explanation says why
};

// At most kMaxPresets.
std::vector<NamedVoi> voiPresets(const Image& image, const std::optional<ChestMeasurement>& measurement);

// CV_8UC1 [H, W], 255 inside the outlines (even-odd within one outline, union of several).
cv::Mat regionMask(const std::vector<const Outline*>& outlines, int width, int height);

}  // namespace cxr::ui
