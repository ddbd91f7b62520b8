#include "core/pacs/dicom_json.h"

#include <nlohmann/json.hpp>

#include "core/pacs/association.h"
#include "core/pacs/query_texts.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxRows = 20'000;

std::string valueText(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
    if (value.is_number()) return value.dump();
    if (value.is_object() && value.contains("Alphabetic") && value["Alphabetic"].is_string()) return value["Alphabetic"].get<std::string>();
    return {};
}

const Json* valuesOf(const Json& object, const char* tag) {
    const auto element = object.find(tag);
    if (element == object.end() || !element->is_object()) return nullptr;
    const auto values = element->find("Value");
    return values != element->end() && values->is_array() && !values->empty() ? &*values : nullptr;
}

// All values, joined with a backslash as DICOM does.
std::string text(const Json& object, const char* tag) {
    const Json* values = valuesOf(object, tag);
    std::string joined;
    if (values == nullptr) return joined;
    for (const Json& value : *values) joined += (joined.empty() ? "" : "\\") + valueText(value);
    return oneLine(joined);
}

int number(const Json& object, const char* tag) { return std::max(0, std::atoi(text(object, tag).c_str())); }

StudyRow studyOf(const Json& object) {
    StudyRow row;
    row.studyUid = text(object, "0020000D");
    row.patientName = text(object, "00100010");
    row.patientId = text(object, "00100020");
    row.birthDate = text(object, "00100030");
    row.sex = text(object, "00100040");
    row.date = text(object, "00080020");
    row.time = text(object, "00080030");
    row.accession = text(object, "00080050");
    row.modalities = text(object, "00080061");
    row.description = text(object, "00081030");
    row.series = number(object, "00201206");
    row.objects = number(object, "00201208");
    return row;
}

SeriesRow seriesOf(const Json& object) {
    return {text(object, "0020000E"), text(object, "00080060"), text(object, "00200011"), text(object, "0008103E"), number(object, "00201209")};
}

template <typename Row>
Result<std::vector<Row>> rowsFrom(const std::string& json, Row (*rowOf)(const Json&)) {
    std::vector<Row> rows;
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_array() || parsed.size() > kMaxRows) return Error{ErrorCode::Corrupt, "the server's answer to the search is not DICOM JSON"};
    for (const Json& object : parsed) {
        if (object.is_object()) rows.push_back(rowOf(object));
    }
    return rows;
}

}  // namespace

Result<std::vector<StudyRow>> studiesFromJson(const std::string& json) { return rowsFrom<StudyRow>(json, studyOf); }
Result<std::vector<SeriesRow>> seriesFromJson(const std::string& json) { return rowsFrom<SeriesRow>(json, seriesOf); }

SentObject storedFromJson(const std::string& json) {
    SentObject object;
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) {
        object.answer = "the server did not say whether it stored the object";
        return object;
    }
    if (const Json* failed = valuesOf(parsed, "00081198")) {
        const int reason = failed->front().is_object() ? number(failed->front(), "00081197") : 0;
        object.answer = statusText(static_cast<unsigned>(reason));
        return object;
    }
    const Json* stored = valuesOf(parsed, "00081199");
    object.isStored = stored != nullptr;
    object.answer = object.isStored ? "stored" : "the server did not say whether it stored the object";
    return object;
}

}  // namespace cxr
