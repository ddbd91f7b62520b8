#include "core/measure/film_notes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace cxr {
namespace {

std::optional<double> yearsOfAgeString(const std::string& age) {
    std::size_t digits = 0;
    while (digits < age.size() && std::isdigit(static_cast<unsigned char>(age[digits]))) ++digits;
    if (digits == 0 || digits > 3) return std::nullopt;
    const double number = std::atoi(age.substr(0, digits).c_str());
    switch (digits < age.size() ? age[digits] : 'Y') {
        case 'Y':
            return number;
        case 'M':
            return number / 12;
        case 'W':
            return number / 52.18;
        case 'D':
            return number / 365.25;
        default:
            return std::nullopt;
    }
}

// "1949-03-08" in years; nullopt if it is no such date.
std::optional<double> yearsOfDate(const std::string& date) {
    if (date.size() < 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
    const int year = std::atoi(date.substr(0, 4).c_str()), month = std::atoi(date.substr(5, 2).c_str()),
              day = std::atoi(date.substr(8, 2).c_str());
    if (year < 1800 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    return year + (month - 1) / 12.0 + (day - 1) / 366.0;
}

std::string viewNote(ViewPosition view) {
    switch (view) {
        case ViewPosition::PA:
            return {};
        case ViewPosition::AP:
            return "AP view: the heart is magnified, so the ratio comes out too large.";
        case ViewPosition::Lateral:
            return "Lateral view: the ratio is defined on PA films only.";
        case ViewPosition::Oblique:
            return "Oblique view: the ratio is defined on PA films only.";
        case ViewPosition::Unknown:
            break;
    }
    return "View unknown: the ratio holds for PA films; on an AP film it comes out too large.";
}

// Kinds of pictures that are never chest films, and parts of the body that are none: what headers say beyond doubt. DICOM PS3.3
// C.7.3.1.1.1, PS3.16 annex L
constexpr std::array kOtherModalities{"CT", "MR", "US", "NM", "PT", "MG", "XA", "SM", "ES", "OP", "OPT", "IVUS", "BMD", "IO", "PX", "ECG"};
constexpr std::array kOtherParts{"ABDOMEN", "ANKLE",  "ARM",   "BRAIN", "BREAST", "CSPINE", "ELBOW",  "EXTREMITY", "FEMUR", "FINGER", "FOOT", "HAND",
                                 "HEAD",    "HIP",    "JAW",   "KNEE",  "LEG",    "LSPINE", "NECK",   "PELVIS",    "SKULL", "TOE",    "WRIST"};

template <typename List>
bool isAmong(const List& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string subjectNote(const StudyFacts& study) {
    if (isOtherModality(study)) return "The header says that this is no X-ray film of the chest: what the program says about it means nothing.";
    std::string part = study.bodyPart;
    std::transform(part.begin(), part.end(), part.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (isAmong(kOtherParts, part)) return "The header names another part of the body than the chest: what the program says about it means nothing.";
    return {};
}

std::string spacingNote(const Spacing& spacing) {
    return spacing.isKnown() ? spacingDoubt(spacing) : "Pixel spacing unknown: lengths are in pixels; the ratio does not need it.";
}

}  // namespace

bool isOtherModality(const StudyFacts& study) { return isAmong(kOtherModalities, study.modality); }

std::optional<double> ageYears(const Image& image) {
    if (const auto years = yearsOfAgeString(image.patient.age)) return years;
    const auto birth = yearsOfDate(image.patient.birthDate), study = yearsOfDate(image.study.studyDate);
    if (!birth || !study || *study < *birth) return std::nullopt;
    return *study - *birth;
}

std::vector<std::string> filmNotes(const Image& image) {
    std::vector<std::string> notes;
    const auto add = [&notes](const std::string& note) {
        if (!note.empty()) notes.push_back(note);
    };
    add(subjectNote(image.study));
    add(viewNote(image.view));
    const auto age = ageYears(image);
    if (age && *age < kAdultYears) {
        add("Child (under 16 years): the limits 0.50 and 0.55 hold for adults, and the network learned from adults.");
    }
    add(spacingNote(image.spacing));
    if (image.spacing.isKnown() &&
        std::abs(image.spacing.rowMm - image.spacing.columnMm) > 0.01 * image.spacing.columnMm) {
        add("Pixels are not square: the film is shown stretched; horizontal lengths and the ratio are right.");
    }
    return notes;
}

}  // namespace cxr
