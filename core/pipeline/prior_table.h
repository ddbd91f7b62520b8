// Priors beside each other on films, for researchers: what each keeps, what it takes on disk, and what networks make of it.
//   sizes        core/prior/kept_bytes.h on the film's own samples; `bundle` is the sealed bundle without reading and
//                explanation (displayed gray, 8 bits)
//   probability  of cardiomegaly by a HeartSpot network, asked only about the prior that it was trained with; for every other
//                prior it is absent and `reason` says why
//   change       that probability - the one of the network that judges the whole film: two networks, so that the
//                difference holds their difference, too
//   heart share  share of the positive relevance (input x gradient of the HeartSpot network on the kept pixels) that lies in
//                the heart's outline, beside the share of the kept pixels that lie there (core/localize/attention.h)
//   seconds      mask, crop, pooling and, where it is asked, the network; not sizes and explanation
//   thread rule  call from a worker; values are immutable
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/image/image.h"
#include "core/localize/film_regions.h"
#include "core/pipeline/film_predictions.h"
#include "core/pipeline/seal_heartspot.h"
#include "core/prior/kept_bytes.h"

namespace cxr {

// Who is asked. Packs that are not installed are no error: their columns stay empty.
struct PriorJudges {
    std::shared_ptr<Engine> engine;           // null: no network is asked
    std::vector<Pack> heartSpot;              // networks that judge cardiomegaly from a HeartSpot picture
    std::optional<PredictingPack> wholeFilm;  // the network that judges cardiomegaly from the film
    FilmSegmenter segmenter;                  // empty: no heart-lungs pack
    std::vector<std::string> notes;           // what is missing, one sentence each
};
// The installed packs, and `packs` besides (before them). fails as readPack does for `packs`.
Result<PriorJudges> priorJudges(std::shared_ptr<Engine> engine, const std::vector<std::filesystem::path>& packs = {});

// What the rows of one film share.
struct PriorFilm {
    std::string name;
    ImagePtr image;
    GrayFilm gray;
    double scale = 1;  // film pixels per pixel of `gray`
    int white = 255;  // grayLevels()
    cv::Mat samples;  // heartSpotFilm()
    std::optional<Segmentation> segmentation;
    std::optional<FilmRegions> regions;  // with the segmentation, in film pixels
    std::optional<double> probability;  // of cardiomegaly on the whole film
};
// fails as the segmenter and predictFilm do; Cancelled. REQUIRES: image
Result<PriorFilm> preparePriorFilm(const ImagePtr& image, std::string name, const PriorJudges& judges, const RunContext& context);

struct PriorRow {
    std::string film;
    PriorSpec spec;
    int keptPixels = 0, cropPixels = 0;
    KeptBytes bytes;
    std::size_t bundleBytes = 0;
    std::optional<double> probability, change;    // [0, 1], [-1, 1]
    std::string pack;                             // that gave the probability
    std::string reason;                           // why there is none
    std::optional<double> heartShare, heartArea;  // [0, 1]
    double seconds = 0;
    [[nodiscard]] double keptShare() const { return cropPixels > 0 ? static_cast<double>(keptPixels) / cropPixels : 0; }
};
struct PriorResult {
    PriorRow row;
    HeartSpotBundle bundle;  // with reading and explanation where there are any
};
// A network that fails is told of in `reason`. `heartRegion` as in sealHeartSpot. fails as applyHeartSpot and the seal do; Cancelled.
Result<PriorResult> priorResult(const PriorFilm& film, const PriorSpec& spec, const cv::Mat& heartRegion, const PriorJudges& judges,
                                const RunContext& context);

// All of S1: priorNames() with their specs.
std::vector<PriorSpec> paperPriors();

// "50 lines, seed 3": in what a prior of the user's differs from the paper's of the same name; empty: in nothing.
std::string differencesOf(const PriorSpec& spec);
// The name with its differences: "rhline+heart, 50 lines, seed 3".
std::string labelOf(const PriorSpec& spec);

// Means over the films of each prior, in order of first appearance; probabilities and shares over the films that have them.
struct PriorMean {
    PriorRow row;   // `film` empty; bytes and pixels rounded
    int films = 0;  // rows that went into it
};
std::vector<PriorMean> meansOf(const std::vector<PriorRow>& rows);

// One line a row, RFC 4180, with a header.
std::string priorCsv(const std::vector<PriorRow>& rows);
// A table of the means for people, and a line that says what it is; `notes` below it.
std::string priorMarkdown(const std::vector<PriorRow>& rows, const std::vector<std::string>& notes = {});

}  // namespace cxr
