// A data set in one file, ready for a classifier's training on a bare machine: safetensors with
//   planes  uint8   [N, C, H, W]  255 = 1.0        labels  float32 [N, K]  0, 1, between (soft), NaN = unknown
//   folds   int32   [N]           -1 = none
//   metadata "format": "precordia-dataset", "version": "1", "classes", "names", "groups", "sites": JSON arrays of strings,
//            "input": the recipe's input the planes were made by, a JSON object
// Names and groups are what the film table gives: of public data sets their own pseudonyms. Needs no torch, OpenCV or SQLite.
//   thread rule  pure values; any thread
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/engine.h"

namespace cxr {

struct PackedDataset {
    std::vector<std::string> classes;
    std::string inputJson = "{}";
    int channels = 1, height = 0, width = 0;
    std::vector<LabelledInput> films;
};

// Whole or not at all. fails InvalidArgument (no film, planes or labels of another size), WriteFailed.
// The films are given away, so that planes are not held twice.
Result<Done> writePackedDataset(const std::filesystem::path& file, PackedDataset dataset);
// fails NotFound, Corrupt (says which rule is broken)
Result<PackedDataset> readPackedDataset(const std::filesystem::path& file);

}  // namespace cxr
