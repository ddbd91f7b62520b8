// The worker's part of an export.
#include "ui/dialogs/export_job.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <algorithm>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/localize/film_regions.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/film_results.h"
#include "ui/print/findings_painter.h"

namespace cxr::ui {

namespace fs = std::filesystem;

namespace {

constexpr int kPictureLongSidePx = 1600;

QString textOf(const fs::path& path) { return QString::fromStdString(path.string()); }

// The map's rows of the report; the picture is the report's own, which shows the map.
ReportMap reportMapOf(const ExportedMap& exported, const ExportContext& context) {
    double scale = 1;
    const GrayFilm gray = networkFilm(*context.image, kNetworkFilmSide, &scale);
    const MapBoxes boxes{exported.shown.boxes, !exported.shown.boxes.empty(), {}};
    ReportMap map = cxr::reportMapOf(*exported.shown.map, *exported.raw, filmRegions(gray, scale, context.chest), boxes, context.image->spacing);
    map.sanity = exported.checks;
    if (exported.threeWay) {
        map.threeWay = exported.threeWay->sentence;
        map.threeWayReasons = exported.threeWay->reasons;
    }
    return map;
}

Report reportOf(const ExportPlan& plan, std::vector<std::byte> png) {
    const ExportContext& context = plan.context;
    ReportOptions options = plan.options;
    options.prevalences = context.prevalences;
    Report report = buildReport(*context.image, context.chest, context.model, options, context.judgement);
    report.heartSpot = context.heartSpot;
    report.annotatedPng = std::move(png);
    if (context.hasHeatmap && context.heatmap) report.maps.push_back(reportMapOf(*context.heatmap, context));
    report.pictures = context.pictures;
    return report;
}

Result<Done> writeOne(const Report& report, ExportKind kind, const fs::path& file) {
    switch (kind) {
        case ExportKind::Picture:
            return writeFileAtomically(file, std::span<const std::byte>(report.annotatedPng));
        case ExportKind::Pdf:
            return writeReportPdf(report, file);
        case ExportKind::Html:
            return writeReport(report, ReportFormat::Html, file);
        case ExportKind::Json:
            return writeReport(report, ReportFormat::Json, file);
        case ExportKind::Csv:
            return writeReport(report, ReportFormat::Csv, file);
    }
    return Error{ErrorCode::Internal, "unknown kind of export"};
}

Error folderError(const fs::path& folder) {
    if (!QFileInfo(textOf(folder)).isDir())
        return {ErrorCode::NotFound, "the folder is not there; choose another or create it"};
    return {ErrorCode::WriteFailed, "nothing can be written into this folder; choose another"};
}

// The finished files take their names. A goal that cannot be replaced stops it before the first rename.
Result<Done> publish(const ExportPlan& plan, const fs::path& staging) {
    for (const ExportKind kind : plan.kinds)
        if (fs::is_directory(fileOf(plan, kind)))
            return Error{ErrorCode::WriteFailed, "a folder has the name of " + fileOf(plan, kind).filename().string() +
                                                     "; choose another base name"};
    for (const ExportKind kind : plan.kinds) {
        const fs::path goal = fileOf(plan, kind);
        std::error_code problem;
        fs::rename(staging / goal.filename(), goal, problem);
        if (problem) return Error{ErrorCode::WriteFailed, goal.filename().string() + ": " + problem.message()};
    }
    return Done{};
}

}  // namespace

QString suffixOf(ExportKind kind) {
    switch (kind) {
        case ExportKind::Picture:
            return QStringLiteral(".png");
        case ExportKind::Pdf:
            return QStringLiteral(".pdf");
        case ExportKind::Html:
            return QStringLiteral(".html");
        case ExportKind::Json:
            return QStringLiteral(".json");
        case ExportKind::Csv:
            return QStringLiteral(".csv");
    }
    return {};
}

std::vector<ExportKind> allExportKinds() {
    return {ExportKind::Picture, ExportKind::Pdf, ExportKind::Html, ExportKind::Json, ExportKind::Csv};
}

fs::path fileOf(const ExportPlan& plan, ExportKind kind) {
    return plan.folder / (plan.baseName + suffixOf(kind)).toStdString();
}

QStringList existingFiles(const ExportPlan& plan) {
    QStringList names;
    for (const ExportKind kind : plan.kinds) {
        const QFileInfo info(textOf(fileOf(plan, kind)));
        if (info.exists() || info.isSymLink()) names << info.fileName();
    }
    return names;
}

QString freeBaseName(const ExportPlan& plan) {
    ExportPlan other = plan;
    for (int number = 2;; ++number) {
        other.baseName = QStringLiteral("%1-%2").arg(plan.baseName).arg(number);
        if (existingFiles(other).isEmpty()) return other.baseName;
    }
}

QString planProblem(const ExportPlan& plan) {
    if (plan.kinds.empty()) return ExportDialog::tr("Choose at least one kind of file.");
    if (plan.baseName.trimmed().isEmpty()) return ExportDialog::tr("Give the files a name.");
    if (plan.baseName.contains(QLatin1Char('/')) || plan.baseName.contains(QLatin1Char('\\')) ||
        plan.baseName.startsWith(QLatin1Char('.')))
        return ExportDialog::tr("The name may not contain slashes or begin with a dot.");
    if (plan.folder.empty()) return ExportDialog::tr("Choose a folder.");
    if (plan.options.identity == PatientIdentity::Pseudonym && plan.options.pseudonym.empty())
        return ExportDialog::tr("Give a pseudonym.");
    return {};
}

QString suggestedPseudonym(const Image& image) {
    return QStringLiteral("film-%1").arg(QString::fromStdString(image.sourceSha256).left(6));
}

QString suggestedBaseName(const Image& image, const ReportOptions& options) {
    if (options.identity == PatientIdentity::Pseudonym) {
        QString name = QString::fromStdString(options.pseudonym).trimmed();
        name.replace(QLatin1Char('/'), QLatin1Char('_')).replace(QLatin1Char('\\'), QLatin1Char('_'));
        if (!name.isEmpty()) return name;
    }
    const QString stem = QFileInfo(QString::fromStdString(image.sourceName)).completeBaseName();
    if (options.identity == PatientIdentity::Banner && !stem.isEmpty()) return stem;
    return QStringLiteral("chest-film-%1").arg(QString::fromStdString(image.sourceSha256).left(8));
}

QImage exportPicture(const ExportContext& context, int longSidePx) {
    return annotatedPicture(*context.image, context.voi, context.inverted, context.chest, context.model, longSidePx,
                            context.hasHeatmap && context.heatmap ? &context.heatmap->shown : nullptr);
}

Result<std::vector<fs::path>> runExport(const ExportPlan& plan, const RunContext& context) {
    QTemporaryDir staging(QDir(textOf(plan.folder)).filePath(QStringLiteral(".precordia-XXXXXX")));
    if (!QFileInfo(textOf(plan.folder)).isDir() || !staging.isValid()) return folderError(plan.folder);
    const double steps = static_cast<double>(plan.kinds.size()) + 1;
    context.report(0);
    const Report report = reportOf(plan, toPng(exportPicture(plan.context, kPictureLongSidePx)));
    std::vector<fs::path> written;
    for (const ExportKind kind : plan.kinds) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        const fs::path goal = fileOf(plan, kind);
        auto done = writeOne(report, kind, fs::path(staging.path().toStdString()) / goal.filename());
        if (!done) return std::move(done).error().within(goal.filename().string());
        written.push_back(goal);
        context.report((static_cast<double>(written.size()) + 1) / steps);
    }
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    auto published = publish(plan, fs::path(staging.path().toStdString()));
    if (!published) return std::move(published).error();
    return written;
}

}  // namespace cxr::ui
