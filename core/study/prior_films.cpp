#include "core/study/prior_films.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/io/dicom_facts.h"

namespace cxr {
namespace {

bool isRadiograph(const StudyObject& object) {
    static constexpr std::array<const char*, 6> kModalities{"CR", "DX", "RG", "RF", "OT", ""};
    return object.kind == ObjectKind::Film && !isOwnPicture(object.study) &&
           std::find(kModalities.begin(), kModalities.end(), object.study.modality) != kModalities.end();
}

// One name for what writers call the chest.
std::string regionOf(const StudyObject& object) {
    std::string region = object.study.bodyPart;
    std::transform(region.begin(), region.end(), region.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return region == "THORAX" || region == "LUNG" || region == "LUNGS" ? "CHEST" : region;
}

bool isSameRegion(const StudyObject& a, const StudyObject& b) {
    const std::string first = regionOf(a), second = regionOf(b);
    return first.empty() || second.empty() || first == second;
}

bool isSamePerson(const StudyObject& a, const StudyObject& b) {
    const std::string &first = a.patient.birthDate, &second = b.patient.birthDate;
    return first.empty() || second.empty() || first == second;
}

// Sorts as text; empty: unknown.
std::string whenTaken(const StudyObject& object) {
    if (!object.contentDate.empty()) return object.contentDate + " " + object.contentTime;
    const std::string& day = object.seriesDate.empty() ? object.study.studyDate : object.seriesDate;
    return day.empty() ? std::string() : day + " " + object.study.studyTime;
}

bool isFrontal(const StudyObject& object) { return object.view == ViewPosition::PA || object.view == ViewPosition::AP; }

// 0 first: the wanted projection, then films that do not say, then the others.
int rankOf(const StudyObject& prior, const StudyObject& film) {
    if (prior.view == ViewPosition::Unknown) return 1;
    const bool wantsLateral = film.view == ViewPosition::Lateral;
    const bool isWanted = wantsLateral ? prior.view == ViewPosition::Lateral : isFrontal(prior);
    return isWanted ? 0 : 2;
}

std::vector<const StudyObject*> filmsOf(const PatientNode& patient) {
    std::vector<const StudyObject*> films;
    for (const StudyNode& study : patient.studies) {
        for (const SeriesNode& series : study.series) {
            for (const StudyObject& object : series.objects) {
                if (isRadiograph(object)) films.push_back(&object);
            }
        }
    }
    return films;
}

std::vector<const StudyObject*> priorsAmong(const std::vector<const StudyObject*>& films, const StudyObject& film) {
    std::vector<const StudyObject*> priors;
    const std::string now = whenTaken(film);
    if (now.empty() || film.patient.id.empty()) return priors;
    for (const StudyObject* other : films) {
        const std::string then = whenTaken(*other);
        const bool isOtherStudy = other->study.studyInstanceUid != film.study.studyInstanceUid || film.study.studyInstanceUid.empty();
        if (!then.empty() && then < now && isOtherStudy && isSamePerson(*other, film) && isSameRegion(*other, film)) {
            priors.push_back(other);
        }
    }
    std::stable_sort(priors.begin(), priors.end(), [&film](const StudyObject* a, const StudyObject* b) {
        const int first = rankOf(*a, film), second = rankOf(*b, film);
        return first != second ? first < second : whenTaken(*b) < whenTaken(*a);
    });
    return priors;
}

}  // namespace

std::vector<const StudyObject*> priorFilms(const PatientTree& tree, const std::filesystem::path& film) {
    for (const PatientNode& patient : tree.patients) {
        const auto films = filmsOf(patient);
        const auto found = std::find_if(films.begin(), films.end(), [&film](const StudyObject* one) { return one->file == film; });
        if (found != films.end()) return priorsAmong(films, **found);
    }
    return {};
}

}  // namespace cxr
