// What `heartspot compress` writes and `heartspot restore` reads: two files.
//   NAME.xz     the vector: kept pixels row by row, 8 bits or 16 bits little endian, LZMA preset 6
//               (xz NAME.xz -dc gives the samples)
//   NAME.json   {"format": "precordia-heartspot", "version": 1,
//                "prior": the PriorSpec, "prior_hash": its SHA-256, "side": pixels of the mask's side,
//                "mask_sha256": of the row-major 0/1 mask, "depth": 8 or 16, "largest": white of the film,
//                "kept_pixels", "crop_pixels", "in_memory_ratio", "vector_bytes", "jpeg_bytes", "on_disk_ratio",
//                "vector_sha256": of the samples, "roi_file": beside it, or null for the default region or none}
//   NAME.roi.png  the heart region, when it was not the default one
// The JSON names no patient and no film. Restoring checks every SHA-256.
//   thread rule  any thread
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>

#include "core/base/result.h"
#include "core/prior/heartspot.h"

namespace cxr::cli {

struct CompressedHeartSpot {
    PriorSpec spec;
    std::string maskSha256;
    int depth = 8;      // bits of a sample
    int largest = 255;  // sample that is white
    std::string roiFile;  // empty: default region or none
    HeartSpotStatistics statistics;
    std::vector<float> vector;
};

std::string maskSha256(const cv::Mat& mask);
// NAME.json for NAME.xz.
std::filesystem::path descriptionFile(const std::filesystem::path& vectorFile);

// Writes the vector, then its description. fails WriteFailed, OutOfMemory.
Result<Done> writeCompressed(const std::filesystem::path& vectorFile, const CompressedHeartSpot& compressed);
// fails NotFound, Corrupt, TooLarge.
Result<CompressedHeartSpot> readCompressed(const std::filesystem::path& vectorFile);

// Kept pixels in their places, `background` elsewhere: CV_8UC1 or CV_16UC1.
// fails InvalidArgument when the mask is not the one that was used.
Result<cv::Mat> restored(const CompressedHeartSpot& compressed, const cv::Mat& heartRegion, int background);

}  // namespace cxr::cli
