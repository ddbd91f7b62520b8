// The report of a de-identification run as CSV and JSON, and the table of boxes that a person confirms.
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/dataset/csv.h"
#include "core/pipeline/deidentify_run.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

// The columns of the CSV and the keys of the JSON, one list for both.
Json factsOf(const DeidentifiedFile& file, std::size_t number) {
    const CleaningCounts& counts = file.object.counts;
    return {{"input", number},
            {"status", file.output.empty() ? "refused" : "written"},
            {"reason", file.error},
            {"output", file.output},
            {"patient", file.object.patientCode},
            {"modality", file.object.modality},
            {"sop_class", file.object.sopClassUid},
            {"transfer_syntax", file.object.transferSyntaxUid},
            {"removed", counts.removed},
            {"removed_private", counts.removedPrivate},
            {"removed_unknown", counts.removedUnknown},
            {"emptied", counts.emptied},
            {"dummies", counts.replaced},
            {"mapped_uids", counts.mappedUids},
            {"moved_dates", counts.movedDates},
            {"cleaned_texts", counts.cleanedTexts},
            {"texts_with_identity", counts.foundByWord},
            {"boxes", file.boxes},
            {"picture_unchanged", file.object.isPictureUntouched},
            {"header_says_burned_in", file.object.saysBurnedIn},
            {"heartspot", file.heartSpot}};
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

std::string cellOf(const Json& value) { return quoted(value.is_string() ? value.get<std::string>() : value.dump()); }

std::string rowOf(const Json& facts, bool isHeader) {
    std::string row;
    for (const auto& [key, value] : facts.items()) row += (row.empty() ? "" : ",") + (isHeader ? key : cellOf(value));
    return row + "\n";
}

Result<int> wholeNumber(const CsvReader& reader, int column) {
    const Result<std::optional<double>> number = reader.number(column);
    if (!number.isOk()) return number.error();
    if (!number.value() || *number.value() < 0 || *number.value() > 1e6 || *number.value() != static_cast<int>(*number.value())) {
        return reader.corrupt("x, y, width and height must be whole numbers of pixels");
    }
    return static_cast<int>(*number.value());
}

Result<TextBox> boxIn(const CsvReader& reader, const std::vector<int>& columns) {
    std::array<int, 4> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Result<int> number = wholeNumber(reader, columns[i]);
        if (!number.isOk()) return number.error();
        numbers[i] = number.value();
    }
    return TextBox(numbers[0], numbers[1], numbers[2], numbers[3]);
}

}  // namespace

std::string deidentifyCsv(const DeidentifySummary& summary) {
    std::string text = rowOf(factsOf({}, 0), true);
    for (std::size_t i = 0; i < summary.files.size(); ++i) text += rowOf(factsOf(summary.files[i], i + 1), false);
    return text;
}

std::string deidentifyJson(const DeidentifySummary& summary) {
    Json json{{"program", "Precordia"}, {"written", summary.written()}, {"refused", summary.refused()}};
    for (const PrivacyLayer& layer : summary.card) {
        json["privacy_card"].push_back({{"layer", layer.title}, {"done", layer.done}, {"not_measured", layer.notMeasured}});
    }
    json["files"] = Json::array();
    for (std::size_t i = 0; i < summary.files.size(); ++i) json["files"].push_back(factsOf(summary.files[i], i + 1));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Done> writeFilmBoxes(const std::filesystem::path& csv, const FilmBoxes& boxes) {
    std::string text = "file,x,y,width,height\n";
    for (const auto& [file, found] : boxes) {
        for (const TextBox& box : found) {
            text += quoted(file.string()) + "," + std::to_string(box.x) + "," + std::to_string(box.y) + "," +
                    std::to_string(box.width) + "," + std::to_string(box.height) + "\n";
        }
    }
    return writeFileAtomically(csv, text);
}

Result<FilmBoxes> readFilmBoxes(const std::filesystem::path& csv) {
    Result<CsvReader> opened = CsvReader::open(csv);
    if (!opened.isOk()) return opened.error();
    CsvReader reader = std::move(opened).value();
    std::vector<int> columns;
    for (const char* name : {"file", "x", "y", "width", "height"}) {
        const Result<int> column = reader.requiredColumn({name});
        if (!column.isOk()) return column.error();
        columns.push_back(column.value());
    }
    FilmBoxes boxes;
    while (true) {
        const Result<bool> next = reader.next();
        if (!next.isOk()) return next.error();
        if (!next.value()) return boxes;
        const Result<TextBox> box = boxIn(reader, {columns.begin() + 1, columns.end()});
        if (!box.isOk()) return box.error();
        boxes[std::string(reader.cell(columns[0]))].push_back(box.value());
    }
}

}  // namespace cxr
