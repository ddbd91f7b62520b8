// The worker's part of an export: which files, under which names, and writing them.
//   all or nothing  everything is written into a hidden folder beside its goal and renamed when all of it is there; a
//                   failure or Cancel leaves neither new files nor changed ones
// Pure functions over values; thread-safe.
#pragma once

#include <QImage>
#include <QStringList>
#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/report/report.h"
#include "ui/dialogs/export_dialog.h"

namespace cxr::ui {

// From DicomReport on: objects of the film's study (core/dicom_out).
enum class ExportKind { Picture, Pdf, Html, Json, Csv, Fhir, DicomReport, DicomSegmentation, DicomState, DicomPicture, DicomPdf, DicomMap };
[[nodiscard]] inline bool isDicom(ExportKind kind) { return kind >= ExportKind::DicomReport; }

// ".png", "-sr.dcm" and so on.
QString suffixOf(ExportKind kind);
std::vector<ExportKind> allExportKinds();    // of any film
std::vector<ExportKind> dicomExportKinds();  // of a DICOM film only

struct ExportPlan {
    ExportContext context;
    ReportOptions options;
    std::filesystem::path folder;
    QString baseName;  // without suffix
    std::vector<ExportKind> kinds;
};

// Name of one file of the plan.
std::filesystem::path fileOf(const ExportPlan& plan, ExportKind kind);
// Those of its files that are there already, names without folder.
QStringList existingFiles(const ExportPlan& plan);
// "film" -> "film-2", the first number for which none of the plan's files is there.
QString freeBaseName(const ExportPlan& plan);
// Why this film has nothing for such a file, one sentence for the dialog; empty = it has.
QString kindProblem(const ExportContext& context, ExportKind kind);
// What is wrong with the plan, one sentence for the dialog; empty = nothing.
QString planProblem(const ExportPlan& plan);

// A name for the files that gives away no more than `identity` allows: the film's file name, the pseudonym, or
// "chest-film-" and the start of the film's hash.
QString suggestedBaseName(const Image& image, const ReportOptions& options);
// "film-3fa9c1": from the film's hash, so that the same film gets the same pseudonym.
QString suggestedPseudonym(const Image& image);

// The picture of the report, `longSidePx` on its longer side.
QImage exportPicture(const ExportContext& context, int longSidePx);

// The report that PDF, HTML and the others are written from; `png`: its picture.
Report reportOf(const ExportContext& context, ReportOptions options, std::vector<std::byte> png);

// Paths written, in the order of the plan. Overwrites. fails WriteFailed, NotFound (folder), Cancelled
Result<std::vector<std::filesystem::path>> runExport(const ExportPlan& plan, const RunContext& context);

}  // namespace cxr::ui
