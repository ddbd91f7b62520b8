// explain FILE --pack P --class NAME --method M --out DIR [method's options] [--quantile Q --kernel K] [--sanity] [--json]
//   DIR/heatmap.png       16 bits, the film's size: 0 .. 65535 = the scale's ends, which explanation.json gives
//   DIR/heatmap.npy       float32 [h, w], the map's own cells and units; pooled if that was asked for
//   DIR/unpooled.npy      the same before pooling, if it was pooled
//   DIR/overlay.png       the film with map, boxes, outlines, legend and notice
//   DIR/explanation.json  class, probability, method, scale, boxes, attention, sanity tests, the three readings, model
// All are made before the first is written, and each is written whole or not at all.
#pragma once

#include "app/cli/command.h"

namespace cxr::cli {

void addExplain(CLI::App& program, CommandRun& chosen);

}  // namespace cxr::cli
