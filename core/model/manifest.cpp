#include "core/model/manifest.h"

#include <nlohmann/json.hpp>

namespace cxr {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

Error invalid(const std::string& what) { return Error{ErrorCode::InvalidArgument, "model.json: " + what}; }

// Reads typed values and remembers the first thing that is wrong.
class Reader {
  public:
    explicit Reader(Json object) : m_object(std::move(object)) {}

    std::string text(const char* key, bool isRequired = true) {
        const Json* value = find(key, isRequired);
        if (value == nullptr) return {};
        if (!value->is_string()) return fail<std::string>(key, "must be text");
        return value->get<std::string>();
    }
    int integer(const char* key, int low, int high) {
        const Json* value = find(key, true);
        if (value == nullptr) return low;
        if (!value->is_number_integer() || *value < low || *value > high) {
            return fail<int>(key, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
        }
        return value->get<int>();
    }
    Json object(const char* key, bool isRequired = true) {
        const Json* value = find(key, isRequired);
        if (value == nullptr) return Json::object();
        if (!value->is_object()) return fail<Json>(key, "must be an object");
        return *value;
    }
    Json array(const char* key) {
        const Json* value = find(key, true);
        if (value == nullptr) return Json::array();
        if (!value->is_array()) return fail<Json>(key, "must be a list");
        return *value;
    }
    void adopt(const Reader& part) {
        if (m_problem.empty()) m_problem = part.m_problem;
    }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

  private:
    const Json* find(const char* key, bool isRequired) {
        if (m_object.contains(key)) return &m_object[key];
        if (isRequired) fail<int>(key, "is missing");
        return nullptr;
    }
    template <typename T>
    T fail(const char* key, const std::string& what) {
        if (m_problem.empty()) m_problem = std::string(key) + " " + what;
        return T{};
    }

    Json m_object;
    std::string m_problem;
};

bool isPlainName(const std::string& text, const char* allowed) {
    return !text.empty() && text.size() <= 64 && text.find_first_not_of(allowed) == std::string::npos && text[0] != '.';
}

constexpr const char* kIdLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr const char* kFileLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr const char* kHexDigits = "0123456789abcdef";

std::vector<ModelOutput> readOutputs(const Json& list, Reader& problems) {
    std::vector<ModelOutput> outputs;
    for (const Json& entry : list) {
        Reader reader(entry.is_object() ? entry : Json::object());
        outputs.push_back({reader.text("name"), reader.text("meaning", false), reader.text("code_scheme", false), reader.text("code", false)});
        problems.adopt(reader);
    }
    return outputs;
}

std::string impossibleValue(const Manifest& manifest) {
    if (!isPlainName(manifest.id, kIdLetters)) return "id must be lower-case letters, digits and dashes";
    if (!isPlainName(manifest.weightsFile, kFileLetters)) return "weights.file must be a plain file name";
    if (manifest.weightsSha256.size() != 64 || manifest.weightsSha256.find_first_not_of(kHexDigits) != std::string::npos) {
        return "weights.sha256 must be 64 lower-case hex digits";
    }
    if (manifest.outputs.empty()) return "outputs must not be empty";
    return {};
}

}  // namespace

Result<Manifest> parseManifest(const std::string& json) {
    const Json root = Json::parse(json, nullptr, false);
    if (root.is_discarded() || !root.is_object()) return Error{ErrorCode::Corrupt, "model.json is not a JSON object"};
    Reader reader(root);
    reader.integer("format", kFormat, kFormat);
    Manifest manifest;
    manifest.id = reader.text("id");
    manifest.name = reader.text("name");
    manifest.version = reader.text("version");
    manifest.task = reader.text("task");
    manifest.licence = reader.text("licence", false);
    manifest.trainingData = reader.text("training_data", false);
    manifest.metricsJson = reader.object("metrics", false).dump();

    const Json input = reader.object("input");
    Reader inputReader(input);
    manifest.input = {inputReader.integer("size", 32, 2048), inputReader.integer("channels", 1, 16), inputReader.text("framing"), inputReader.text("normalisation")};
    const Json architecture = reader.object("architecture");
    Reader architectureReader(architecture);
    manifest.architectureName = architectureReader.text("name");
    manifest.architectureJson = architecture.dump();
    const Json weights = reader.object("weights");
    Reader weightsReader(weights);
    manifest.weightsFile = weightsReader.text("file");
    manifest.weightsSha256 = weightsReader.text("sha256");
    manifest.outputs = readOutputs(reader.array("outputs"), reader);
    for (const Reader* part : {&inputReader, &architectureReader, &weightsReader}) reader.adopt(*part);

    if (!reader.problem().empty()) return invalid(reader.problem());
    if (const std::string problem = impossibleValue(manifest); !problem.empty()) return invalid(problem);
    return manifest;
}

std::string toJson(const Manifest& manifest) {
    Json outputs = Json::array();
    for (const ModelOutput& output : manifest.outputs) {
        outputs.push_back({{"name", output.name}, {"meaning", output.meaning}, {"code_scheme", output.codeScheme}, {"code", output.code}});
    }
    const ModelInput& input = manifest.input;
    const auto parsed = [](const std::string& text) { return text.empty() ? Json::object() : Json::parse(text); };
    const Json root = {
        {"format", kFormat},
        {"id", manifest.id},
        {"name", manifest.name},
        {"version", manifest.version},
        {"task", manifest.task},
        {"input", {{"size", input.size}, {"channels", input.channels}, {"framing", input.framing}, {"normalisation", input.normalisation}}},
        {"outputs", outputs},
        {"architecture", parsed(manifest.architectureJson)},
        {"weights", {{"file", manifest.weightsFile}, {"sha256", manifest.weightsSha256}}},
        {"licence", manifest.licence},
        {"training_data", manifest.trainingData},
        {"metrics", parsed(manifest.metricsJson)},
    };
    return root.dump(2) + "\n";
}

}  // namespace cxr
