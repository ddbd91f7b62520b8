// The heart region of HeartSpot's Heart prior, as a picture: the one that comes with the heart-lungs pack, or a file.
//   thread rule  reads the disk at each call; any thread
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>

#include "core/base/result.h"

namespace cxr {

inline constexpr const char* kHeartRegionFile = "heart_region.png";  // in a pack

// An 8-bit gray picture CV_8UC1 of any size. fails NotFound, Corrupt (no picture), TooLarge (file over 64 MiB).
Result<cv::Mat> readHeartRegion(const std::filesystem::path& file);
// Of the pack `packFolder` if it brings one, else of the heart-lungs pack that is installed. fails NotFound, Corrupt.
Result<cv::Mat> shippedHeartRegion(const std::filesystem::path& packFolder = {});

}  // namespace cxr
