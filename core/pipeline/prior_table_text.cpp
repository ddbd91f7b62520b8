// The table of priors as CSV and Markdown, and its means.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/pipeline/prior_table.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

struct Sums {
    PriorRow row;
    int films = 0, asked = 0, changed = 0, shared = 0, areas = 0;
    double kept = 0, probability = 0, change = 0, heartShare = 0, heartArea = 0, seconds = 0;
    double raw = 0, floatLzma = 0, lzma = 0, jpegLs = 0, png = 0, jpeg = 0, bundle = 0;
};

void add(double& sum, int& count, const std::optional<double>& value) {
    if (!value) return;
    sum += *value;
    ++count;
}

void add(Sums& sums, const PriorRow& row) {
    ++sums.films;
    sums.kept += row.keptPixels;
    sums.raw += static_cast<double>(row.bytes.raw);
    sums.floatLzma += static_cast<double>(row.bytes.floatLzma);
    sums.lzma += static_cast<double>(row.bytes.lzma);
    sums.jpegLs += static_cast<double>(row.bytes.jpegLs);
    sums.png += static_cast<double>(row.bytes.png);
    sums.jpeg += static_cast<double>(row.bytes.jpeg);
    sums.bundle += static_cast<double>(row.bundleBytes);
    sums.seconds += row.seconds;
    add(sums.probability, sums.asked, row.probability);
    add(sums.change, sums.changed, row.change);
    add(sums.heartShare, sums.shared, row.heartShare);
    add(sums.heartArea, sums.areas, row.heartArea);
}

std::optional<double> mean(double sum, int count) { return count > 0 ? std::optional(sum / count) : std::nullopt; }

PriorMean meanOf(const Sums& sums) {
    PriorMean mean{sums.row, sums.films};
    PriorRow& row = mean.row;
    const auto whole = [&](double sum) { return static_cast<std::size_t>(std::lround(sum / sums.films)); };
    row.film.clear();
    row.keptPixels = static_cast<int>(whole(sums.kept));
    row.bytes = {whole(sums.raw), whole(sums.floatLzma), whole(sums.lzma), whole(sums.jpegLs), whole(sums.png), whole(sums.jpeg)};
    row.bundleBytes = whole(sums.bundle);
    row.probability = cxr::mean(sums.probability, sums.asked);
    row.change = cxr::mean(sums.change, sums.changed);
    row.heartShare = cxr::mean(sums.heartShare, sums.shared);
    row.heartArea = cxr::mean(sums.heartArea, sums.areas);
    row.seconds = sums.seconds / sums.films;
    return mean;
}

std::string number(const char* format, double value) {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string numberOr(const char* format, const std::optional<double>& value, const char* otherwise) {
    return value ? number(format, *value) : otherwise;
}

std::string csvLine(const PriorRow& row) {
    const KeptBytes& b = row.bytes;
    std::string line = csvField(row.film) + "," + csvField(row.spec.name()) + "," + csvField(row.spec.toJson()) + "," + row.spec.hash();
    for (const std::size_t n : {static_cast<std::size_t>(row.keptPixels), static_cast<std::size_t>(row.cropPixels)}) line += "," + std::to_string(n);
    line += "," + number("%.3f", 100 * row.keptShare());
    for (const std::size_t n : {b.raw, b.floatLzma, b.lzma, b.jpegLs, b.png, row.bundleBytes, b.jpeg}) line += "," + std::to_string(n);
    line += "," + numberOr("%.6f", row.probability, "") + "," + numberOr("%.6f", row.change, "") + "," + csvField(row.pack) + "," + csvField(row.reason);
    return line + "," + numberOr("%.4f", row.heartShare, "") + "," + numberOr("%.4f", row.heartArea, "") + "," + number("%.5f", row.seconds) + "\r\n";
}

std::string share(const std::optional<double>& value) { return value ? number("%.0f %%", 100 * *value) : "–"; }

std::string markdownLine(const PriorRow& row) {
    const KeptBytes& b = row.bytes;
    std::string line = "| " + labelOf(row.spec) + " | " + number("%.1f", std::round(1000 * row.keptShare()) / 10);
    for (const std::size_t n : {b.raw, b.floatLzma, b.lzma, b.jpegLs, b.png, row.bundleBytes, b.jpeg}) line += " | " + std::to_string(n);
    line += " | " + numberOr("%.3f", row.probability, "–") + " | " + numberOr("%+.3f", row.change, "–");
    line += " | " + (row.heartShare ? share(row.heartShare) + " of " + share(row.heartArea) : std::string("–"));
    return line + " | " + number("%.1f", 1000 * row.seconds) + " |\n";
}

}  // namespace

