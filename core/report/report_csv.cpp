// One film per line, RFC 4180 with CRLF; columns are stable: new ones are added at the end.
#include <array>
#include <functional>
#include <utility>

#include "core/report/report.h"
#include "core/report/report_judgement.h"
#include "core/report/report_text.h"

namespace cxr {
namespace {

const NamedValue* find(const std::vector<NamedValue>& values, const char* key) {
    for (const NamedValue& value : values)
        if (value.key == key) return &value;
    return nullptr;
}

std::string text(const std::vector<NamedValue>& values, const char* key) {
    const NamedValue* found = find(values, key);
    return found ? csvField(found->value) : std::string();
}

std::string number(const std::vector<NamedValue>& values, const char* key) {
    const NamedValue* found = find(values, key);
    return found && found->number ? numberText(*found->number) : std::string();
}

std::string joined(const std::vector<std::string>& parts) {
    std::string result;
    for (const std::string& part : parts) result += (result.empty() ? "" : " | ") + part;
    return csvField(result);
}

struct Column {
    const char* name;
    std::string (*value)(const Report&);
};

// Patient columns hold what the report shows: nothing when the identity is left out.
constexpr std::array kColumns{
    Column{"film", [](const Report& r) { return csvField(r.filmName); }},
    Column{"film_sha256", [](const Report& r) { return csvField(r.filmSha256); }},
    Column{"patient_id", [](const Report& r) { return text(r.patient, "patient_id"); }},
    Column{"pseudonym", [](const Report& r) { return text(r.patient, "pseudonym"); }},
    Column{"sex", [](const Report& r) { return text(r.patient, "sex"); }},
    Column{"age", [](const Report& r) { return text(r.patient, "age"); }},
    Column{"view", [](const Report& r) { return text(r.technique, "view"); }},
    Column{"cardiothoracic_ratio", [](const Report& r) { return number(r.findings, "cardiothoracic_ratio"); }},
    Column{"verdict", [](const Report& r) { return text(r.findings, "verdict"); }},
    Column{"quality", [](const Report& r) { return number(r.findings, "quality"); }},
    Column{"heart_width_px", [](const Report& r) { return number(r.findings, "heart_width_px"); }},
    Column{"chest_width_px", [](const Report& r) { return number(r.findings, "chest_width_px"); }},
    Column{"heart_width_mm", [](const Report& r) { return number(r.findings, "heart_width_mm"); }},
    Column{"chest_width_mm", [](const Report& r) { return number(r.findings, "chest_width_mm"); }},
    Column{"pixel_spacing", [](const Report& r) { return text(r.technique, "pixel_spacing"); }},
    Column{"corrected", [](const Report& r) { return text(r.findings, "corrected"); }},
    Column{"notes", [](const Report& r) { return joined(r.notes); }},
    Column{"heartspot_prior",
           [](const Report& r) { return r.heartSpot ? csvField(r.heartSpot->priorName) : std::string(); }},
    Column{"heartspot_in_memory_ratio",
           [](const Report& r) { return r.heartSpot ? numberText(r.heartSpot->inMemoryRatio) : std::string(); }},
    Column{"heartspot_on_disk_ratio",
           [](const Report& r) { return r.heartSpot ? numberText(r.heartSpot->onDiskRatio) : std::string(); }},
    Column{"model", [](const Report& r) { return csvField(r.model.name); }},
    Column{"model_version", [](const Report& r) { return csvField(r.model.version); }},
    Column{"model_sha256", [](const Report& r) { return csvField(r.model.weightsSha256); }},
    Column{"program_version", [](const Report& r) { return csvField(r.programVersion); }},
    Column{"created_at", [](const Report& r) { return csvField(r.createdAt); }},
    Column{"notice", [](const Report&) { return std::string(kNotDiagnostic); }},
};

const FindingProbability* findingOf(const Report& report, ModelRole role, const std::string& name) {
    const PackJudgement* pack = report.judgement ? report.judgement->of(role) : nullptr;
    return pack != nullptr ? pack->find(name) : nullptr;
}

std::string probabilityText(const Report& report, ModelRole role, const std::string& name) {
    const FindingProbability* finding = findingOf(report, role, name);
    return finding != nullptr ? numberText(finding->probability) : std::string();
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

const char* agreementWord(const CardiomegalyReadings& readings) {
    if (readings.readings.size() < 2 || readings.agreement == Agreement::TooFew) return "";
    return readings.agreement == Agreement::Agree ? "agree" : "disagree";
}

std::string modelsText(const Report& report) {
    std::vector<std::string> models;
    for (const UsedModel& used : usedModels(report)) {
        models.push_back(used.model.id + " " + used.model.version + " " + used.model.weightsSha256);
    }
    return joined(models);
}

using Field = std::pair<std::string, std::function<std::string(const Report&)>>;

// What the networks said: probabilities by the role's pack, empty where it has no such output.
std::vector<Field> judgementFields() {
    std::vector<Field> fields;
    const auto addProbability = [&](const std::string& column, ModelRole role, const std::string& name) {
        fields.emplace_back(column, [role, name](const Report& r) { return probabilityText(r, role, name); });
    };
    for (const char* disease : kChest14Diseases) {
        addProbability("probability_" + lower(disease), ModelRole::Diseases, disease);
    }
    addProbability("probability_lateral", ModelRole::View, "Lateral");
    addProbability("probability_ap", ModelRole::View, "AP");
    addProbability("cardiomegaly_network", ModelRole::Cardiomegaly, "Cardiomegaly");
    addProbability("cardiomegaly_heartspot", ModelRole::HeartSpot, "Cardiomegaly");
    fields.emplace_back("cardiomegaly_agreement", [](const Report& r) { return agreementWord(r.cardiomegaly); });
    fields.emplace_back("models", modelsText);
    fields.emplace_back("explanations", [](const Report& r) {
        std::vector<std::string> lines;
        for (const ReportMap& map : r.maps) lines.push_back(lineOf(map));
        return joined(lines);
    });
    return fields;
}

const std::vector<Field>& allFields() {
    static const std::vector<Field> all = [] {
        std::vector<Field> fields;
        for (const Column& column : kColumns) fields.emplace_back(column.name, column.value);
        for (Field& field : judgementFields()) fields.push_back(std::move(field));
        return fields;
    }();
    return all;
}

std::string line(const std::function<std::string(const Field&)>& textOf) {
    std::string result;
    for (const Field& field : allFields()) result += (&field == &allFields().front() ? "" : ",") + textOf(field);
    return result + "\r\n";
}

}  // namespace

std::string reportCsvHeader() {
    return line([](const Field& field) { return field.first; });
}

std::string reportCsvRow(const Report& report) {
    return line([&report](const Field& field) { return field.second(report); });
}

}  // namespace cxr
