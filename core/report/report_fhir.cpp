#include "core/report/report_fhir.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "core/report/report_judgement.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kOurCodes = "urn:precordia:codes";
constexpr const char* kUcum = "http://unitsofmeasure.org";
constexpr const char* kSnomed = "http://snomed.info/sct";

// Entries refer to each other by names that follow from the report and the entry: the same report gives the same names.
class Names {
  public:
    explicit Names(const Report& report) : m_seed(report.filmSha256 + report.createdAt) {}
    // RFC 9562, version 8, from SHA-256.
    [[nodiscard]] std::string urn(const std::string& what) const {
        const std::string text = m_seed + "\n" + what;
        std::string hex = sha256Hex(std::as_bytes(std::span(text))).substr(0, 32);
        hex[12] = '8';
        hex[16] = "89ab"[std::stoi(hex.substr(16, 1), nullptr, 16) & 3];
        return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
               hex.substr(16, 4) + "-" + hex.substr(20);
    }

  private:
    std::string m_seed;
};

Json coding(const std::string& system, const std::string& code, const std::string& display) {
    return {{"system", system}, {"code", code}, {"display", display}};
}
Json codeable(const Json& one, const std::string& text) { return {{"coding", Json::array({one})}, {"text", text}}; }
Json ours(const std::string& code, const std::string& display) {
    return codeable(coding(kOurCodes, code, display), display);
}
Json quantity(double value, const std::string& unit, const std::string& code) {
    return {{"value", value}, {"unit", unit}, {"system", kUcum}, {"code", code}};
}
Json percent(double share) { return quantity(std::round(share * 1e6) / 1e4, "%", "%"); }
Json component(const Json& code, const char* valueKey, const Json& value) {
    return {{"code", code}, {valueKey, value}};
}

// FHIR's date is a whole day here: "2021-03-04". Headers hold other things, too.
bool isFhirDate(const std::string& text) {
    const bool isShaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    return isShaped && text.find_first_not_of("0123456789-") == std::string::npos && std::count(text.begin(), text.end(), '-') == 2;
}

