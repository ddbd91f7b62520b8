#include "core/model/vocabulary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/model/registry.h"

namespace cxr {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kFile = "locations/vocabulary.json";
constexpr int kFormat = 1;
constexpr std::int64_t kLargestFile = 1 << 22;

Error wrong(const std::string& what) { return {ErrorCode::InvalidArgument, std::string(kFile) + ": " + what}; }

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

LocationLabel labelOf(const Json& json) {
    return {json.at("name").get<std::string>(),
            json.at("finding").get<std::string>(),
            json.at("laterality").get<std::string>(),
            json.at("location").get<std::string>(),
            json.at("zones").get<std::vector<std::string>>(),
            json.at("meaning").get<std::string>(),
            json.value("code_scheme", ""),
            json.value("code", "")};
}

Result<Done> check(const LocationLabel& label, const Vocabulary& vocabulary) {
    if (label.name.empty() || label.name.size() > 64) return wrong("a label's name must have 1 to 64 letters");
    const std::string where = "label " + label.name + ": ";
    if (vocabulary.find(label.name) != nullptr) return wrong(where + "the name is there twice");
    if (!contains({"left", "right", "bilateral"}, label.laterality)) return wrong(where + "laterality must be left, right or bilateral");
    if (label.zones.empty()) return wrong(where + "zones must not be empty");
    for (const std::string& zone : label.zones) {
        if (!contains(vocabulary.zones, zone)) return wrong(where + "zones must be of the file's own list");
    }
    if (label.code.empty() != label.codeScheme.empty()) return wrong(where + "code and code_scheme belong together");
    return Done{};
}

Result<Vocabulary> vocabularyOf(const Json& json) {
    if (json.at("format") != kFormat) return wrong("format must be 1; update the program");
    Vocabulary vocabulary{json.at("version").get<std::string>(), json.at("zones").get<std::vector<std::string>>(), {}};
    for (const Json& entry : json.at("labels")) {
        LocationLabel label = labelOf(entry);
        if (const Result<Done> checked = check(label, vocabulary); !checked.isOk()) return checked.error();
        vocabulary.labels.push_back(std::move(label));
    }
    if (vocabulary.labels.empty()) return wrong("labels must not be empty");
    return vocabulary;
}

}  // namespace

bool LocationLabel::isToldByZones() const { return contains({"upper_zone", "middle_zone", "lower_zone", "lung"}, location); }

const LocationLabel* Vocabulary::find(const std::string& name) const {
    const auto found = std::find_if(labels.begin(), labels.end(), [&](const LocationLabel& label) { return label.name == name; });
    return found == labels.end() ? nullptr : &*found;
}

Result<Vocabulary> parseVocabulary(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return Error{ErrorCode::Corrupt, std::string(kFile) + " is not a JSON object; install the models again"};
    try {
        return vocabularyOf(json);
    } catch (const Json::exception& problem) {  // a key is missing or has another type; the message names it
        return wrong("it cannot be read (" + std::string(problem.what()) + ")");
    }
}

Result<Vocabulary> findVocabulary() { return findVocabulary(modelFolders()); }

Result<Vocabulary> findVocabulary(const std::vector<fs::path>& modelFolders) {
    for (const fs::path& folder : modelFolders) {
        std::error_code ignored;
        if (!fs::exists(folder / kFile, ignored)) continue;
        const Result<std::string> text = readWholeFile(folder / kFile, kLargestFile);
        return text.isOk() ? parseVocabulary(text.value()) : Result<Vocabulary>(text.error());
    }
    return Error{ErrorCode::NotFound, std::string("no model folder has ") + kFile + "; install the models that come with the program"};
}

bool addWords(const Vocabulary& vocabulary, ModelOutput& output) {
    const LocationLabel* label = vocabulary.find(output.name);
    if (label == nullptr) return false;
    output.meaning = label->meaning;
    output.codeScheme = label->codeScheme;
    output.code = label->code;
    return true;
}

}  // namespace cxr
