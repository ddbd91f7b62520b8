#include "app/cli/commands/explain.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "app/cli/analysis_options.h"
#include "app/cli/explain_options.h"
#include "app/cli/painting.h"
#include "app/cli/progress_bar.h"
#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/localize/map_geometry.h"
#include "core/localize/map_scale.h"
#include "core/model/registry.h"
#include "core/pipeline/explain_input.h"
#include "core/prior/npy.h"
#include "ui/print/findings_painter.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kUnpooledFile = "unpooled.npy";

struct ExplainVerbOptions {
    std::string file, pack = "chest14", className, out, heartLungs, colours = "cividis";
    double opacity = 0.55;
    bool sanity = false, json = false;
    int pictureSidePx = 1600;
    ExplainCommandOptions method;
    NetworkOptions network;
};

struct Explained {
    Analysis analysis;
    ExplainedMap map;
};

// The film is measured, and judged by the view network and by the pack that is explained.
AnalysisOptions analysisFor(const ExplainVerbOptions& options, const fs::path& pack) {
    AnalysisOptions analysis = options.network.analysis();
    analysis.packFolder = options.heartLungs;
    std::vector<RolePack> packs;
    for (const RolePack& installed : choosePacks({}, listPacks())) {
        if (installed.role == ModelRole::View) packs.push_back(installed);
    }
    const Result<Pack> read = readPack(pack);
    const Result<ModelRole> role = read.isOk() ? roleOf(read.value().manifest) : Result<ModelRole>(read.error());
    if (role.isOk() && role.value() != ModelRole::View && role.value() != ModelRole::HeartLungs) packs.push_back({role.value(), pack});
    analysis.packs = packs;
    return analysis;
}

// The manifest's name for what people type: "pleural thickening" is Pleural_Thickening. As typed if there is none.
std::string outputNamed(const Manifest& manifest, const std::string& typed) {
    const auto plain = [](std::string name) {
        for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return name;
    };
    for (const ModelOutput& output : manifest.outputs) {
        if (plain(output.name) == plain(typed)) return output.name;
    }
    return typed;
}

// What would fail after all the work is asked first.
Result<MapRequest> requestOf(const ExplainVerbOptions& options) {
    const Result<ExplainOptions> method = options.method.options();
    if (!method.isOk()) return method.error();
    const auto pack = packFolder(options.pack);
    if (!pack.isOk()) return pack.error();
    const Result<Pack> read = readPack(pack.value());
    if (!read.isOk()) return read.error();
    const std::string output = outputNamed(read.value().manifest, options.className);
    if (const auto index = outputIndex(read.value().manifest, output); !index.isOk()) return index.error();
    MapRequest request;
    request.explain.pack = pack.value();
    request.explain.output = output;
    request.explain.options = method.value();
    request.isMethodOpen = options.method.method.empty();
    request.explain.pool = options.method.pool();
    request.explain.heartLungs = options.heartLungs;
    request.boxes.threshold = options.method.threshold;
    request.hasSanity = options.sanity;
    return request;
}

Result<Explained> explain(const ExplainVerbOptions& options, MapRequest request, const RunContext& context) {
    const Result<ImagePtr> image = readImage(options.file, {}, context.part(0, 0.05));
    if (!image.isOk()) return image.error();
    const auto engine = options.network.engine();
    if (!engine.isOk()) return engine.error();
    Result<Analysis> analysis = analyzeFilm(image.value(), analysisFor(options, request.explain.pack), *engine.value(), context.part(0.05, 0.3));
    if (!analysis.isOk()) return std::move(analysis).error();
    request.explain.image = image.value();
    ExplainCache cache;
    Result<ExplainedMap> map = explainForReport(request, analysis.value(), *engine.value(), cache, context.part(0.3, 1));
    if (!map.isOk()) return std::move(map).error();
    return Explained{std::move(analysis).value(), std::move(map).value()};
}

// A file of the result, in memory.
struct ReadyFile {
    std::string name, bytes;
};

