// From a film to a sealed HeartSpot bundle, and from a bundle's kept pixels to what a network says about them.
//   film -> displayed gray (networkFilm) -> networkInput, framing "heartspot" -> kept pixels in 8 bits -> bundle
//   kept pixels / white in their places -> Engine::predict, Engine::explain: nothing but the bundle is asked
// A network is asked only about the prior that it was trained with: the spec's hash must be the manifest's.
//   thread rule  call from a worker
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/model/pack.h"
#include "core/pipeline/heartspot_bundle.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/segmentation_cache.h"

namespace cxr {

inline constexpr const char* kHeartSpotOutput = "Cardiomegaly";

// Gray values that a film can show between black and white in its default window, at most 255: the `white` of its bundles, so
// that a bundle is no finer than its film.
int grayLevels(const Image& image);

struct SealedFilm {
    HeartSpotBundle bundle;  // without reading and explanation
    PlaneFrame frame;        // where its picture lies on the gray film
};
// `segmentation` only for the thorax square; `heartRegion` CV_8UC1, empty: the shipped one. A region that draws another mask
// than the shipped one goes into the bundle. fails as networkInput and priorMask do.
Result<SealedFilm> sealHeartSpot(const GrayFilm& film, const PriorSpec& spec, const cv::Mat& heartRegion = {}, int white = 255,
                                 const std::string& square = kCentreSquare, const Segmentation* segmentation = nullptr,
                                 const RunContext& context = {});

// Why the pack cannot be asked about this prior's picture, one sentence; empty: it can.
std::string whyNotAsked(const Manifest& manifest, const PriorSpec& spec);
// Of the pack's framing.
std::string squareOf(const Manifest& manifest);

// fails Unsupported (whyNotAsked), NotFound (no such output), as Engine::predict does.
Result<BundleReading> readingOf(const HeartSpotBundle& bundle, const Pack& pack, Engine& engine, const RunContext& context,
                                const std::string& output = kHeartSpotOutput);
// One number a kept pixel. fails as readingOf and Engine::explain do.
Result<BundleExplanation> explanationOf(const HeartSpotBundle& bundle, const Pack& pack, const ExplainOptions& options, Engine& engine,
                                        const RunContext& context, const std::string& output = kHeartSpotOutput);

struct SealOptions {
    PriorSpec spec = defaultPrior();
    cv::Mat heartRegion = {};             // CV_8UC1; empty: the shipped one
    std::filesystem::path pack = {};      // of a HeartSpot network; empty: none is asked
    bool isExplained = true;              // by `explain`, if a network is asked
    ExplainOptions explain = {ExplainMethod::InputXGradient};
};
// The whole way. `engine` may be null where no pack is named; `segmenter` is asked only for the thorax square.
Result<HeartSpotBundle> sealFilm(const Image& image, const SealOptions& options, Engine* engine, const FilmSegmenter& segmenter,
                                 const RunContext& context = {});

}  // namespace cxr
