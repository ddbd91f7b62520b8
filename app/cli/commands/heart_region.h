// train heart-region --data DIR --pack PACK --out PNG [--relevance ...] [--compare PNG ...]
//   the region of HeartSpot's Heart prior: the mean heart of a heart-lungs pack (core/pipeline/heart_region.h), or with
//   --relevance where a cardiomegaly pack looks (core/pipeline/heart_region_relevance.h)
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addHeartRegion(CLI::App& train, CommandRun& chosen);

}  // namespace cxr::cli
