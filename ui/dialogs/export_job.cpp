// The worker's part of an export.
#include "ui/dialogs/export_job.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <algorithm>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/dicom_out/result_objects.h"
#include "core/localize/film_regions.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/film_results.h"
#include "core/report/report_fhir.h"
#include "ui/print/findings_painter.h"
#include "ui/print/report_pdf.h"
#include "ui/print/rgb_picture.h"

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

ResultKind objectKind(ExportKind kind) {
    switch (kind) {
        case ExportKind::DicomSegmentation:
            return ResultKind::Segmentation;
        case ExportKind::DicomState:
            return ResultKind::PresentationState;
        case ExportKind::DicomPicture:
            return ResultKind::Capture;
        case ExportKind::DicomPdf:
            return ResultKind::PdfReport;
        case ExportKind::DicomMap:
            return ResultKind::ParametricMap;
        default:
            return ResultKind::MeasurementReport;
    }
}

// Everything that DICOM objects are made of; the PDF only where it is asked for.
FilmResults filmResults(const ExportPlan& plan, const Report& report, const QImage& picture) {
    const ExportContext& context = plan.context;
    FilmResults results;
    // A window as seen belongs to the pixel chain that it was seen through.
    results.image = context.companions.presentation ? presentedFilm(context.companions.presentation, context.image).image : context.image;
    results.voi = context.voi;
    results.isInverted = context.inverted;
    results.chest = context.chest;
    results.model = context.model;
    results.judgement = context.judgement;
    results.verdict = report.verdict;
    results.notes = report.notes;
    results.impression = report.text.impression;
    results.reader = report.text.reader;
    if (context.heatmap) results.maps = {context.heatmap->shown.map};
    if (context.heatmap && context.hasHeatmap) results.boxes = context.heatmap->shown.boxes;
    results.picture = rgbPicture(picture);
    if (std::find(plan.kinds.begin(), plan.kinds.end(), ExportKind::DicomPdf) != plan.kinds.end()) results.pdf = reportPdf(report);
    return results;
}

bool hasDicom(const ExportPlan& plan) { return std::any_of(plan.kinds.begin(), plan.kinds.end(), isDicom); }

// The DICOM kinds of the plan into `staging`.
Result<Done> writeDicom(const ExportPlan& plan, const Report& report, const QImage& picture, const fs::path& staging, const RunContext& context) {
    if (!hasDicom(plan)) return Done{};
    const Result<SourceFilm> film = SourceFilm::read(plan.context.file, plan.context.image->sourceSha256);
    if (!film.isOk()) return film.error();
    std::vector<ResultKind> kinds;
    for (const ExportKind kind : plan.kinds) {
        if (isDicom(kind)) kinds.push_back(objectKind(kind));
    }
    const Result<ObjectFiles> files = writeObjects(film.value(), filmResults(plan, report, picture), newObjectRun(report.programVersion), kinds, staging,
                                                   plan.baseName.toStdString() + "-", context);
    if (!files.isOk()) return files.error();
    if (!files.value().leftOut.empty()) return Error{ErrorCode::InvalidArgument, files.value().leftOut.front()};
    return Done{};
}

Result<Done> writeOne(const ExportPlan& plan, const Report& report, ExportKind kind, const fs::path& file) {
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
        case ExportKind::Fhir:
            return writeFileAtomically(file, std::string_view(reportFhir(report, *plan.context.image, plan.options)));
        default:
            return Done{};  // DICOM objects are written together: they share a run
    }
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
        case ExportKind::Fhir:
            return QStringLiteral("-fhir.json");
        default:
            return QLatin1Char('-') + QString::fromStdString(fileNameOf(objectKind(kind)));
    }
}

std::vector<ExportKind> allExportKinds() {
    return {ExportKind::Picture, ExportKind::Pdf, ExportKind::Html, ExportKind::Json, ExportKind::Csv, ExportKind::Fhir};
}

std::vector<ExportKind> dicomExportKinds() {
    return {ExportKind::DicomReport, ExportKind::DicomSegmentation, ExportKind::DicomState, ExportKind::DicomPicture, ExportKind::DicomPdf,
            ExportKind::DicomMap};
}

QString kindProblem(const ExportContext& context, ExportKind kind) {
    if (!isDicom(kind)) return {};
    if (context.image->encoding.format != "DICOM" || context.file.empty())
        return ExportDialog::tr("The film is no DICOM file: DICOM objects have no patient and study to belong to.");
    if (kind == ExportKind::DicomMap && !context.heatmap) return ExportDialog::tr("There is no heatmap: choose one in the Explanations panel first.");
    const auto& outlines = context.chest.outlines;
    const bool hasOutline = std::any_of(outlines.begin(), outlines.end(), [](const Outline& outline) { return outline.points.size() >= 3; });
    if (kind == ExportKind::DicomSegmentation && !hasOutline) return ExportDialog::tr("There is no outline of heart or lungs.");
    return {};
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
    if (hasDicom(plan) && plan.options.identity != PatientIdentity::Banner)
        return ExportDialog::tr("DICOM objects belong to the film's patient: choose \"As in the header\", or leave them out.");
    for (const ExportKind kind : plan.kinds) {
        if (const QString why = kindProblem(plan.context, kind); !why.isEmpty()) return why;
    }
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
                            context.hasHeatmap && context.heatmap ? &context.heatmap->shown : nullptr, &context.companions, context.text.language);
}

Report reportOf(const ExportContext& context, ReportOptions options, std::vector<std::byte> png) {
    options.prevalences = context.prevalences;
    options.text = context.text;
    Report report = buildReport(*context.image, context.chest, context.model, options, context.judgement);
    report.heartSpot = context.heartSpot;
    report.annotatedPng = std::move(png);
    if (context.hasHeatmap && context.heatmap) report.maps.push_back(reportMapOf(*context.heatmap, context));
    report.pictures = context.pictures;
    return report;
}

Result<std::vector<fs::path>> runExport(const ExportPlan& plan, const RunContext& context) {
    QTemporaryDir staging(QDir(textOf(plan.folder)).filePath(QStringLiteral(".precordia-XXXXXX")));
    if (!QFileInfo(textOf(plan.folder)).isDir() || !staging.isValid()) return folderError(plan.folder);
    const double steps = static_cast<double>(plan.kinds.size()) + 1;
    context.report(0);
    const QImage picture = exportPicture(plan.context, kPictureLongSidePx);
    const Report report = reportOf(plan.context, plan.options, toPng(picture));
    std::vector<fs::path> written;
    for (const ExportKind kind : plan.kinds) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
        const fs::path goal = fileOf(plan, kind);
        auto done = writeOne(plan, report, kind, fs::path(staging.path().toStdString()) / goal.filename());
        if (!done) return std::move(done).error().within(goal.filename().string());
        written.push_back(goal);
        context.report((static_cast<double>(written.size()) + 1) / steps);
    }
    auto objects = writeDicom(plan, report, picture, fs::path(staging.path().toStdString()), {context.stop, {}});
    if (!objects) return std::move(objects).error();
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    auto published = publish(plan, fs::path(staging.path().toStdString()));
    if (!published) return std::move(published).error();
    return written;
}

}  // namespace cxr::ui
