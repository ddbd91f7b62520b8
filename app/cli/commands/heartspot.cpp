#include "app/cli/commands/heartspot.h"

#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "app/cli/analysis_options.h"
#include "app/cli/commands/heartspot_bundle.h"
#include "app/cli/heartspot_files.h"
#include "app/cli/prior_options.h"
#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/pipeline/heartspot_film.h"
#include "core/prior/npy.h"
#include "core/prior/pooling.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

Result<Done> writePng(const fs::path& file, const cv::Mat& picture) {
    std::vector<unsigned char> bytes;
    if (!cv::imencode(".png", picture, bytes)) return Error{ErrorCode::Internal, "the picture could not be coded as PNG"};
    return writeFileAtomically(file, std::as_bytes(std::span<const unsigned char>(bytes)));
}

bool isNumPy(const std::string& file) {
    return fs::path(file).extension() == ".npy";
}

// --- mask ------------------------------------------------------------------------------------------------------

struct MaskOptions {
    PriorOptions prior;
    std::string out;
};

int runMask(const MaskOptions& options, const RunContext&) {
    const Result<PriorSpec> spec = options.prior.spec();
    if (!spec.isOk()) return complain(spec.error());
    if (options.prior.region == kSegmentRegion) return complainUsage("mask has no film; give a region with --roi FILE");
    cv::Mat region;
    if (spec.value().heart) {
        Result<cv::Mat> found = options.prior.region.empty() ? defaultHeartRegion() : readHeartRegion(options.prior.region);
        if (!found.isOk()) return complain(found.error());
        region = std::move(found).value();
    }
    const Result<cv::Mat> mask = priorMask(spec.value(), region);
    if (!mask.isOk()) return complain(mask.error());
    Result<Done> written = Done{};
    if (isNumPy(options.out)) {
        written = writeNpy(options.out, npyFromMat(mask.value()).value());
    } else {
        written = writePng(options.out, mask.value() * 255);
    }
    if (!written.isOk()) return complain(written.error());
    const int kept = cv::countNonZero(mask.value());
    std::printf("%s: %d of %d x %d pixels kept (%.2f %% of the crop), mask SHA-256 %s\n", spec.value().name().c_str(), kept,
                mask.value().cols, mask.value().rows, 100.0 * kept / (spec.value().size * spec.value().size),
                maskSha256(mask.value()).c_str());
    return kAllWell;
}

void addMask(CLI::App& heartspot, CommandRun& chosen) {
    auto options = std::make_shared<MaskOptions>();
    CLI::App* verb = heartspot.add_subcommand("mask", "Draws which pixels a prior keeps");
    options->prior.addTo(*verb, true);
    verb->add_option("--out", options->out, "PNG (0 and 255) or .npy (0 and 1)")->required();
    verb->footer(example("precordia-cli heartspot mask --prior rhline+heart --size 320 --lines 200 --seed 1 --out m.png"));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runMask(*options, context); };
    });
}

// --- pool ------------------------------------------------------------------------------------------------------

struct PoolOptions {
    std::string file, out, padding = "same";
    PoolSpec spec;
    bool raw = false;
};

struct PoolInput {
    cv::Mat picture;
    double largest = 1;  // the result is divided by it
};

Result<PoolInput> poolInput(const PoolOptions& options, const RunContext& context) {
    if (isNumPy(options.file)) {
        const Result<NpyArray> array = readNpy(options.file);
        if (!array.isOk()) return array.error();
        Result<cv::Mat> picture = array.value().toMat();
        if (!picture.isOk()) return std::move(picture).error();
        PoolInput input{std::move(picture).value(), 1};
        if (input.picture.depth() == CV_64F) input.picture.convertTo(input.picture, CV_32F);
        return input;
    }
    const Result<ImagePtr> image = readImage(options.file, {}, context);
    if (!image.isOk()) return image.error();
    return PoolInput{heartSpotFilm(*image.value()), options.raw ? 1.0 : largestSample(*image.value())};
}

Result<Done> writePooled(const PoolOptions& options, const cv::Mat& pooled, const PoolInput& input) {
    if (isNumPy(options.out)) return writeNpy(options.out, npyFromMat(pooled / input.largest).value());
    if (input.picture.depth() == CV_32F) {
        return Error{ErrorCode::Unsupported, "pooled floats do not fit into a picture; write them with --out FILE.npy"};
    }
    cv::Mat samples;
    pooled.convertTo(samples, input.picture.depth());
    return writePng(options.out, samples);
}

