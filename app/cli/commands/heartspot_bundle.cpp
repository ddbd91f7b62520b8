#include "app/cli/commands/heartspot_bundle.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "app/cli/analysis_options.h"
#include "app/cli/explain_options.h"
#include "app/cli/prior_options.h"
#include "core/base/atomic_file.h"
#include "core/engine/explain_methods.h"
#include "core/io/image_reader.h"
#include "core/measure/finding.h"
#include "core/pipeline/prior_table.h"
#include "core/prior/npy.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kNoPack = "none";
constexpr int kLongestIntegral = 512;

// --- seal --------------------------------------------------------------------------------------------------------------

struct SealArguments {
    std::string file, out, judge, method = "input-x-gradient";
    int steps = 50;
    PriorOptions prior;
    NetworkOptions network;
};

// The pack that is asked: the named one, else the installed one that fits the prior (or, without a prior, the first).
struct Asked {
    std::shared_ptr<Engine> engine;
    std::optional<Pack> pack;
    std::string reason;  // why none is asked
    FilmSegmenter segmenter;
};

Result<Asked> askedPack(const SealArguments& arguments, const std::optional<PriorSpec>& spec) {
    Asked asked;
    asked.reason = "no network was asked";
    if (arguments.judge == kNoPack) return asked;
    auto engine = arguments.network.engine();
    if (!engine.isOk()) return std::move(engine).error();
    const auto named = packsNamed(arguments.judge);
    if (!named.isOk()) return named.error();
    const Result<PriorJudges> judges = priorJudges(engine.value(), named.value());
    if (!judges.isOk()) return judges.error();
    asked.engine = std::move(engine).value();
    asked.segmenter = judges.value().segmenter;
    asked.reason = "no HeartSpot network is installed";
    for (const Pack& pack : judges.value().heartSpot) {
        asked.reason = spec ? whyNotAsked(pack.manifest, *spec) : std::string();
        if (asked.reason.empty()) {
            asked.pack = pack;
            return asked;
        }
        if (!named.value().empty()) return Error{ErrorCode::Unsupported, asked.reason};
    }
    return asked;
}

Result<cv::Mat> regionFor(const SealArguments& arguments, const PriorSpec& spec, const ImagePtr& image, const RunContext& context) {
    const std::string& named = arguments.prior.region;
    if (!spec.heart || named.empty()) return cv::Mat();
    if (named != kSegmentRegion) return readHeartRegion(named);
    AnalysisOptions outlinesOnly = arguments.network.analysis();
    outlinesOnly.packs = std::vector<RolePack>{};
    const Result<Analysis> analysis = analyzeFilm(image, outlinesOnly, context);
    if (!analysis.isOk()) return analysis.error();
    return segmentedHeartRegion(analysis.value());
}

Result<std::optional<PriorSpec>> wantedPrior(const SealArguments& arguments) {
    if (arguments.prior.prior.empty()) return std::optional<PriorSpec>();
    Result<PriorSpec> spec = arguments.prior.spec();
    if (!spec.isOk()) return std::move(spec).error();
    return std::optional<PriorSpec>(std::move(spec).value());
}

