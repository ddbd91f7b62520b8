// The pixel chain: stored value -> Modality LUT / rescale -> VOI LUT or window -> Presentation LUT -> gray.
//   DICOM PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI: LINEAR, LINEAR_EXACT, SIGMOID), C.11.6 (Presentation LUT).
// Everything here is a pure function; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/image/image.h"

namespace cxr {

// Modality value of one sample (sample = stored + storedOffset).
double modalityValue(const Image& image, int sample);

// Smallest and largest modality value among the film's samples, padding left out.
struct ValueRange {
    double low = 0;
    double high = 0;
};
ValueRange modalityRange(const Image& image);

// Window from the `low` and `high` quantiles (in [0, 1]) of the samples inside `region` (film pixels, empty = all),
// padding left out; at least one value wide.
VoiSetting percentileVoi(const Image& image, double low = 0.005, double high = 0.995, const cv::Mat& region = {});
VoiSetting fullRangeVoi(const Image& image);

// Gray in [0, 1] of one modality value under a setting, before inversion.
double applyVoi(const VoiSetting& voi, double modalityValue);

// 65,536 gray values in [0, 1], indexed by sample; 1 is white on screen. Applies image.isInverse, and `invert` on top.
std::vector<float> grayTable(const Image& image, const VoiSetting& voi, bool invert = false);
// The same in 8 bits, rounded: what the screen shows.
std::array<std::uint8_t, 65536> grayTable8(const Image& image, const VoiSetting& voi, bool invert = false);

// The whole film through the chain. CV_8UC1 / CV_32FC1 in [0, 1], [H, W].
cv::Mat renderGray8(const Image& image, const VoiSetting& voi, bool invert = false);
cv::Mat renderGray(const Image& image, const VoiSetting& voi, bool invert = false);

}  // namespace cxr
