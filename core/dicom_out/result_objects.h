// What was found on a film, as DICOM objects that other people's systems store and show.
//   MeasurementReport  Comprehensive SR, TID 1500: ratio with the coordinates of its lines, findings with probability
//   and
//                      operating point, algorithms with the hash of their weights core/dicom_out/measurement_report.h
//   Segmentation       heart, left lung, right lung, one bit a pixel of the film
//   ParametricMap      one a heatmap: its values as floats on the film's pixels
//   PresentationState  GSPS: outlines, lines, boxes and words as vectors, the window as seen
//   Capture            the annotated picture, with its notice burnt in
//   PdfReport          the PDF report
//   identity   all belong to the film's patient and study; each kind has one series in a run, every object a new
//   instance UID notice     "Not for diagnostic use" is in every series description and, where there is a place for
//   words, in the object written    Explicit VR Little Endian; each file whole or not at all
// Thread-safe; long work, call from a worker.   DICOM PS3.3 A.35.3, A.51, A.75, A.33.1, A.8.1, A.45.1
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "core/dicom_out/source_film.h"
#include "core/image/image.h"
#include "core/localize/boxes.h"
#include "core/localize/heatmap.h"
#include "core/measure/chest.h"
#include "core/measure/finding.h"

namespace cxr {

enum class ResultKind { MeasurementReport, Segmentation, ParametricMap, PresentationState, Capture, PdfReport };
inline constexpr std::array<ResultKind, 6> kResultKinds{ResultKind::MeasurementReport, ResultKind::Segmentation,
                                                        ResultKind::ParametricMap,     ResultKind::PresentationState,
                                                        ResultKind::Capture,           ResultKind::PdfReport};

// 8-bit RGB, row by row without gaps.
struct RgbPicture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> values;  // 3 * width * height
};

// What is known about one film; a part that is empty gives no object.
struct FilmResults {
    ImagePtr image;
    VoiSetting voi;  // as seen
    bool isInverted = false;
    ChestMeasurement chest;
    ModelStamp model;        // of heart and lungs
    JudgementPtr judgement;  // null: no network judged the film
    std::string verdict;     // one sentence
    std::vector<std::string> notes;
    std::string impression, reader;  // what a reader wrote, UTF-8, and his name; may be empty
    std::vector<std::shared_ptr<const Heatmap>> maps;
    std::vector<FindingBox> boxes;  // of the maps
    RgbPicture picture;             // annotated, with notice
    std::vector<std::byte> pdf;
};

// One export: what its objects share.
struct ObjectRun {
    std::string uid;  // of the run; series UIDs follow from it
    std::string programVersion;
    std::string date, time;  // DICOM DA and TM, local
};
ObjectRun newObjectRun(const std::string& programVersion);

// "sr.dcm", "seg.dcm", "pmap.dcm", "gsps.dcm", "sc.dcm", "pdf.dcm".
std::string fileNameOf(ResultKind kind);
// "structured report": for people.
const char* toString(ResultKind kind);

struct ObjectFiles {
    std::vector<std::filesystem::path> written;
    std::vector<std::string>
        leftOut;  // "There is no segmentation: ..." one sentence for each kind that has nothing to say
};

// Writes the kinds into an existing folder as `prefix` + fileNameOf(kind); maps after the first are called pmap-2.dcm
// and so on. fails WriteFailed, Internal (DCMTK's data dictionary is missing), Cancelled. REQUIRES: results.image
Result<ObjectFiles> writeObjects(const SourceFilm& film, const FilmResults& results, const ObjectRun& run,
                                 const std::vector<ResultKind>& kinds, const std::filesystem::path& folder,
                                 const std::string& prefix = {}, const RunContext& context = {});

}  // namespace cxr