// `reason`: why the bundle has no probability.
Result<HeartSpotBundle> sealedBy(const SealArguments& arguments, std::string& reason, const RunContext& context) {
    const Result<std::optional<PriorSpec>> wanted = wantedPrior(arguments);
    if (!wanted.isOk()) return wanted.error();
    const auto method = explainMethodById(arguments.method);
    if (!method) return Error{ErrorCode::InvalidArgument, "there is no explanation \"" + arguments.method.substr(0, 60) + "\"; choose input-x-gradient or integrated-gradients"};
    const Result<Asked> asked = askedPack(arguments, wanted.value());
    if (!asked.isOk()) return asked.error();
    SealOptions options;
    options.explain.method = *method;
    options.explain.steps = arguments.steps;
    const std::optional<Pack>& pack = asked.value().pack;
    if (pack) options.pack = pack->folder;
    if (wanted.value()) {
        options.spec = *wanted.value();
    } else if (pack) {
        const Result<PriorSpec> own = priorFromJson(pack->manifest.input.priorJson);
        if (!own.isOk()) return own.error();
        options.spec = own.value();
    }
    const Result<ImagePtr> image = readImage(arguments.file, {}, context);
    if (!image.isOk()) return image.error();
    Result<cv::Mat> region = regionFor(arguments, options.spec, image.value(), context);
    if (!region.isOk()) return std::move(region).error();
    options.heartRegion = std::move(region).value();
    reason = asked.value().reason;
    return sealFilm(*image.value(), options, asked.value().engine.get(), asked.value().segmenter, context);
}

std::string readingText(const HeartSpotBundle& bundle, const std::string& reason) {
    if (!bundle.reading) return "no probability" + (reason.empty() ? std::string() : ": " + reason);
    return bundle.reading->output + " " + percentText(bundle.reading->probability) + " by " + bundle.reading->model.id;
}

int runSeal(const SealArguments& arguments, const RunContext& context) {
    if (!looksLikeBundle(arguments.out)) return complainUsage("--out must end with .heartspot");
    std::string reason;
    const Result<HeartSpotBundle> bundle = sealedBy(arguments, reason, context);
    if (!bundle.isOk()) return complain(bundle.error());
    const Result<Done> written = writeBundle(arguments.out, bundle.value());
    if (!written.isOk()) return complain(written.error());
    std::error_code ignored;
    std::printf("%s: %s; %s; %ju bytes\n", bundle.value().spec.name().c_str(), keepsSentence(bundle.value()).c_str(),
                readingText(bundle.value(), reason).c_str(), static_cast<std::uintmax_t>(fs::file_size(arguments.out, ignored)));
    return kAllWell;
}

// --- open --------------------------------------------------------------------------------------------------------------

struct OpenArguments {
    std::string file, out, region, ask;
    NetworkOptions network;
};

Result<Done> writePng(const fs::path& file, const cv::Mat& picture) {
    std::vector<unsigned char> bytes;
    if (!cv::imencode(".png", picture, bytes)) return Error{ErrorCode::Internal, "the picture could not be coded as PNG"};
    return writeFileAtomically(file, std::as_bytes(std::span<const unsigned char>(bytes)));
}

Json contentOf(const HeartSpotBundle& bundle) {
    Json json{{"prior", Json::parse(bundle.spec.toJson())},
              {"name", bundle.spec.name()},
              {"notice", "Not for diagnostic use; " + keepsSentence(bundle)},
              {"kept_pixels", bundle.samples.size()},
              {"crop_pixels", bundle.cropPixels()},
              {"square", bundle.square},
              {"reading", nullptr},
              {"explanation", nullptr}};
    if (bundle.reading) {
        const ModelStamp& model = bundle.reading->model;
        json["reading"] = {{"pack", model.id},           {"name", model.name},
                           {"version", model.version},   {"weights_sha256", model.weightsSha256},
                           {"output", bundle.reading->output}, {"probability", bundle.reading->probability}};
    }
    if (bundle.explanation) {
        json["explanation"] = {{"method", explainMethodInfo(bundle.explanation->method).id}, {"parameters", bundle.explanation->parameters}};
    }
    return json;
}

Result<double> askedAgain(const HeartSpotBundle& bundle, const OpenArguments& arguments, const RunContext& context) {
    const Result<fs::path> folder = packFolder(arguments.ask);
    if (!folder.isOk()) return folder.error();
    const Result<Pack> pack = readPack(folder.value());
    if (!pack.isOk()) return pack.error();
    const auto engine = arguments.network.engine();
    if (!engine.isOk()) return engine.error();
    const Result<BundleReading> reading = readingOf(bundle, pack.value(), *engine.value(), context);
    if (!reading.isOk()) return reading.error();
    return reading.value().probability;
}