std::string differencesOf(const PriorSpec& spec) {
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (spec.hline && *spec.hline != HLineSpec{}) {
        add("rows " + std::to_string(spec.hline->firstRow) + " to " + std::to_string(spec.hline->endRow) + " every " + std::to_string(spec.hline->step));
    }
    if (spec.rline && spec.rline->count != RLineSpec{}.count) add(std::to_string(spec.rline->count) + " lines");
    if (spec.rline && spec.rline->seed != RLineSpec{}.seed) add("seed " + std::to_string(spec.rline->seed));
    if (spec.heart && *spec.heart != HeartSpec{}) add("threshold " + std::to_string(spec.heart->threshold));
    if (spec.pool && *spec.pool != PoolSpec{}) {
        add("k " + std::to_string(spec.pool->kernel) + " s " + std::to_string(spec.pool->stride) + " q " + number("%.3g", spec.pool->quantile));
        if (spec.pool->padding == PoolPadding::Valid) add("not padded");
    }
    if (spec.size != PriorSpec{}.size) add("side " + std::to_string(spec.size));
    return text;
}

std::string labelOf(const PriorSpec& spec) {
    const std::string differences = differencesOf(spec);
    return differences.empty() ? spec.name() : spec.name() + ", " + differences;
}

std::vector<PriorMean> meansOf(const std::vector<PriorRow>& rows) {
    std::vector<Sums> sums;
    for (const PriorRow& row : rows) {
        auto found = std::find_if(sums.begin(), sums.end(), [&](const Sums& one) { return one.row.spec == row.spec; });
        if (found == sums.end()) {
            sums.push_back({row});
            found = sums.end() - 1;
        }
        add(*found, row);
    }
    std::vector<PriorMean> means;
    for (const Sums& one : sums) means.push_back(meanOf(one));
    return means;
}

std::string priorCsv(const std::vector<PriorRow>& rows) {
    std::string text =
        "film,prior,spec,prior_sha256,kept_pixels,crop_pixels,kept_percent,raw_bytes,float_lzma_bytes,lzma_bytes,jpeg_ls_bytes,png_bytes,"
        "bundle_bytes,crop_jpeg95_bytes,probability,change_against_whole_film,pack,reason_without_probability,relevance_in_heart,"
        "kept_in_heart,seconds\r\n";
    for (const PriorRow& row : rows) text += csvLine(row);
    return text;
}

std::string priorMarkdown(const std::vector<PriorRow>& rows, const std::vector<std::string>& notes) {
    const std::vector<PriorMean> means = meansOf(rows);
    int films = 0;
    for (const PriorMean& mean : means) films = std::max(films, mean.films);
    std::string text = "Priors of HeartSpot, means over " + std::to_string(films) + (films == 1 ? " film" : " films") +
                       ". Not for diagnostic use; re-identification risk not measured.\n\n"
                       "| Prior | Kept % | Raw | Float LZMA | LZMA | JPEG-LS | PNG | Bundle | JPEG 95 of the crop | Cardiomegaly | "
                       "Against whole film | Relevance in heart | ms |\n"
                       "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
    for (const PriorMean& mean : means) text += markdownLine(mean.row);
    text += "\nSizes in bytes. \"62 % of 14 %\": share of what speaks for cardiomegaly that lies in the heart, and of the kept pixels that do.\n";
    for (const std::string& note : notes) text += "\n" + note + "\n";
    return text;
}

}  // namespace cxr
