// Image: one radiograph as it was stored, with everything the header says about it and what we made of it.
//
// Samples are kept as unsigned 16-bit numbers so that the whole pixel chain (padding, Modality LUT,
// VOI, Presentation LUT) is one look-up table of 65,536 entries: sample = stored value + storedOffset,
// where storedOffset is 32,768 for signed pixels and 0 otherwise.
// An Image is filled by core/io, then shared as std::shared_ptr<const Image>: immutable, read by any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

namespace cxr {

// Where a millimetre comes from. ImagerPixelSpacing is measured at the detector: lengths in the patient are
// shorter (magnification), and screen and report say so.
enum class SpacingSource { None, PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing, UserCalibration };

struct Spacing {
    double rowMm = 0;     // distance between the centres of neighbouring rows (vertical), mm; 0 = unknown
    double columnMm = 0;  // distance between the centres of neighbouring columns (horizontal), mm; 0 = unknown
    SpacingSource source = SpacingSource::None;
    // ImagerPixelSpacing: the header's magnification that the detector's spacing was divided by; 0: it gives none.
    // UserCalibration: length of the user's line, mm.
    float basis = 0;
    bool isPlaceUnsaid = false;  // PixelSpacing: the header does not say whether it holds at the detector or in the patient
    bool operator==(const Spacing&) const = default;
    [[nodiscard]] bool isKnown() const { return source != SpacingSource::None && rowMm > 0 && columnMm > 0; }
};

enum class ViewPosition { Unknown, PA, AP, Lateral, Oblique };
enum class Laterality { Unknown, Left, Right, Both, Unpaired };
enum class VoiFunction { Linear, LinearExact, Sigmoid };  // DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3

// A look-up table as DICOM stores it: inputs below firstInput take values.front(), above the last values.back().
struct LookupTable {
    int firstInput = 0;                 // in units of the table's input (stored value or modality value)
    int bitsPerEntry = 16;              // 8..16: output range is 0 .. 2^bits - 1
    std::vector<std::uint16_t> values;  // never empty
    std::string explanation;
};

// Which modality values become black and white. For a table, center and width are ignored.
struct VoiSetting {
    double center = 0;  // modality values
    double width = 1;   // > 0 (LINEAR: >= 1)
    VoiFunction function = VoiFunction::Linear;
    std::shared_ptr<const LookupTable> table;  // VOI LUT Sequence item; null for a window
    bool operator==(const VoiSetting&) const = default;
};

struct VoiPreset {
    std::string name;  // the header's explanation, or "Window 1"
    VoiSetting setting;
};

// Stored value -> modality value: the table if there is one, else slope * stored + intercept.
struct ModalityTransform {
    double slope = 1;
    double intercept = 0;
    std::shared_ptr<const LookupTable> table;
    std::string units;  // Rescale Type, for example "US", "HU"; empty if not given
};

// Stored values in [low, high] are padding (Pixel Padding Value and Range Limit): painted black, outside statistics.
struct PaddingRange {
    int low = 0;
    int high = 0;
};

// One 60xx overlay plane, kept for display only.
struct OverlayPlane {
    int group = 0x6000;
    int originRow = 1;     // 1-based position of its first pixel in the film
    int originColumn = 1;
    cv::Mat mask;          // CV_8UC1 [rows, columns], 0 or 255
    std::string description;
};

// What identifies the patient on screen and in a report. All strings are UTF-8; empty = not in the header.
struct PatientBanner {
    std::string name;  // as to be shown: "Family, Given"
    std::string id;
    std::string birthDate;  // ISO 8601, for example "1949-03-08"
    std::string sex;        // "M", "F", "O" or empty
    std::string age;        // DICOM AS, for example "063Y"
};

// What the header says about the exposure and the objects; UTF-8, empty = not in the header.
struct StudyFacts {
    std::string studyDate, studyTime;  // ISO 8601
    std::string studyDescription, seriesDescription, bodyPart, institution, manufacturer, modelName;
    std::string modality;  // "CR", "DX", ... ; empty for PNG
    std::string accessionNumber;
    std::string studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid;
    std::string kVp, exposureMas;
};

// How the pixels were coded in the file.
struct EncodingFacts {
    std::string format;          // "DICOM", "PNG", "TIFF", "JPEG"
    std::string transferSyntax;  // name, for example "JPEG-LS Lossless"; empty for other formats
    std::string transferSyntaxUid;
    std::string photometric;  // "MONOCHROME1", "MONOCHROME2", "RGB", "PALETTE COLOR", ...
    int bitsAllocated = 8, bitsStored = 8;
    bool isSigned = false;
    bool wasColor = false;  // converted to luminance (a note says so)
    bool isLossy = false;   // Lossy Image Compression (0028,2110) or a lossy transfer syntax, or JPEG
    double lossyRatio = 0;  // 0 = not given
    int frames = 1;
};

struct Image {
    cv::Mat samples;  // CV_16UC1 [H, W], never empty
    int storedOffset = 0;
    ModalityTransform modality;
    std::optional<PaddingRange> padding;
    // Low values are bright: MONOCHROME1 or Presentation LUT Shape INVERSE; in radiographs the two say the same
    // (PS3.3 C.8.11.3.1.2), so one does not undo the other.
    bool isInverse = false;
    std::vector<VoiPreset> presets;  // from the header, in its order: VOI LUT items first, then windows
    VoiSetting defaultVoi;           // presets.front(), or the percentile default when the header has none
    std::string defaultVoiOrigin;    // "header: <name>" or "percentiles 0.5-99.5 of the film"

    Spacing spacing;
    ViewPosition view = ViewPosition::Unknown;
    Laterality laterality = Laterality::Unknown;
    // Patient Orientation (0020,0020): direction of rows and of columns, for example "L" and "F"; empty = unknown.
    std::string rowDirection, columnDirection;

    PatientBanner patient;
    StudyFacts study;
    EncodingFacts encoding;
    std::vector<OverlayPlane> overlays;

    std::string sourceName;          // file name without folder, for titles and reports
    std::string sourceSha256;        // of the file's bytes, hex
    std::vector<std::string> notes;  // doubts and choices, one sentence each; screen and report show them

    [[nodiscard]] int width() const { return samples.cols; }
    [[nodiscard]] int height() const { return samples.rows; }
};

using ImagePtr = std::shared_ptr<const Image>;

// Words for screen, report and JSON.
const char* toString(SpacingSource source);
// The same with what it follows from: "Imager Pixel Spacing, divided by the magnification 1.1", "calibrated by the user,
// 100 mm line".
std::string originText(const Spacing& spacing);
// Why lengths made with it are not the patient's, in one sentence; empty where nothing speaks against them, or it is unknown.
std::string spacingDoubt(const Spacing& spacing);
const char* toString(ViewPosition view);
const char* toString(Laterality laterality);
const char* toString(VoiFunction function);

}  // namespace cxr
