#include "app/cli/study_listing.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

FileContent contentOfFile(const fs::path& file) {
    std::array<std::uint8_t, 132> start{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(start.data()), start.size());
    return contentOf({start.data(), static_cast<std::size_t>(stream.gcount())});
}

void add(std::string& text, int depth, const std::string& line) { text += std::string(static_cast<std::size_t>(depth) * 2, ' ') + line + "\n"; }

std::string joined(const std::vector<std::string>& parts, const char* separator) {
    std::string text;
    for (const std::string& part : parts) {
        if (!part.empty()) text += (text.empty() ? "" : separator) + part;
    }
    return text;
}

std::string counted(std::size_t count, const char* what) { return std::to_string(count) + " " + what + (count == 1 ? "" : "s"); }

std::string sizeOf(const StudyObject& object) {
    if (object.rows == 0 || object.kind != ObjectKind::Film) return {};
    return std::to_string(object.columns) + " x " + std::to_string(object.rows) + " px" +
           (object.frames > 1 ? ", " + std::to_string(object.frames) + " frames" : "");
}

// "film: PA, 2022 x 2022 px, 2019-03-08 10:11, IM0001"
std::string lineOf(const StudyObject& object, const DecodeFailures& failures) {
    const bool hasView = object.kind == ObjectKind::Film && !object.isPicture;
    std::string line = kindName(object) + ": " +
                       joined({hasView ? "view " + std::string(toString(object.view)) : "", object.description, sizeOf(object), dateOf(object), object.origin}, ", ");
    if (const auto failed = failures.find(object.file); failed != failures.end()) line += "\n" + std::string(8, ' ') + "cannot be opened: " + failed->second;
    return line;
}

void addPatient(std::string& text, const PatientNode& patient, const DecodeFailures& failures) {
    add(text, 0, joined({patientTitle(patient), patientFacts(patient)}, ", "));
    for (const StudyNode& study : patient.studies) {
        add(text, 1, joined({studyDate(study), studyFacts(study)}, ", "));
        for (const SeriesNode& series : study.series) {
            add(text, 2, seriesTitle(series));
            for (const StudyObject& object : series.objects) add(text, 3, lineOf(object, failures));
        }
    }
}

Json objectJson(const StudyObject& object, const DecodeFailures& failures) {
    Json json;
    json["file"] = object.origin;
    json["kind"] = object.isPicture ? "picture" : toString(object.kind);
    const auto set = [&json](const char* key, const std::string& value) {
        if (!value.empty()) json[key] = value;
    };
    set("sop_instance_uid", object.study.sopInstanceUid);
    set("description", object.description);
    set("date", dateOf(object));
    if (object.instanceNumber) json["instance_number"] = *object.instanceNumber;
    if (object.kind == ObjectKind::Film && !object.isPicture) {
        json["view"] = toString(object.view);
        json["columns"] = object.columns;
        json["rows"] = object.rows;
        json["frames"] = object.frames;
    }
    if (const auto failed = failures.find(object.file); failed != failures.end()) json["reason"] = failed->second;
    return json;
}

Json seriesJson(const SeriesNode& series, const DecodeFailures& failures) {
    const StudyFacts& facts = series.first().study;
    Json json{{"series_instance_uid", facts.seriesInstanceUid}, {"modality", facts.modality}, {"description", facts.seriesDescription}};
    if (series.first().seriesNumber) json["number"] = *series.first().seriesNumber;
    json["objects"] = Json::array();
    for (const StudyObject& object : series.objects) json["objects"].push_back(objectJson(object, failures));
    return json;
}

Json patientJson(const PatientNode& patient, const DecodeFailures& failures) {
    const StudyObject& first = patient.first();
    Json json{{"name", first.patient.name}, {"id", first.patient.id}, {"issuer", first.patientIdIssuer}, {"birth_date", first.patient.birthDate}, {"sex", first.patient.sex}};
    json["studies"] = Json::array();
    for (const StudyNode& study : patient.studies) {
        const StudyFacts& facts = study.first().study;
        Json one{{"study_instance_uid", facts.studyInstanceUid}, {"date", facts.studyDate}, {"time", facts.studyTime}, {"description", facts.studyDescription},
                 {"accession_number", facts.accessionNumber}};
        one["series"] = Json::array();
        for (const SeriesNode& series : study.series) one["series"].push_back(seriesJson(series, failures));
        json["studies"].push_back(std::move(one));
    }
    return json;
}

}  // namespace

bool isCollection(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code)) return true;
    if (!fs::is_regular_file(path, code) || path.extension() == ".heartspot") return false;
    const FileContent content = contentOfFile(path);
    bool isIndex = false;
    return content == FileContent::Zip || (content == FileContent::Dicom && readStudyObject(path, isIndex).isOk() && isIndex);
}

Result<DecodeFailures> decodeAll(const StudyScan& scan, const RunContext& context) {
    DecodeFailures failures;
    for (const StudyObject& object : scan.objects) {
        if (object.kind != ObjectKind::Film) continue;
        const Result<ImagePtr> film = readImage(object.file, {}, context);
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
        if (!film.isOk()) failures[object.file] = film.error().message;
    }
    return failures;
}

std::string listingText(const StudyScan& scan, const DecodeFailures& failures) {
    const PatientTree tree = groupObjects(scan.objects);
    std::string text;
    for (const PatientNode& patient : tree.patients) addPatient(text, patient, failures);
    if (!tree.pictures.empty()) add(text, 0, "Pictures without a header");
    for (const StudyObject& picture : tree.pictures) add(text, 1, lineOf(picture, failures));
    if (!scan.unusable.empty()) add(text, 0, "Unusable files");
    for (const UnusableFile& file : scan.unusable) add(text, 1, file.origin + ": " + file.reason);
    const auto films = std::count_if(scan.objects.begin(), scan.objects.end(), [](const StudyObject& one) { return one.kind == ObjectKind::Film; });
    const auto others = scan.objects.size() - static_cast<std::size_t>(films);
    add(text, 0, joined({counted(tree.patients.size(), "patient"), counted(static_cast<std::size_t>(films), "film"), counted(others, "other object"),
                         counted(scan.unusable.size(), "unusable file")}, ", "));
    return text;
}

std::string listingJson(const StudyScan& scan, const DecodeFailures& failures) {
    const PatientTree tree = groupObjects(scan.objects);
    Json json{{"patients", Json::array()}, {"pictures", Json::array()}, {"unusable", Json::array()}};
    for (const PatientNode& patient : tree.patients) json["patients"].push_back(patientJson(patient, failures));
    for (const StudyObject& picture : tree.pictures) json["pictures"].push_back(objectJson(picture, failures));
    for (const UnusableFile& file : scan.unusable) json["unusable"].push_back(Json{{"file", file.origin}, {"reason", file.reason}});
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool isAllWell(const StudyScan& scan, const DecodeFailures& failures) {
    const bool isBroken = std::any_of(scan.unusable.begin(), scan.unusable.end(), [](const UnusableFile& file) { return !file.isForeign; });
    return !scan.objects.empty() && !isBroken && failures.empty();
}

}  // namespace cxr::cli
