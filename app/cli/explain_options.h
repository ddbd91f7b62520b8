// The options of the verbs that explain: how a map is made and painted, and which pack a class is asked of.
#pragma once

#include <CLI/CLI.hpp>

#include <QImage>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/explain_report.h"
#include "core/report/phrase_book.h"

namespace cxr::cli {

struct ExplainCommandOptions {
    std::string method, baseline = "black", rule = "gauss";
    int steps = 50, smooth = 0, patch = 8, stride = 4;
    double noise = 0.1, epsilon = 1e-9, gamma = 0.25, threshold = 0.7;
    std::uint32_t seed = 1;
    std::optional<double> quantile;  // quantile or kernel: the map is pooled
    std::optional<int> kernel, poolStride;
    bool hasBoxFirst = false;
    const CLI::App* verb = nullptr;  // that was parsed: which options were given

    void addTo(CLI::App& parsed);
    // Without a method: the program's choice follows (MapRequest::isMethodOpen).
    // fails InvalidArgument: no such method (the message lists them), an option that another method has.
    [[nodiscard]] Result<ExplainOptions> options() const;
    [[nodiscard]] std::optional<PoolSpec> pool() const;
};

// A folder with model.json, or the name of an installed pack. fails as findPack.
Result<std::filesystem::path> packFolder(const std::string& nameOrFolder);
// The one pack that an option names, as above; an empty text names none.
Result<std::vector<std::filesystem::path>> packsNamed(const std::string& nameOrFolder);

// "cam, refined-cam, grad-cam, ...": of all methods.
std::string methodIds();

// What is asked of a report's film: "Cardiomegaly", "Cardiomegaly:ig", with commas between several.
struct ReportExplanations {
    std::string list;
    bool hasSanity = false;

    void addTo(CLI::App& verb);
    // Each class of the first of `packs` that has it; Cardiomegaly of its own pack before the diseases'. Method, where none is
    // named, and pooling as core/pipeline/explain_default.h says.
    // fails NotFound (no pack has the class), InvalidArgument (method).
    [[nodiscard]] Result<std::vector<MapRequest>> requests(const std::vector<RolePack>& packs) const;
};

// The film with the map, boxes, outlines, legend and notice, as exported. A PaintingSession must live.
QImage mapPicture(const ExplainedMap& map, const Analysis& analysis, const std::string& colours, double opacity, int longSidePx,
                  ReportLanguage language = ReportLanguage::English);

}  // namespace cxr::cli
