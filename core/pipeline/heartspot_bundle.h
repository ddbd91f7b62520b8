// A sealed HeartSpot bundle (NAME.heartspot): what HeartSpot keeps of a film, and what a network said about that, in one zip.
// It opens on another machine without the film, and holds nothing of the pixels that were dropped, of the header or of names.
//   manifest.json  {"format": "precordia-heartspot-bundle", "version": 2,
//                   "notice": "keeps 3.1 % of the pixels; re-identification risk not measured",
//                   "prior": PriorSpec with its seed, "square": "centre" or "thorax", "white": largest sample, "kept": pixels,
//                   "mask_sha256": of the 0/1 mask, row by row,
//                   "reading": {"pack", "name", "version", "weights_sha256", "output", "probability"}    if a network was asked
//                   "explanation": {"method": id, "parameters", "unit"}}                                 if it was explained
//   pixels         kept pixels of the displayed film (default window, bone bright), 8 bits, packed by core/prior/kept_codec.h;
//                  gray = sample / white. White is 255, less where the film has fewer gray values in its window
//   explanation    one signed byte a kept pixel, row by row, deflated; times `unit` = units of the method
//   region         only if the heart region was not the shipped one: the region as the mask used it, one bit a pixel row by
//                  row, each row as its difference from the row above, deflated
// `reading` and `explanation` come from the kept pixels as they lie in the bundle, so that who has the pack can ask again.
// A bundle is from outside: every key, entry and length must be the expected one, and the mask drawn from the prior must
// have the manifest's hash. It lives here because it needs core/prior's masks and core/model's zip archives.
//   thread rule  pure functions; any thread
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/prior/prior_spec.h"

namespace cxr {

inline constexpr const char* kBundleSuffix = ".heartspot";
inline constexpr const char* kCentreSquare = "centre";
inline constexpr const char* kThoraxSquare = "thorax";

struct BundleReading {
    ModelStamp model;  // id, name, version, weightsSha256
    std::string output;
    double probability = 0;  // calibrated, [0, 1]
};

struct BundleExplanation {
    ExplainMethod method = ExplainMethod::InputXGradient;
    std::string parameters;     // for people; empty: none
    std::vector<float> values;  // one a kept pixel; a bundle keeps multiples of the largest one / kExplanationLevels
};
inline constexpr int kExplanationLevels = 31;

struct HeartSpotBundle {
    PriorSpec spec;
    std::string square = kCentreSquare;  // of the film: the largest centred one, or that round the thorax
    cv::Mat mask;                        // CV_8UC1 0/1 [n, n]
    int white = 255;                     // 1..255: gray = sample / white
    std::vector<std::uint8_t> samples;   // kept pixels, row by row, each <= white
    cv::Mat ownRegion;                   // CV_8UC1 0 or 255 [n, n]; empty: the shipped heart region, or none needed
    std::optional<BundleReading> reading;
    std::optional<BundleExplanation> explanation;

    [[nodiscard]] int cropPixels() const { return spec.size * spec.size; }
};

// "keeps 3.1 % of the pixels; re-identification risk not measured".
std::string keepsSentence(std::size_t keptPixels, int cropPixels);
std::string keepsSentence(const HeartSpotBundle& bundle);

// The zip. fails OutOfMemory, InvalidArgument (samples or values that are not one a kept pixel).
Result<std::string> bundleBytes(const HeartSpotBundle& bundle);
Result<Done> writeBundle(const std::filesystem::path& file, const HeartSpotBundle& bundle);

// Asked only for bundles whose mask needs the shipped heart region.
using HeartRegionSource = std::function<Result<cv::Mat>()>;
// fails Corrupt (damaged, or it breaks a rule above: the sentence says which), TooLarge, Unsupported (a newer version),
//       InvalidArgument (another mask: give the heart region of that time), as `region` does.
Result<HeartSpotBundle> parseBundle(std::string_view bytes, const HeartRegionSource& region);
// With the shipped heart region, or with `regionFile` where that is not empty. fails NotFound, and as above.
Result<HeartSpotBundle> readBundle(const std::filesystem::path& file, const std::filesystem::path& regionFile = {});
// By its name: NAME.heartspot.
bool looksLikeBundle(const std::filesystem::path& file);

// Kept pixels in their places with white as 255, 0 elsewhere. CV_8UC1 [n, n].
cv::Mat pictureOf(const HeartSpotBundle& bundle);
// The explanation in its places, 0 elsewhere. CV_32FC1 [n, n]; empty without one.
cv::Mat explanationPicture(const HeartSpotBundle& bundle);

}  // namespace cxr
