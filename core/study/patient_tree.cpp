#include "core/study/patient_tree.h"

#include <algorithm>
#include <climits>
#include <map>
#include <set>
#include <tuple>

namespace cxr {
namespace {

using Objects = std::vector<StudyObject>;
constexpr char kSeparator = '\n';

// Objects with equal keys together, groups in the order of their first object.
template <typename KeyOf>
std::vector<Objects> grouped(Objects objects, const KeyOf& keyOf) {
    std::map<std::string, std::size_t> places;
    std::vector<Objects> groups;
    for (StudyObject& object : objects) {
        const auto [place, isNew] = places.emplace(keyOf(object), groups.size());
        if (isNew) groups.emplace_back();
        groups[place->second].push_back(std::move(object));
    }
    return groups;
}

std::string studyKey(const StudyObject& object) {
    if (!object.study.studyInstanceUid.empty()) return object.study.studyInstanceUid;
    return "date" + std::string(1, kSeparator) + object.study.studyDate + kSeparator + object.study.studyDescription;
}

std::string seriesKey(const StudyObject& object) {
    if (!object.study.seriesInstanceUid.empty()) return object.study.seriesInstanceUid;
    return "text" + std::string(1, kSeparator) + object.study.modality + kSeparator + object.study.seriesDescription;
}

// The issuers that each Patient ID has.
std::map<std::string, std::set<std::string>> issuersOf(const Objects& objects) {
    std::map<std::string, std::set<std::string>> issuers;
    for (const StudyObject& object : objects) {
        if (!object.patientIdIssuer.empty()) issuers[object.patient.id].insert(object.patientIdIssuer);
    }
    return issuers;
}

std::string patientKey(const StudyObject& object, const std::map<std::string, std::set<std::string>>& issuers) {
    const PatientBanner& patient = object.patient;
    if (!patient.id.empty()) {
        const auto known = issuers.find(patient.id);
        const bool isUnique = known == issuers.end() || known->second.size() == 1;
        return "id" + std::string(1, kSeparator) + patient.id + kSeparator + (isUnique ? "" : object.patientIdIssuer);
    }
    if (!patient.name.empty()) return "name" + std::string(1, kSeparator) + patient.name + kSeparator + patient.birthDate;
    const bool hasStudy = !object.study.studyInstanceUid.empty();
    return "study" + std::string(1, kSeparator) + (hasStudy ? studyKey(object) : object.file.parent_path().string());
}

bool hasFilm(const SeriesNode& series) {
    return std::any_of(series.objects.begin(), series.objects.end(),
                       [](const StudyObject& one) { return one.kind == ObjectKind::Film; });
}

SeriesNode makeSeries(Objects objects) {
    std::stable_sort(objects.begin(), objects.end(), [](const StudyObject& a, const StudyObject& b) {
        const auto key = [](const StudyObject& one) {
            return std::tuple(one.instanceNumber.value_or(INT_MAX), one.contentDate, one.contentTime, one.name);
        };
        return key(a) < key(b);
    });
    return {std::move(objects)};
}

StudyNode makeStudy(Objects objects) {
    StudyNode study;
    for (Objects& group : grouped(std::move(objects), seriesKey)) study.series.push_back(makeSeries(std::move(group)));
    std::stable_sort(study.series.begin(), study.series.end(), [](const SeriesNode& a, const SeriesNode& b) {
        const auto key = [](const SeriesNode& one) {
            return std::tuple(!hasFilm(one), one.first().seriesNumber.value_or(INT_MAX), one.first().name);
        };
        return key(a) < key(b);
    });
    return study;
}

PatientNode makePatient(Objects objects) {
    PatientNode patient;
    for (Objects& group : grouped(std::move(objects), studyKey)) patient.studies.push_back(makeStudy(std::move(group)));
    std::stable_sort(patient.studies.begin(), patient.studies.end(), [](const StudyNode& a, const StudyNode& b) {
        const auto key = [](const StudyNode& one) { return std::tie(one.first().study.studyDate, one.first().study.studyTime); };
        return key(b) < key(a);
    });
    return patient;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

// The modalities of the films, in the order of the series; those of the companions where there is no film.
std::string modalitiesOf(const StudyNode& study) {
    const bool isFilmStudy = std::any_of(study.series.begin(), study.series.end(), hasFilm);
    std::vector<std::string> modalities;
    for (const SeriesNode& series : study.series) {
        const std::string& modality = series.first().study.modality;
        const bool isNew = std::find(modalities.begin(), modalities.end(), modality) == modalities.end();
        if (isNew && (hasFilm(series) || !isFilmStudy)) modalities.push_back(modality);
    }
    return joined(modalities);
}

}  // namespace

PatientTree groupObjects(Objects objects) {
    PatientTree tree;
    Objects dicom;
    for (StudyObject& object : objects) (object.isPicture ? tree.pictures : dicom).push_back(std::move(object));
    const auto issuers = issuersOf(dicom);
    const auto key = [&issuers](const StudyObject& object) { return patientKey(object, issuers); };
    for (Objects& group : grouped(std::move(dicom), key)) tree.patients.push_back(makePatient(std::move(group)));
    std::stable_sort(tree.patients.begin(), tree.patients.end(), [](const PatientNode& a, const PatientNode& b) {
        return patientTitle(a) < patientTitle(b);
    });
    return tree;
}

std::string patientTitle(const PatientNode& patient) {
    const PatientBanner& banner = patient.first().patient;
    if (!banner.name.empty()) return banner.name;
    return banner.id.empty() ? "unknown patient" : banner.id;
}

std::string patientFacts(const PatientNode& patient) {
    const PatientBanner& banner = patient.first().patient;
    return joined({banner.id.empty() ? "" : "ID " + banner.id, banner.birthDate.empty() ? "" : "born " + banner.birthDate, banner.sex});
}

std::string studyDate(const StudyNode& study) {
    const StudyFacts& facts = study.first().study;
    if (facts.studyDate.empty()) return "date unknown";
    return facts.studyDate + (facts.studyTime.empty() ? "" : " " + facts.studyTime.substr(0, 5));
}

std::string studyFacts(const StudyNode& study) {
    std::size_t count = 0;
    for (const SeriesNode& series : study.series) count += series.objects.size();
    return joined({study.first().study.studyDescription, modalitiesOf(study), std::to_string(count) + (count == 1 ? " object" : " objects")});
}

std::string seriesTitle(const SeriesNode& series) {
    const StudyObject& first = series.first();
    const std::string number = first.seriesNumber ? "Series " + std::to_string(*first.seriesNumber) : "Series";
    return joined({number, first.study.modality, first.study.seriesDescription});
}

}  // namespace cxr