int runPool(const PoolOptions& options, const RunContext& context) {
    const Result<PoolInput> input = poolInput(options, context);
    if (!input.isOk()) return complain(input.error());
    PoolSpec spec = options.spec;
    spec.padding = options.padding == "valid" ? PoolPadding::Valid : PoolPadding::SameReflect;
    const Result<cv::Mat> pooled = quantilePool(input.value().picture, spec, context);
    if (!pooled.isOk()) return complain(pooled.error());
    const Result<Done> written = writePooled(options, pooled.value(), input.value());
    if (!written.isOk()) return complain(written.error());
    std::printf("%d x %d pixels from %d x %d\n", pooled.value().cols, pooled.value().rows, input.value().picture.cols,
                input.value().picture.rows);
    return kAllWell;
}

void addPool(CLI::App& heartspot, CommandRun& chosen) {
    auto options = std::make_shared<PoolOptions>();
    CLI::App* verb = heartspot.add_subcommand("pool", "Takes a quantile of every k x k window of a film");
    verb->add_option("FILE", options->file, "A film, or a two-dimensional .npy array")->required();
    verb->add_option("--quantile", options->spec.quantile, "0..1 (0.5, the median)")->check(CLI::Range(0.0, 1.0));
    verb->add_option("--kernel", options->spec.kernel, "Side of a window in px (12)")->check(CLI::Range(1, 256));
    verb->add_option("--stride", options->spec.stride, "Step from window to window in px (2)")->check(CLI::Range(1, 256));
    verb->add_option("--padding", options->padding, "same (mirrored at the edges) or valid (same)")
        ->check(CLI::IsMember({"same", "valid"}));
    verb->add_flag("--raw", options->raw, "Write the film's own numbers, not fractions of its white (0..1)");
    verb->add_option("--out", options->out, ".npy (32-bit floats) or .png (rounded, in the film's depth)")->required();
    verb->footer(example("precordia-cli heartspot pool film.png --quantile 0.5 --kernel 12 --stride 2 --padding same --out x.npy"));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runPool(*options, context); };
    });
}

// --- compress --------------------------------------------------------------------------------------------------

struct CompressOptions {
    std::string file, out;
    PriorOptions prior;
    NetworkOptions network;
};

// The region, and the name of the file that must be kept with the vector (empty for the default region).
struct ChosenRegion {
    cv::Mat region;
    fs::path keepAs;
};

Result<ChosenRegion> chooseRegion(const CompressOptions& options, const PriorSpec& spec, const ImagePtr& image,
                                  const RunContext& context) {
    if (!spec.heart) return ChosenRegion{};
    ChosenRegion chosen;
    if (!options.prior.region.empty()) chosen.keepAs = fs::path(options.out).replace_extension(".roi.png");
    Result<cv::Mat> region = cv::Mat();
    if (options.prior.region == kSegmentRegion) {
        AnalysisOptions outlinesOnly = options.network.analysis();
        outlinesOnly.packs = std::vector<RolePack>{};
        const Result<Analysis> analysis = analyzeFilm(image, outlinesOnly, context);
        if (!analysis.isOk()) return analysis.error();
        region = segmentedHeartRegion(analysis.value());
    } else {
        region = options.prior.region.empty() ? defaultHeartRegion() : readHeartRegion(options.prior.region);
    }
    if (!region.isOk()) return std::move(region).error();
    chosen.region = std::move(region).value();
    return chosen;
}

Result<CompressedHeartSpot> compress(const CompressOptions& options, const RunContext& context) {
    Result<PriorSpec> spec = options.prior.spec();
    if (!spec.isOk()) return std::move(spec).error();
    const Result<ImagePtr> image = readImage(options.file, {}, context);
    if (!image.isOk()) return image.error();
    const Result<ChosenRegion> chosen = chooseRegion(options, spec.value(), image.value(), context);
    if (!chosen.isOk()) return chosen.error();
    const cv::Mat film = heartSpotFilm(*image.value());
    const Result<HeartSpot> spot = applyHeartSpot(spec.value(), film, chosen.value().region, context);
    if (!spot.isOk()) return spot.error();
    const Result<HeartSpotStatistics> numbers = heartSpotStatistics(spot.value(), centreCrop(film, spec.value().size));
    if (!numbers.isOk()) return numbers.error();
    CompressedHeartSpot compressed{spec.value(), maskSha256(spot.value().mask), film.depth() == CV_8U ? 8 : 16,
                                   largestSample(*image.value()), chosen.value().keepAs.filename().string(),
                                   numbers.value(), spot.value().vector};
    if (!chosen.value().keepAs.empty()) {
        const Result<Done> kept = writePng(chosen.value().keepAs, chosen.value().region);
        if (!kept.isOk()) return kept.error();
    }
    return compressed;
}

