// One film per line, RFC 4180 with CRLF; columns are stable: new ones are added at the end.
#include <array>
#include <functional>

#include "core/report/report.h"
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

std::string line(const std::function<std::string(const Column&)>& field) {
    std::string result;
    for (const Column& column : kColumns)
        result += (result.empty() && &column == &kColumns.front() ? "" : ",") + field(column);
    return result + "\r\n";
}

}  // namespace

std::string reportCsvHeader() {
    return line([](const Column& column) { return std::string(column.name); });
}

std::string reportCsvRow(const Report& report) {
    return line([&report](const Column& column) { return column.value(report); });
}

}  // namespace cxr