std::string sentence(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

struct Writer {
    const Report& report;
    const Image& image;
    PatientIdentity identity;
    Names names;
    Json entries = Json::array();
    Json results = Json::array();  // references to the observations

    void add(const std::string& name, Json resource) {
        entries.push_back({{"fullUrl", names.urn(name)}, {"resource", std::move(resource)}});
    }
    [[nodiscard]] Json reference(const std::string& name) const { return {{"reference", names.urn(name)}}; }
    [[nodiscard]] bool hasPatient() const { return identity != PatientIdentity::None; }
    [[nodiscard]] bool hasStudy() const {
        return identity == PatientIdentity::Banner && !image.study.studyInstanceUid.empty();
    }

    void addPatient(const std::string& pseudonym);
    void addStudy();
    void addDevices();
    Json observation(const Json& code, const std::string& device) const;
    void addObservation(const std::string& name, Json resource);
    void addRatio();
    void addFindings();
    void addFinding(const PackJudgement& pack, const FindingProbability& finding);
    void addReport();
};

std::string deviceName(const ModelStamp& model) { return "device " + model.id + " " + model.weightsSha256; }

std::string genderOf(const std::string& sex) {
    if (sex == "M") return "male";
    if (sex == "F") return "female";
    return sex == "O" ? "other" : "unknown";
}

void Writer::addPatient(const std::string& pseudonym) {
    if (!hasPatient()) return;
    Json patient{{"resourceType", "Patient"}};
    const bool isNamed = identity == PatientIdentity::Banner;
    const std::string id = isNamed ? image.patient.id : pseudonym;
    if (!id.empty()) patient["identifier"] = Json::array({{{"value", id}}});
    if (isNamed && !image.patient.name.empty()) patient["name"] = Json::array({{{"text", image.patient.name}}});
    patient["gender"] = genderOf(image.patient.sex);
    if (isNamed && isFhirDate(image.patient.birthDate)) patient["birthDate"] = image.patient.birthDate;
    add("patient", std::move(patient));
}

// The film by its DICOM identifiers.
void Writer::addStudy() {
    if (!hasStudy()) return;
    const StudyFacts& facts = image.study;
    Json study{
        {"resourceType", "ImagingStudy"},
        {"identifier", Json::array({{{"system", "urn:dicom:uid"}, {"value", "urn:oid:" + facts.studyInstanceUid}}})},
        {"status", "available"},
        {"subject", reference("patient")}};
    if (facts.modality.empty() || facts.seriesInstanceUid.empty()) return add("study", std::move(study));
    Json series{{"uid", facts.seriesInstanceUid},
                {"modality", {{"system", "http://dicom.nema.org/resources/ontology/DCM"}, {"code", facts.modality}}}};
    series["instance"] =
        Json::array({{{"uid", facts.sopInstanceUid},
                      {"sopClass", {{"system", "urn:ietf:rfc:3986"}, {"code", "urn:oid:" + facts.sopClassUid}}}}});
    study["series"] = Json::array({series});
    add("study", std::move(study));
}

void Writer::addDevices() {
    for (const UsedModel& used : usedModels(report)) {
        Json device{{"resourceType", "Device"},
                    {"identifier",
                     Json::array({{{"system", "urn:precordia:weights-sha256"}, {"value", used.model.weightsSha256}}})},
                    {"manufacturer", "Precordia"},
                    {"deviceName", Json::array({{{"name", used.model.name}, {"type", "model-name"}}})},
                    {"version", Json::array({{{"value", used.model.version}}})},
                    {"note", Json::array({{{"text", std::string("Network for ") + toString(used.role)}}})}};
        if (used.model.weightsSha256.empty()) device.erase("identifier");
        if (used.model.version.empty()) device.erase("version");
        add(deviceName(used.model), std::move(device));
    }
}

Json Writer::observation(const Json& code, const std::string& device) const {
    Json resource{
        {"resourceType", "Observation"},
        {"status", "preliminary"},
        {"category",
         Json::array({codeable(
             coding("http://terminology.hl7.org/CodeSystem/observation-category", "imaging", "Imaging"), "Imaging")})},
        {"code", code}};
    if (hasPatient()) resource["subject"] = reference("patient");
    if (isFhirDate(image.study.studyDate) && identity == PatientIdentity::Banner)
        resource["effectiveDateTime"] = image.study.studyDate;
    resource["issued"] = report.createdAt;
    resource["device"] = reference(device);
    if (hasStudy()) resource["derivedFrom"] = Json::array({reference("study")});
    return resource;
}

void Writer::addObservation(const std::string& name, Json resource) {
    add(name, std::move(resource));
    results.push_back(reference(name));
}

void Writer::addRatio() {
    const ChestMeasurement& chest = report.chest;
    Json resource = observation(ours("cardiothoracic-ratio", "Cardiothoracic ratio"), deviceName(report.model));
    resource["note"] = Json::array({{{"text", kNotDiagnostic}}});
    for (const std::string& note : chest.notes) resource["note"].push_back({{"text", validUtf8(note)}});
    if (chest.verdict == Verdict::NotMeasured || chest.isUncertain) {
        resource["dataAbsentReason"] = codeable(
            coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown"), report.verdict);
        addObservation("ratio", std::move(resource));
        return;
    }
    resource["valueQuantity"] = quantity(std::round(chest.ratio * 1000) / 1000, "1", "1");
    resource["interpretation"] = Json::array({ours(toString(chest.verdict), report.verdict)});
    const double heart = std::abs(chest.heartLine.to.x - chest.heartLine.from.x),
                 thorax = std::abs(chest.chestLine.to.x - chest.chestLine.from.x);
    const bool isMm = image.spacing.isKnown();
    const double scale = isMm ? image.spacing.columnMm : 1;
    const auto width = [&](double px) {
        return isMm ? quantity(std::round(px * scale * 10) / 10, "mm", "mm")
                    : quantity(std::round(px), "px", "{pixels}");
    };
    if (isMm) resource["note"].push_back({{"text", "Lengths follow from: " + originText(image.spacing)}});
    resource["component"] =
        Json::array({component(ours("heart-width", "Heart width"), "valueQuantity", width(heart)),
                     component(ours("chest-width", "Inner chest width"), "valueQuantity", width(thorax))});
    addObservation("ratio", std::move(resource));
}

Json findingConcept(const FindingProbability& finding) {
    if (finding.code.empty() || finding.codeScheme != "SCT") return ours(finding.name, labelOf(finding));
    return codeable(coding(kSnomed, finding.code, labelOf(finding)), labelOf(finding));
}

void Writer::addFinding(const PackJudgement& pack, const FindingProbability& finding) {
    const std::string name = "finding " + pack.model.id + " " + finding.name;
    const std::string words = labelOf(finding) + ": probability given by a network";
    Json resource = observation(
        codeable(coding(kOurCodes, "finding-probability", "Probability of a finding, given by a network"), words),
        deviceName(pack.model));
    resource["valueQuantity"] = percent(finding.probability);
    if (finding.point) {
        const bool isPositive = finding.isPositive();
        resource["interpretation"] =
            Json::array({codeable(coding("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                                         isPositive ? "POS" : "NEG", isPositive ? "Positive" : "Negative"),
                                  decisionText(finding))});
    }
    resource["note"] =
        Json::array({{{"text", std::string(kNotDiagnostic) + (finding.isCalibrated ? "" : "; not calibrated")}}});
    for (const std::string& note : report.judgement->notes) resource["note"].push_back({{"text", validUtf8(note)}});
    Json components =
        Json::array({component(ours("finding", "Finding"), "valueCodeableConcept", findingConcept(finding))});
    if (finding.point) {
        components.push_back(component(ours("threshold", "Threshold: " + labelOf(*finding.point)), "valueQuantity",
                                       percent(finding.point->threshold)));
        if (finding.point->sensitivity > 0 || finding.point->specificity > 0) {
            components.push_back(component(ours("sensitivity", "Sensitivity at the threshold"), "valueQuantity",
                                           percent(finding.point->sensitivity)));
            components.push_back(component(ours("specificity", "Specificity at the threshold"), "valueQuantity",
                                           percent(finding.point->specificity)));
        }
    }
    resource["component"] = std::move(components);
    addObservation(name, std::move(resource));
}

// Of a pack for one disease only that disease, as on screen.
void Writer::addFindings() {
    if (!report.judgement) return;
    for (const PackJudgement& pack : report.judgement->packs) {
        if (!pack.error.empty()) continue;
        if (pack.role == ModelRole::Diseases) {
            for (const FindingProbability& finding : pack.findings) addFinding(pack, finding);
        } else if (pack.role == ModelRole::Cardiomegaly || pack.role == ModelRole::HeartSpot) {
            if (const FindingProbability* finding = pack.find("Cardiomegaly")) addFinding(pack, *finding);
        }
    }
}

void Writer::addReport() {
    Json resource{
        {"resourceType", "DiagnosticReport"},
        {"status", "preliminary"},
        {"category", Json::array({codeable(coding("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology"),
                                           "Radiology")})},
        {"code", codeable(coding("http://loinc.org", "36554-4", "XR Chest Single view"), "Chest film")}};
    if (hasPatient()) resource["subject"] = reference("patient");
    if (isFhirDate(image.study.studyDate) && identity == PatientIdentity::Banner)
        resource["effectiveDateTime"] = image.study.studyDate;
    resource["issued"] = report.createdAt;
    resource["result"] = results;
    if (hasStudy()) resource["imagingStudy"] = Json::array({reference("study")});
    std::string conclusion = sentence(report.verdict);
    if (!report.cardiomegaly.sentence.empty()) conclusion += " " + sentence(report.cardiomegaly.sentence);
    conclusion += std::string(" ") + kNotDiagnostic + ".";
    for (const std::string& note : report.notes) conclusion += (&note == &report.notes.front() ? "\n\nNotes: " : " ") + sentence(validUtf8(note));
    if (!report.text.impression.empty()) conclusion += "\n\nImpression of the reader: " + validUtf8(report.text.impression);
    resource["conclusion"] = conclusion;
    if (!report.text.reader.empty()) resource["resultsInterpreter"] = Json::array({{{"display", validUtf8(report.text.reader)}}});
    entries.insert(entries.begin(), Json{{"fullUrl", names.urn("report")}, {"resource", std::move(resource)}});
}

}  // namespace

std::string reportFhir(const Report& report, const Image& image, const ReportOptions& options) {
    Writer writer{report, image, options.identity, Names(report)};
    writer.addPatient(options.pseudonym);
    writer.addStudy();
    writer.addDevices();
    writer.addRatio();
    writer.addFindings();
    writer.addReport();
    const Json bundle{{"resourceType", "Bundle"},
                      {"type", "collection"},
                      {"timestamp", report.createdAt},
                      {"entry", std::move(writer.entries)}};
    return bundle.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cxr