std::string text(const std::vector<std::byte>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// The film's size, the scale's ends black and white; 0 where the map does not reach. Without anything to show all black.
Result<std::string> png16(const Heatmap& map, const MapScale& scale, cv::Size film) {
    cv::Mat gray = cv::Mat::zeros(film, CV_16UC1);
    if (!scale.isEmpty()) {
        const cv::Mat values = mapOnFilm(map, film, static_cast<float>(scale.low));
        cv::Mat((values - scale.low) * (65535 / (scale.high - scale.low))).convertTo(gray, CV_16U);
    }
    std::vector<std::uint8_t> encoded;
    if (!cv::imencode(".png", gray, encoded)) return Error{ErrorCode::WriteFailed, "the heatmap cannot be written as PNG; choose a smaller film"};
    return std::string(encoded.begin(), encoded.end());
}

Result<std::string> npy(const Heatmap& map) {
    const Result<NpyArray> array = npyFromMat(cellsOf(map));
    if (!array.isOk()) return array.error();
    return npyBytes(array.value());
}

Json gridJson(const GridOnFilm& grid) {
    const auto point = [](PointPx p) { return Json::array({p.x, p.y}); };
    return {{"origin", point(grid.origin)}, {"right", point(grid.right)}, {"down", point(grid.down)}};
}

std::string jsonOf(const Explained& done, const MapScale& png) {
    Json json = Json::parse(toJson(done.map.report));
    const Image& image = *done.analysis.image;
    json["film"] = {{"name", image.sourceName}, {"sha256", image.sourceSha256}, {"width", image.width()}, {"height", image.height()}};
    json["map"] = {{"width", done.map.shown.plane.width}, {"height", done.map.shown.plane.height}, {"on_film", gridJson(done.map.shown.grid)},
                   {"signed", done.map.shown.isSigned}, {"convergence_delta", done.map.raw.convergenceDelta},
                   {"baseline_logit", done.map.raw.baselineLogit}, {"seconds", done.map.raw.seconds}};
    json["heatmap_png"] = {{"black", png.low}, {"white", png.high}, {"unit", png.unit}};
    if (!done.map.reason.empty()) json["method"]["reason"] = done.map.reason;
    json["film_doubts"] = done.analysis.chest.notes;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::vector<ReadyFile>> filesOf(const Explained& done, const ExplainVerbOptions& options) {
    const Image& image = *done.analysis.image;
    const MapScale scale = scaleOf(done.map.shown, done.map.shown.isSigned);
    const Result<std::string> png = png16(done.map.shown, scale, {image.width(), image.height()});
    if (!png.isOk()) return png.error();
    const Result<std::string> shown = npy(done.map.shown), raw = npy(done.map.raw);
    if (!shown.isOk()) return shown.error();
    std::vector<ReadyFile> files{{"heatmap.png", png.value()}, {"heatmap.npy", shown.value()}};
    if (done.map.shown.isPooled && raw.isOk()) files.push_back({kUnpooledFile, raw.value()});
    const QImage overlay = mapPicture(done.map, done.analysis, options.colours, options.opacity, options.pictureSidePx);
    files.push_back({"overlay.png", text(ui::toPng(overlay))});
    files.push_back({"explanation.json", jsonOf(done, scale)});
    return files;
}

Result<Done> writeAll(const fs::path& folder, const std::vector<ReadyFile>& files) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the folder " + folder.string() + ": " + failed.message()};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Result<Done> written = writeFileAtomically(folder / files[i].name, files[i].bytes);
        if (written.isOk()) continue;
        for (std::size_t done = 0; done < i; ++done) fs::remove(folder / files[done].name, failed);  // half an answer is none
        return written;
    }
    const bool isPooled = std::any_of(files.begin(), files.end(), [](const ReadyFile& file) { return file.name == kUnpooledFile; });
    if (!isPooled) fs::remove(folder / kUnpooledFile, failed);  // of an earlier map: it would not belong to the others
    return Done{};
}

void print(const ExplainedMap& map) {
    const ReportMap& report = map.report;
    std::printf("%s\n", titleOf(report).c_str());
    if (!map.reason.empty()) std::printf("%s\n", map.reason.c_str());
    std::printf("%s\n", report.attention.sentence.c_str());
    std::printf("%s\n", report.boxesSentence.c_str());
    for (const SanityCheck& check : report.sanity) {
        std::printf("%-26s %-15s %s\n", check.name.c_str(), toString(check.verdict), check.value.c_str());
    }
    if (!report.threeWay.empty()) std::printf("%s\n", report.threeWay.c_str());
    for (const std::string& reason : report.threeWayReasons) std::printf("%s\n", reason.c_str());
}

int runExplain(const ExplainVerbOptions& options, const RunContext& context) {
    const Result<MapRequest> request = requestOf(options);
    if (!request.isOk()) return complain(request.error());
    const PaintingSession painting;
    ProgressBar bar("explain");
    RunContext watched = context;
    watched.progress = [&bar](double done) { bar.show(done, ""); };
    const Result<Explained> done = explain(options, request.value(), watched);
    if (!done.isOk()) return complain(done.error());
    const Result<std::vector<ReadyFile>> files = filesOf(done.value(), options);
    if (!files.isOk()) return complain(files.error());
    if (context.isCancelled()) return complain(Error{ErrorCode::Cancelled, "stopped"});
    if (const Result<Done> written = writeAll(options.out, files.value()); !written.isOk()) return complain(written.error());
    if (options.json) {
        std::fputs(files.value().back().bytes.c_str(), stdout);
    } else {
        print(done.value().map);
    }
    return kAllWell;
}

}  // namespace

void addExplain(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<ExplainVerbOptions>();
    CLI::App* verb = program.add_subcommand("explain", "Shows where a network's answer comes from: heatmap, boxes, and whether they are believable");
    verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
    verb->add_option("--pack", options->pack, "The model: its folder, or the name of an installed one (chest14)");
    verb->add_option("--class", options->className, "The finding, as the model names it: Cardiomegaly")->required();
    verb->add_option("--out", options->out, "Folder for heatmap.png, heatmap.npy, overlay.png and explanation.json")->required();
    options->method.addTo(*verb);
    verb->add_flag("--sanity", options->sanity, "Also tests whether the map is believable: random weights, mirrored and shifted film, other "
                                                "methods, deletion and insertion, everything outside the heart dimmed (seconds to minutes)");
    verb->add_option("--colours", options->colours, "cividis, inferno, gray or diverging (cividis)")
        ->check(CLI::IsMember({"cividis", "inferno", "gray", "diverging"}));
    verb->add_option("--opacity", options->opacity, "Of the colours over the film (0.55)")->check(CLI::Range(0.0, 1.0));
    verb->add_option("--side", options->pictureSidePx, "Longer side of the overlay's film, pixels (1600)")->check(CLI::Range(256, 8192));
    verb->add_flag("--json", options->json, "Prints explanation.json");
    verb->add_option("--heart-lungs", options->heartLungs, "Folder of the pack that finds heart and lungs (the one that is installed)");
    options->network.addDevice(*verb);
    verb->footer(examples({"precordia-cli explain film.dcm --class Cardiomegaly --out why",
                           "precordia-cli explain film.dcm --pack chest14 --class Effusion --method ig --steps 50 --smooth 20 --quantile 0.9 --kernel 24 "
                           "--out why --sanity"}));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& context) { return runExplain(*options, context); }; });
}

}  // namespace cxr::cli
