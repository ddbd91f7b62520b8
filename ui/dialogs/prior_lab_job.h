// The worker's part of the Prior lab: priors compared on the open film or on a folder, and writing the table.
// Pure functions over values; thread-safe.
#pragma once

#include <QString>
#include <QStringList>
#include <filesystem>
#include <functional>
#include <vector>

#include "core/pipeline/prior_table.h"
#include "ui/print/prior_figure.h"

namespace cxr::ui {

// Who is asked; tests put their own in its place. Called in the worker.
using PriorJudgesCall = std::function<Result<PriorJudges>()>;
// The installed packs on the engine of this process; without an engine no network, with a note.
Result<PriorJudges> installedPriorJudges();

struct PriorCompareRequest {
    ImagePtr image;                            // the open film, or null:
    QString name;                              // its file name
    std::vector<std::filesystem::path> files;  // films of a folder
    std::vector<PriorSpec> specs;
    PriorJudgesCall judges;
};

struct PriorComparison {
    std::vector<PriorRow> rows;
    PriorFigure figure;  // of the first film that could be compared
    std::vector<std::string> notes;
    QStringList failures;  // one sentence a film that could not be read or compared
};

// fails as priorJudges does; InvalidArgument (no film could be compared: the first one's reason), Cancelled.
Result<PriorComparison> comparePriors(const PriorCompareRequest& request, const RunContext& context);

// Films of a folder in the order of their names. fails NotFound (none)
Result<std::vector<std::filesystem::path>> filmsOfFolder(const std::filesystem::path& folder);

// By the suffix: .csv (one line a film and prior) or .md (means). fails InvalidArgument, WriteFailed.
Result<Done> writePriorTable(const PriorComparison& comparison, const std::filesystem::path& file);

}  // namespace cxr::ui
