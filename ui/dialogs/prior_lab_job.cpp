#include "ui/dialogs/prior_lab_job.h"

#include "core/base/atomic_file.h"
#include "core/io/image_reader.h"

namespace cxr::ui {

namespace fs = std::filesystem;

namespace {

Error cancelled() { return Error{ErrorCode::Cancelled, "stopped"}; }

Result<Done> addFilm(const ImagePtr& image, const std::string& name, const PriorCompareRequest& request, const PriorJudges& judges,
                     PriorComparison& comparison, const RunContext& context) {
    const Result<PriorFilm> film = preparePriorFilm(image, name, judges, context.part(0, 0.3));
    if (!film.isOk()) return film.error();
    const bool isFirst = comparison.figure.panels.empty();
    std::vector<PriorRow> rows;
    PriorFigure figure;
    const double count = static_cast<double>(request.specs.size());
    for (std::size_t i = 0; i < request.specs.size(); ++i) {
        const double begin = 0.3 + 0.7 * static_cast<double>(i) / count;
        Result<PriorResult> result = priorResult(film.value(), request.specs[i], {}, judges, context.part(begin, begin + 0.7 / count));
        if (!result.isOk()) return std::move(result).error().within(request.specs[i].name());
        if (isFirst) figure.panels.push_back(priorPanel(result.value()));
        rows.push_back(std::move(result).value().row);
        context.report(begin + 0.7 / count);
    }
    if (isFirst) comparison.figure = std::move(figure);
    comparison.rows.insert(comparison.rows.end(), rows.begin(), rows.end());
    return Done{};
}

Result<Done> addFile(const fs::path& file, const PriorCompareRequest& request, const PriorJudges& judges, PriorComparison& comparison,
                     const RunContext& context) {
    const Result<ImagePtr> image = readImage(file, {}, RunContext{context.stop, {}});
    if (!image.isOk()) return image.error();
    return addFilm(image.value(), file.filename().string(), request, judges, comparison, context);
}

}  // namespace

Result<PriorJudges> installedPriorJudges() {
    const auto engine = loadEngine();
    if (engine.isOk()) return priorJudges(engine.value());
    Result<PriorJudges> none = priorJudges(nullptr);
    if (!none.isOk()) return none;
    PriorJudges judges = std::move(none).value();
    judges.notes.push_back("The networks could not be loaded: " + engine.error().message + ".");
    return judges;
}

Result<PriorComparison> comparePriors(const PriorCompareRequest& request, const RunContext& context) {
    const Result<PriorJudges> judges = request.judges();
    if (!judges.isOk()) return judges.error();
    PriorComparison comparison;
    comparison.notes = judges.value().notes;
    if (request.image) {
        const Result<Done> added = addFilm(request.image, request.name.toStdString(), request, judges.value(), comparison, context);
        if (!added.isOk()) return added.error();
        return comparison;
    }
    const double count = static_cast<double>(request.files.size());
    for (std::size_t i = 0; i < request.files.size(); ++i) {
        if (context.isCancelled()) return cancelled();
        const RunContext part = context.part(static_cast<double>(i) / count, static_cast<double>(i + 1) / count);
        const Result<Done> added = addFile(request.files[i], request, judges.value(), comparison, part);
        if (added.isOk()) continue;
        if (added.error().code == ErrorCode::Cancelled) return added.error();
        comparison.failures << QString::fromStdString(request.files[i].filename().string() + ": " + added.error().message);
    }
    if (!comparison.rows.empty()) return comparison;
    return Error{ErrorCode::InvalidArgument, comparison.failures.isEmpty() ? std::string("there are no films to compare")
                                                                           : comparison.failures.first().toStdString()};
}

Result<std::vector<fs::path>> filmsOfFolder(const fs::path& folder) {
    std::vector<fs::path> films = listFilms(folder);
    if (films.empty()) return Error{ErrorCode::NotFound, "there is no film in this folder; choose another"};
    return films;
}

Result<Done> writePriorTable(const PriorComparison& comparison, const fs::path& file) {
    if (file.extension() == ".csv") return writeFileAtomically(file, std::string_view(priorCsv(comparison.rows)));
    if (file.extension() == ".md") return writeFileAtomically(file, std::string_view(priorMarkdown(comparison.rows, comparison.notes)));
    return Error{ErrorCode::InvalidArgument, "a table is written as .csv or .md"};
}

}  // namespace cxr::ui
