// One DICOM object or picture as a list of studies shows it: who, when, what, from its header alone. The pixels are neither
// read nor decoded: of a film the first 64 KiB usually suffice.
//   texts   UTF-8, decoded by Specific Character Set (ISO 2022 included); dates ISO 8601; empty = not in the header
// Plain values; the function is thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/image/image.h"
#include "core/io/bytes.h"
#include "core/io/image_reader.h"
#include "core/io/object_kind.h"

namespace cxr {

struct StudyObject {
    std::filesystem::path file;  // what is opened; a member of an archive lies in a private temporary folder
    std::string name;            // as people know it: "IM0001"
    std::string origin;          // where it came from: the path, or "disc.zip: IMAGES/IM0001"
    bool isNamed = false;        // asked for by itself, not found in a folder, an archive or an index
    bool isPicture = false;      // PNG, TIFF or JPEG: nothing below is known
    ObjectKind kind = ObjectKind::Film;

    PatientBanner patient;
    std::string patientIdIssuer;
    StudyFacts study;  // of the series and the instance too
    std::string seriesDate;
    std::string contentDate;      // of the object itself: acquisition, content or presentation creation
    std::string contentTime;
    std::optional<int> seriesNumber, instanceNumber;
    ViewPosition view = ViewPosition::Unknown;
    Laterality laterality = Laterality::Unknown;
    int rows = 0, columns = 0, frames = 1;  // 0: not a picture
    std::string description;                // of a companion: its title or label
};

enum class FileContent { Dicom, Picture, Zip, Other };
// What a file is by its first bytes (132 are enough).
FileContent contentOf(Bytes firstBytes);

// REQUIRES: the file is DICOM by contentOf. `isIndex` becomes true for a DICOMDIR, of which nothing else is told.
// fails NotFound, Corrupt, TooLarge, Unsupported: one sentence; a film without pixel data is Unsupported
Result<StudyObject> readStudyObject(const std::filesystem::path& file, bool& isIndex, const ReadLimits& limits = {});

// "film", "structured report": the kind in a word or two, for lists.
std::string kindName(const StudyObject& object);
// "2022-01-01 10:11": of the object, else of its series, else of its study; empty: unknown.
std::string dateOf(const StudyObject& object);

}  // namespace cxr
