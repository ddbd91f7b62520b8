#include "app/cli/commands/label.h"

#include <algorithm>
#include <cstdio>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"
#include "core/measure/heart_label.h"
#include "core/measure/polygon_text.h"
#include "core/pipeline/analysis.h"

namespace cxr::cli {
namespace {

struct HeartOptions {
    std::string file, out;
    HeartBounds bounds;
};

struct ToTraceOptions {
    std::string mask, out;
    double tolerancePx = 0;
};

struct ToMaskOptions {
    std::string trace, film, out;
    std::vector<int> size;
};

Result<Done> writePng(const std::string& file, const cv::Mat& mask) {
    std::vector<unsigned char> png;
    cv::imencode(".png", mask, png);
    return writeFileAtomically(file, std::as_bytes(std::span(png)));
}

int runHeart(const HeartOptions& options, const RunContext& context) {
    const auto image = readImage(options.file, {}, context);
    if (!image.isOk()) return complain(image.error());
    const Image& film = *image.value();
    const auto proposal = proposeHeart(networkFilm(film, std::max(film.width(), film.height()), nullptr), options.bounds);
    if (!proposal.isOk()) return complain(proposal.error());
    const HeartProposal& heart = proposal.value();
    if (auto written = writeFileAtomically(options.out + ".txt", polygonText(heart.outline)); !written.isOk()) return complain(written.error());
    if (auto written = writePng(options.out + ".png", heart.mask); !written.isOk()) return complain(written.error());
    const BoundsPx box = boundsOf(heart.outline);
    std::printf("%s.txt: %zu vertices; %s.png: heart %.0f px wide, %.0f px high. A proposal: look at it and correct it\n",
                options.out.c_str(), heart.outline.size(), options.out.c_str(), box.width(), box.height());
    return kAllWell;
}

// The largest connected part of the mask; `parts` counts all.
cv::Mat largestPart(const cv::Mat& mask, int& parts) {
    cv::Mat labels, statistics, centres;
    parts = cv::connectedComponentsWithStats(mask > 0, labels, statistics, centres, 4) - 1;
    int largest = 0;
    for (int i = 1; i <= parts; ++i) {
        if (largest == 0 || statistics.at<int>(i, cv::CC_STAT_AREA) > statistics.at<int>(largest, cv::CC_STAT_AREA)) largest = i;
    }
    return largest == 0 ? cv::Mat() : cv::Mat(labels == largest);
}

Polygon simplified(const Polygon& polygon, double tolerancePx) {
    if (tolerancePx <= 0) return polygon;
    std::vector<cv::Point2f> points, kept;
    for (const PointPx& point : polygon) points.emplace_back(static_cast<float>(point.x), static_cast<float>(point.y));
    cv::approxPolyDP(points, kept, tolerancePx, true);
    Polygon result;
    for (const cv::Point2f& point : kept) result.push_back({point.x, point.y});
    return result;
}

// A mask's samples; any supported film format, read without a window: 0 stays 0.
Result<cv::Mat> readMask(const std::string& file, const RunContext& context) {
    const auto image = readImage(file, {}, context);
    if (!image.isOk()) return image.error();
    return cv::Mat(image.value()->samples > 0);
}

int runToTrace(const ToTraceOptions& options, const RunContext& context) {
    const auto mask = readMask(options.mask, context);
    if (!mask.isOk()) return complain(mask.error());
    int parts = 0;
    const cv::Mat part = largestPart(mask.value(), parts);
    if (part.empty()) return complain("the mask is empty; there is nothing to trace");
    if (parts > 1) remark("note: the mask has " + std::to_string(parts) + " parts; the largest was traced");
    const Polygon outline = simplified(traceMask(part), options.tolerancePx);
    if (outline.size() < 3) return complain("the outline has fewer than 3 vertices left; take a smaller --tolerance");
    const auto written = writeFileAtomically(options.out, polygonText(outline));
    if (!written.isOk()) return complain(written.error());
    std::printf("%s: %zu vertices\n", options.out.c_str(), outline.size());
    return kAllWell;
}

int runToMask(const ToMaskOptions& options, const RunContext& context) {
    cv::Size size;
    if (options.film.empty() == options.size.empty()) return complainUsage("give either --film or --size");
    if (!options.film.empty()) {
        const auto film = readImage(options.film, {}, context);
        if (!film.isOk()) return complain(film.error());
        size = film.value()->samples.size();
    } else {
        size = {options.size[0], options.size[1]};
    }
    const auto text = readWholeFile(options.trace, 1 << 26);
    if (!text.isOk()) return complain(text.error());
    const auto outline = parsePolygon(text.value());
    if (!outline.isOk()) return complain(outline.error());
    const cv::Mat mask = fillPolygon(outline.value(), size);
    const int inside = cv::countNonZero(mask);
    if (inside == 0) return complain("no pixel lies inside the trace; check that it is in film pixels, and the size");
    if (auto written = writePng(options.out, mask); !written.isOk()) return complain(written.error());
    std::printf("%s: %d x %d px, %d inside\n", options.out.c_str(), size.width, size.height, inside);
    return kAllWell;
}

void addHeart(CLI::App& label, CommandRun& chosen) {
    auto options = std::make_shared<HeartOptions>();
    CLI::App* verb = label.add_subcommand("heart", "Proposes a heart's outline between two rows that you give");
    verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG, the patient's left on its right side")->required();
    verb->add_option("--upper", options->bounds.upper, "Film row where the heart begins")->required();
    verb->add_option("--lower", options->bounds.lower, "Film row below the heart")->required();
    verb->add_option("--left", options->bounds.left, "Film column where the heart begins, if you know it");
    verb->add_option("--right", options->bounds.right, "Film column right of the heart, if you know it");
    verb->add_option("--out", options->out, "Writes STEM.txt (a vertex a line: x y) and STEM.png (0 or 255)")->required();
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runHeart(*options, c); }; });
}