Result<Done> writeContent(const HeartSpotBundle& bundle, const fs::path& folder, const std::string& stem) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot make the folder " + folder.string() + ": " + failed.message()};
    if (const Result<Done> written = writePng(folder / (stem + ".png"), pictureOf(bundle)); !written.isOk()) return written;
    if (bundle.explanation) {
        const Result<Done> written = writeNpy(folder / (stem + ".explanation.npy"), npyFromMat(explanationPicture(bundle)).value());
        if (!written.isOk()) return written;
    }
    return writeFileAtomically(folder / (stem + ".json"), contentOf(bundle).dump(2) + "\n");
}

int runOpen(const OpenArguments& arguments, const RunContext& context) {
    const Result<HeartSpotBundle> bundle = readBundle(arguments.file, arguments.region);
    if (!bundle.isOk()) return complain(bundle.error());
    std::string again;
    if (!arguments.ask.empty()) {
        const Result<double> probability = askedAgain(bundle.value(), arguments, context);
        if (!probability.isOk()) return complain(probability.error());
        again = "; asked again: " + percentText(probability.value());
    }
    const Result<Done> written = writeContent(bundle.value(), arguments.out, fs::path(arguments.file).stem().string());
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: %s; %s%s\n", bundle.value().spec.name().c_str(), keepsSentence(bundle.value()).c_str(),
                readingText(bundle.value(), {}).c_str(), again.c_str());
    return kAllWell;
}

}  // namespace

void addSeal(CLI::App& heartspot, CommandRun& chosen) {
    auto arguments = std::make_shared<SealArguments>();
    CLI::App* verb = heartspot.add_subcommand("seal", "Keeps a prior's pixels of a film, what a network says about them and why, in one file");
    verb->add_option("FILE", arguments->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
    arguments->prior.addTo(*verb, false);
    verb->add_option("--out,--bundle", arguments->out, "The bundle to write, NAME.heartspot")->required();
    verb->add_option("--judge", arguments->judge,
                     "The HeartSpot pack that is asked: its folder, or the name of an installed one; none asks none (the installed one, if it was trained with this prior)");
    verb->add_option("--explain", arguments->method, "Explanation: input-x-gradient or integrated-gradients (input-x-gradient)");
    verb->add_option("--steps", arguments->steps, "Steps of integrated gradients (50)")->check(CLI::Range(1, kLongestIntegral));
    arguments->network.addTo(*verb);
    verb->footer(examples({"precordia-cli heartspot seal film.dcm --out film.heartspot",
                           "precordia-cli heartspot seal film.dcm --prior rhline+heart --judge none --out film.heartspot"}));
    verb->callback([arguments, &chosen] {
        chosen = [arguments](const RunContext& context) { return runSeal(*arguments, context); };
    });
}

void addOpen(CLI::App& heartspot, CommandRun& chosen) {
    auto arguments = std::make_shared<OpenArguments>();
    CLI::App* verb = heartspot.add_subcommand("open", "Writes what a sealed bundle holds: picture (PNG), explanation (.npy), facts (JSON)");
    verb->add_option("NAME.heartspot", arguments->file, "A bundle that seal or the window wrote")->required();
    verb->add_option("--out", arguments->out, "Folder for the files")->required();
    verb->add_option("--roi", arguments->region, "The heart region of that time, if the installed one is another");
    verb->add_option("--ask", arguments->ask, "A HeartSpot pack that is asked again about the kept pixels: its folder, or the name of an installed one");
    arguments->network.addDevice(*verb);
    verb->footer(example("precordia-cli heartspot open film.heartspot --out opened/"));
    verb->callback([arguments, &chosen] {
        chosen = [arguments](const RunContext& context) { return runOpen(*arguments, context); };
    });
}

}  // namespace cxr::cli
