// Patients, their studies, the series of a study, the objects of a series: what a list of studies shows.
//   same patient   equal Patient ID and issuer (an absent issuer joins the only one that the ID has); without an ID equal name
//                  and birth date; without both, the study alone
//   same study, same series   equal instance UIDs; without them equal dates, or descriptions
//   order          patients by name; studies newest first; series with films first, then by number; objects by number
// Plain values; pure functions.   DICOM PS3.3 A.1.2, C.7
#pragma once

#include <vector>

#include "core/study/study_object.h"

namespace cxr {

struct SeriesNode {
    std::vector<StudyObject> objects;  // never empty
    [[nodiscard]] const StudyObject& first() const { return objects.front(); }
};

struct StudyNode {
    std::vector<SeriesNode> series;  // never empty
    [[nodiscard]] const StudyObject& first() const { return series.front().first(); }
};

struct PatientNode {
    std::vector<StudyNode> studies;  // never empty
    [[nodiscard]] const StudyObject& first() const { return studies.front().first(); }
};

struct PatientTree {
    std::vector<PatientNode> patients;
    std::vector<StudyObject> pictures;  // PNG, TIFF, JPEG, in the order given
};

PatientTree groupObjects(std::vector<StudyObject> objects);

// "Doe, Jane"; the ID where there is no name; "unknown patient" where there is neither.
std::string patientTitle(const PatientNode& patient);
// "ID 4711, born 1949-03-08, F"; empty: nothing is known.
std::string patientFacts(const PatientNode& patient);
// "2022-01-01 10:11" or "date unknown".
std::string studyDate(const StudyNode& study);
// "Chest PA and lateral, CR, 3 objects".
std::string studyFacts(const StudyNode& study);
// "Series 2, DX, PA chest".
std::string seriesTitle(const SeriesNode& series);

}  // namespace cxr
