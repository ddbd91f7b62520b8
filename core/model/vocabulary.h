// Vocabulary: names of findings with side and place, what they mean and where in the lungs they are; locations/vocabulary.json
// of the model folders:
//   {"format": 1, "version": "1.0.0", "zones": ["left_upper", ...],
//    "labels": [{"name": "Atelectasis_left_lower", "finding": "Atelectasis", "laterality": "left", "location": "lower_zone",
//                "zones": ["left_lower"], "meaning": "...", "code_scheme": "SCT", "code": "46621007"}, ...]}
//   finding     as NIH ChestX-ray14 spells it, where it has it; the code is the finding's, without its place
//   laterality  "left", "right", "bilateral" (at least one zone of each side)
//   location    "upper_zone", "middle_zone", "lower_zone", "lung", or a place that zones do not tell ("apex", ...)
//   zones       where the finding is or may be; a subset of the file's list
// The kind of labels that Srivathsa et al. (S3) classify. Other keys are left to other readers.
//   fails  Corrupt, InvalidArgument: the key and the label that is wrong
//   thread rule  immutable values; any thread
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/manifest.h"

namespace cxr {

struct LocationLabel {
    std::string name, finding, laterality, location;
    std::vector<std::string> zones;  // not empty
    std::string meaning;             // for people
    std::string codeScheme, code;    // of the finding; empty: none is known for certain
    // The zones that hold the finding decide whether the label is true.
    [[nodiscard]] bool isToldByZones() const;
};

struct Vocabulary {
    std::string version;
    std::vector<std::string> zones;
    std::vector<LocationLabel> labels;  // names differ
    [[nodiscard]] const LocationLabel* find(const std::string& name) const;  // null: not in it
};

Result<Vocabulary> parseVocabulary(const std::string& json);
// The file locations/vocabulary.json of the first model folder that has one (registry.h). fails also NotFound.
Result<Vocabulary> findVocabulary();
Result<Vocabulary> findVocabulary(const std::vector<std::filesystem::path>& modelFolders);

// Meaning and code of an output whose name is in the vocabulary. False: it is not, and nothing changed.
bool addWords(const Vocabulary& vocabulary, ModelOutput& output);

}  // namespace cxr
