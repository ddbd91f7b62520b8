// Prior films: earlier radiographs of the same patient and region, to be compared with the film on screen.
//   earlier      by acquisition date and time, where those are absent by the date of series or study; undated films are none
//   same patient as the tree groups them by Patient ID; a name alone makes nobody the same, nor do contradicting birth dates
//   region       another body part in both headers, or a CT, is no prior of a chest film
// Pure function.
#pragma once

#include <vector>

#include "core/study/patient_tree.h"

namespace cxr {

// Frontal views before others (for a lateral film: laterals first), then newest first. The pointers live as long as `tree`.
std::vector<const StudyObject*> priorFilms(const PatientTree& tree, const std::filesystem::path& film);

}  // namespace cxr