int runCompress(const CompressOptions& options, const RunContext& context) {
    if (fs::path(options.out).extension() != ".xz") return complainUsage("--out must end with .xz");
    const Result<CompressedHeartSpot> compressed = compress(options, context);
    if (!compressed.isOk()) return complain(compressed.error());
    const Result<Done> written = writeCompressed(options.out, compressed.value());
    if (!written.isOk()) return complain(written.error());
    const HeartSpotStatistics& numbers = compressed.value().statistics;
    std::printf("%s keeps %d of %d pixels (in-memory ratio %.2f %%), %zu bytes against %zu as JPEG (on-disk ratio %.2f %%); "
                "re-identification risk not measured\n",
                compressed.value().spec.name().c_str(), numbers.keptPixels, numbers.cropPixels, 100 * numbers.inMemoryRatio,
                numbers.vectorBytes, numbers.jpegBytes, 100 * numbers.onDiskRatio);
    return kAllWell;
}

void addCompress(CLI::App& heartspot, CommandRun& chosen) {
    auto options = std::make_shared<CompressOptions>();
    CLI::App* verb = heartspot.add_subcommand("compress", "Keeps a prior's pixels of a film as a packed vector");
    verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
    options->prior.addTo(*verb, true);
    options->network.addTo(*verb);
    verb->add_option("--out", options->out, "The vector, FILE.xz; FILE.json beside it says how to read it")->required();
    verb->footer(example("precordia-cli heartspot compress film.dcm --prior mp+rhline+heart --out film.xz"));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runCompress(*options, context); };
    });
}

// --- restore ---------------------------------------------------------------------------------------------------

struct RestoreOptions {
    std::string file, out, region;
    int background = 0;
};

Result<cv::Mat> regionFor(const RestoreOptions& options, const CompressedHeartSpot& compressed) {
    if (!compressed.spec.heart) return cv::Mat();
    if (!options.region.empty()) return readHeartRegion(options.region);
    if (compressed.roiFile.empty()) return defaultHeartRegion();
    // The name only: a description from elsewhere shall not make us open files in other folders.
    return readHeartRegion(fs::path(options.file).parent_path() / fs::path(compressed.roiFile).filename());
}

int runRestore(const RestoreOptions& options, const RunContext&) {
    const Result<CompressedHeartSpot> compressed = readCompressed(options.file);
    if (!compressed.isOk()) return complain(compressed.error());
    const Result<cv::Mat> region = regionFor(options, compressed.value());
    if (!region.isOk()) return complain(region.error());
    const Result<cv::Mat> picture = restored(compressed.value(), region.value(), options.background);
    if (!picture.isOk()) return complain(picture.error());
    const Result<Done> written = writePng(options.out, picture.value());
    if (!written.isOk()) return complain(written.error());
    std::printf("%d x %d pixels, %zu of them kept\n", picture.value().cols, picture.value().rows, compressed.value().vector.size());
    return kAllWell;
}

void addRestore(CLI::App& heartspot, CommandRun& chosen) {
    auto options = std::make_shared<RestoreOptions>();
    CLI::App* verb = heartspot.add_subcommand("restore", "Puts a packed vector back in its places, as a picture");
    verb->add_option("FILE.xz", options->file, "A vector that compress wrote, with its .json beside it")->required();
    verb->add_option("--roi", options->region, "The heart region, if it is not beside the vector");
    verb->add_option("--background", options->background, "Sample where nothing was kept (0)")->check(CLI::Range(0, 65535));
    verb->add_option("--out", options->out, "PNG of 8 or 16 bits")->required();
    verb->footer(example("precordia-cli heartspot restore film.xz --out film-heartspot.png"));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runRestore(*options, context); };
    });
}

}  // namespace

void addHeartSpot(CLI::App& program, CommandRun& chosen) {
    CLI::App* verb = program.add_subcommand("heartspot", "Masks, quantile pooling, packed vectors and sealed bundles of HeartSpot");
    verb->require_subcommand(1);
    addMask(*verb, chosen);
    addPool(*verb, chosen);
    addCompress(*verb, chosen);
    addRestore(*verb, chosen);
    addSeal(*verb, chosen);
    addOpen(*verb, chosen);
    verb->footer(examples({"precordia-cli heartspot mask --prior rhline+heart --size 320 --lines 200 --seed 1 --out m.png",
                           "precordia-cli heartspot compress film.dcm --prior mp+rhline+heart --out film.xz"}));
}

}  // namespace cxr::cli
