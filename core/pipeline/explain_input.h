// What a network reads of a film that is to be explained, and where its cells lie. Shared by explain_film and sanity.
//   thread rule  call from a worker
#pragma once

#include <memory>
#include <string>

#include "core/model/pack.h"
#include "core/pipeline/explain_film.h"
#include "core/pipeline/network_input.h"

namespace cxr {

struct ExplainInput {
    Pack pack;
    NetworkInput input;  // its frame in pixels of the whole film
    GridOnFilm grid;     // of the picture that the network reads, also where it reads a vector of it
    cv::Mat kept;        // HeartSpot: CV_8UC1 [h, w], 1 = the network reads this cell; else empty
    std::string key;     // film and weights: equal keys, equal planes

    [[nodiscard]] bool isVector() const { return !input.frame.isGrid; }
    // Of the picture whose cells are explained.
    [[nodiscard]] int width() const { return isVector() ? kept.cols : input.planes.width; }
    [[nodiscard]] int height() const { return isVector() ? kept.rows : input.planes.height; }
};

// From the cache, or made and put there. fails as explainFilm does but for output and method.
Result<std::shared_ptr<const ExplainInput>> explainInput(const ExplainRequest& request, Engine& engine, ExplainCache& cache,
                                                         const RunContext& context);

// fails NotFound: the pack has no such output; the message lists those it has.
Result<std::size_t> outputIndex(const Manifest& manifest, const std::string& output);

// One value a cell of the picture from one a number of the vector, 0 elsewhere; other planes stay as they are.
Plane onPicture(const Plane& plane, const ExplainInput& input);
// The other way: the values of the cells that the network reads.
std::vector<float> readCells(const Heatmap& map);

}  // namespace cxr