void addConversions(CLI::App& label, CommandRun& chosen) {
    auto toTrace = std::make_shared<ToTraceOptions>();
    CLI::App* trace = label.add_subcommand("mask2trace", "A mask's outline as text: a vertex a line");
    trace->add_option("MASK", toTrace->mask, "A picture; every value above 0 is inside")->required();
    trace->add_option("--out", toTrace->out, "The text file to write")->required();
    trace->add_option("--tolerance", toTrace->tolerancePx, "Leaves vertices out that move the outline less than this (0 px: exact)")
        ->check(CLI::Range(0.0, 1000.0));
    trace->callback([toTrace, &chosen] { chosen = [toTrace](const RunContext& c) { return runToTrace(*toTrace, c); }; });
    auto toMask = std::make_shared<ToMaskOptions>();
    CLI::App* mask = label.add_subcommand("trace2mask", "The mask of an outline");
    mask->add_option("TRACE", toMask->trace, "Text, a vertex a line: x y in film pixels")->required();
    mask->add_option("--film", toMask->film, "The film, for the mask's size");
    mask->add_option("--size", toMask->size, "Width and height")->expected(2)->check(CLI::Range(1, 32768));
    mask->add_option("--out", toMask->out, "The 8-bit PNG to write, 0 or 255")->required();
    mask->callback([toMask, &chosen] { chosen = [toMask](const RunContext& c) { return runToMask(*toMask, c); }; });
}

}  // namespace

void addLabel(CLI::App& program, CommandRun& chosen) {
    CLI::App* label = program.add_subcommand("label", "Outlines for training: proposed, and between text and mask");
    label->require_subcommand(1);
    addHeart(*label, chosen);
    addConversions(*label, chosen);
    label->footer(examples({"precordia-cli label heart film.png --upper 210 --lower 395 --out film-heart",
                            "precordia-cli label trace2mask film-heart.txt --film film.png --out film-heart.png"}));
}

}  // namespace cxr::cli
