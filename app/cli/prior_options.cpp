#include "app/cli/prior_options.h"

#include "core/base/atomic_file.h"
#include "core/pipeline/film_results.h"

namespace cxr::cli {
namespace {

Result<PriorSpec> parsePrior(const std::string& text) {
    if (text.find('{') != std::string::npos) return priorFromJson(text);
    if (!text.ends_with(".json")) return priorByName(text);
    const Result<std::string> content = readWholeFile(text, 1 << 20);
    if (!content.isOk()) return content.error();
    return priorFromJson(content.value());
}

}  // namespace

void PriorOptions::addTo(CLI::App& verb, bool required) {
    std::string names;
    for (const std::string& name : priorNames()) names += (names.empty() ? "" : " ") + name;
    CLI::Option* option = verb.add_option("--prior", prior, "Which pixels are kept: " + names + ", or a prior as JSON, or a .json file");
    if (required) option->required();
    verb.add_option("--size", size, "Side of the centre crop in px, before pooling (320)")->check(CLI::Range(16, 4096));
    verb.add_option("--lines", lines, "How many random lines (200)")->check(CLI::Range(1, 10000));
    verb.add_option("--seed", seed, "Seed of the random lines (1)");
    verb.add_option("--roi", region,
                    "Heart region: a gray picture, or \"segment\" for the heart found in this film; else the one that comes "
                    "with the heart model");
}

Result<PriorSpec> PriorOptions::spec() const {
    Result<PriorSpec> parsed = parsePrior(prior);
    if (!parsed.isOk()) return parsed;
    PriorSpec spec = std::move(parsed).value();
    if (size) spec.size = *size;
    if (lines || seed) {
        if (!spec.rline) return Error{ErrorCode::InvalidArgument, "--lines and --seed need a prior with random lines"};
        spec.rline->count = lines.value_or(spec.rline->count);
        spec.rline->seed = seed.value_or(spec.rline->seed);
    }
    return spec;
}

Result<cv::Mat> defaultHeartRegion() {
    Result<cv::Mat> region = shippedHeartRegion();
    if (!region.isOk()) return Error{region.error().code, region.error().message + ", or give one with --roi FILE"};
    return region;
}

Result<cv::Mat> segmentedHeartRegion(const Analysis& analysis) {
    cv::Mat region = heartRegionOf(analysis.chest, analysis.image->width(), analysis.image->height());
    if (region.empty()) {
        return Error{ErrorCode::InvalidArgument, "no heart was found with certainty in this film; give a region with --roi FILE"};
    }
    return region;
}

}  // namespace cxr::cli
