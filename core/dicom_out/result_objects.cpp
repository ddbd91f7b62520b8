#include "core/dicom_out/result_objects.h"

#include <dcmtk/dcmdata/dcdict.h>

#include <ctime>

#include "core/base/atomic_file.h"
#include "core/dicom_out/object_writers.h"
#include "core/dicom_out/uid.h"
#include "core/io/dicom_header.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

std::string clockText(const char* format) {
    const std::time_t seconds = std::time(nullptr);
    std::tm local{};
    localtime_r(&seconds, &local);
    char text[32];
    return {text, std::strftime(text, sizeof text, format, &local)};
}

Result<Done> fill(DcmDataset& dataset, ResultKind kind, const ObjectInput& input, std::size_t map) {
    switch (kind) {
        case ResultKind::MeasurementReport:
            return fillMeasurementReport(dataset, input);
        case ResultKind::Segmentation:
            return fillSegmentation(dataset, input);
        case ResultKind::ParametricMap:
            return fillParametricMap(dataset, input, *input.results.maps[map]);
        case ResultKind::PresentationState:
            return fillPresentationState(dataset, input);
        case ResultKind::Capture:
            return fillCapture(dataset, input);
        case ResultKind::PdfReport:
            return fillPdf(dataset, input);
    }
    return Error{ErrorCode::Internal, "unknown kind of object"};
}

Result<Done> save(DcmFileFormat& format, const fs::path& file) {
    return writeFileAtomically(file, [&format](const fs::path& temporary) -> Result<Done> {
        const OFCondition saved = format.saveFile(temporary.c_str(), EXS_LittleEndianExplicit, EET_ExplicitLength,
                                                  EGL_recalcGL, EPD_noChange);
        if (saved.bad())  // DCMTK does not say why
            return Error{ErrorCode::WriteFailed, "the file cannot be written; the disk may be full: make room or choose another folder"};
        return Done{};
    });
}

// "pmap.dcm", "pmap-2.dcm".
std::string numbered(const std::string& name, std::size_t index) {
    if (index == 0) return name;
    const std::size_t dot = name.rfind('.');
    return name.substr(0, dot) + "-" + std::to_string(index + 1) + name.substr(dot);
}

// Adds to `files` what one kind gives.
Result<Done> writeKind(ObjectFiles& files, ResultKind kind, const ObjectInput& given, const fs::path& folder,
                       const std::string& prefix) {
    const bool isMap = kind == ResultKind::ParametricMap;
    const std::size_t count = isMap ? given.results.maps.size() : 1;
    if (count == 0) files.leftOut.push_back("There is no heatmap to write: ask for an explanation.");
    for (std::size_t i = 0; i < count; ++i) {
        DcmFileFormat format;
        const ObjectInput input{given.film, given.results, given.run, static_cast<int>(i) + 1};
        const Result<Done> filled = fill(*format.getDataset(), kind, input, i);
        if (!filled.isOk() && filled.error().code == ErrorCode::InvalidArgument) {
            files.leftOut.push_back(std::string("There is no ") + toString(kind) + ": " + filled.error().message + ".");
            continue;
        }
        if (!filled.isOk()) return filled.error();
        const fs::path file = folder / (prefix + numbered(fileNameOf(kind), i));
        if (const Result<Done> saved = save(format, file); !saved.isOk()) return saved.error();
        files.written.push_back(file);
    }
    return Done{};
}

}  // namespace

Result<Done> outcome(const std::string& problem) {
    if (problem.empty()) return Done{};
    return Error{ErrorCode::Internal, "DCMTK refused a value of the object (" + problem + ")"};
}

ObjectRun newObjectRun(const std::string& programVersion) {
    return {newUid(), programVersion, clockText("%Y%m%d"), clockText("%H%M%S")};
}

std::string fileNameOf(ResultKind kind) {
    constexpr const char* kNames[] = {"sr.dcm", "seg.dcm", "pmap.dcm", "gsps.dcm", "sc.dcm", "pdf.dcm"};
    return kNames[static_cast<int>(kind)];
}

const char* toString(ResultKind kind) {
    constexpr const char* kNames[] = {"structured report",  "segmentation",      "parametric map",
                                      "presentation state", "secondary capture", "encapsulated PDF"};
    return kNames[static_cast<int>(kind)];
}

Result<ObjectFiles> writeObjects(const SourceFilm& film, const FilmResults& results, const ObjectRun& run,
                                 const std::vector<ResultKind>& kinds, const fs::path& folder,
                                 const std::string& prefix, const RunContext& context) {
    silenceDcmtk();
    if (!dcmDataDict.isDictionaryLoaded())
        return Error{ErrorCode::Internal,
                     "DCMTK's data dictionary is missing; install it or name its place in DCMDICTPATH"};
    ObjectFiles files;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
        context.report(static_cast<double>(i) / static_cast<double>(kinds.size()));
        const Result<Done> written = writeKind(files, kinds[i], {film, results, run}, folder, prefix);
        if (!written.isOk()) return Error(written.error()).within(std::string("write the ") + toString(kinds[i]));
    }
    context.report(1);
    return files;
}

}  // namespace cxr
