// Reads films with organ masks for training and evaluation.
//   layout   <folder>/{image,heart,left_lung,right_lung}/<name>.png, or a parent that holds several such folders (sites)
//   film     8- or 16-bit gray, scaled to [0, 1]; masks: any value above 0 is the organ; a missing mask = not labelled
//   fails    NotFound (no such layout), Corrupt (a picture cannot be read or a mask has another size), Cancelled
//   thread rule  any thread
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"

namespace cxr {

// `sites` keeps only the named folders; empty keeps all. Films come in the order of site and name.
Result<std::vector<LabelledFilm>> readHeartDataset(const std::filesystem::path& folder,
                                                   const std::vector<std::string>& sites, const RunContext& context);

}  // namespace cxr
