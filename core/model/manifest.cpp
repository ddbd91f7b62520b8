// model.json to values and back.
#include "core/model/manifest.h"

#include <cmath>

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
    bool flag(const char* key) {
        const Json* value = find(key, false);
        if (value == nullptr) return false;
        if (!value->is_boolean()) return fail<bool>(key, "must be true or false");
        return value->get<bool>();
    }
    Json object(const char* key, bool isRequired = true) {
        const Json* value = find(key, isRequired);
        if (value == nullptr) return Json::object();
        if (!value->is_object()) return fail<Json>(key, "must be an object");
        return *value;
    }
    // Required unless `fallback` says what an absent number is.
    double number(const char* key, double low, double high, std::optional<double> fallback = {}) {
        const Json* value = find(key, !fallback);
        if (value == nullptr) return fallback.value_or(low);
        const double given = value->is_number() ? value->get<double>() : std::nan("");
        if (!(given >= low && given <= high)) return fail<double>(key, "must be a number in its range");
        return given;
    }
    Json array(const char* key, bool isRequired = true) {
        const Json* value = find(key, isRequired);
        if (value == nullptr) return Json::array();
        if (!value->is_array()) return fail<Json>(key, "must be a list");
        return *value;
    }
    void adopt(const Reader& part) {
        if (m_problem.empty()) m_problem = part.m_problem;
    }
    void reject(const char* key, const std::string& what) { fail<int>(key, what); }
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

std::vector<OperatingPoint> readOperatingPoints(const Json& list, Reader& problems) {
    std::vector<OperatingPoint> points;
    for (const Json& entry : list) {
        Reader reader(entry.is_object() ? entry : Json::object());
        points.push_back({reader.text("name"), reader.number("threshold", 0, 1), reader.number("sensitivity", 0, 1),
                          reader.number("specificity", 0, 1)});
        problems.adopt(reader);
    }
    return points;
}

std::optional<std::array<double, 3>> readInterval(const Json& output, Reader& problems) {
    if (!output.contains("auc")) return std::nullopt;
    const Json& list = output["auc"];
    const bool isTriple = list.is_array() && list.size() == 3 && list[0].is_number() && list[1].is_number() && list[2].is_number();
    if (!isTriple) {
        problems.reject("auc", "must be [value, low, high]");
        return std::nullopt;
    }
    return list.get<std::array<double, 3>>();
}

ModelOutput readOutput(const Json& entry, Reader& problems) {
    const Json object = entry.is_object() ? entry : Json::object();
    Reader reader(object);
    ModelOutput output{reader.text("name"), reader.text("meaning", false), reader.text("code_scheme", false),
                       reader.text("code", false)};
    Reader calibration(reader.object("calibration", false));
    output.calibration = {calibration.number("slope", 1e-3, 1e3, 1), calibration.number("intercept", -1e3, 1e3, 0)};
    output.operatingPoints = readOperatingPoints(reader.array("operating_points", false), reader);
    output.auc = readInterval(object, reader);
    output.isAuxiliary = reader.flag("auxiliary");
    if (object.contains("prevalence")) output.prevalence = reader.number("prevalence", 0, 1);
    reader.adopt(calibration);
    problems.adopt(reader);
    return output;
}

std::vector<ModelOutput> readOutputs(const Json& list, Reader& problems) {
    std::vector<ModelOutput> outputs;
    for (const Json& entry : list) outputs.push_back(readOutput(entry, problems));
    return outputs;
}

ModelInput readInput(const Json& object, Reader& problems) {
    Reader reader(object);
    ModelInput input;
    input.size = reader.integer("size", 32, 2048);
    input.channels = reader.integer("channels", 1, 16);
    input.framing = reader.text("framing");
    input.normalisation = reader.text("normalisation");
    if (object.contains("planes")) {
        input.planes.clear();
        for (const Json& plane : reader.array("planes")) input.planes.push_back(plane.is_string() ? plane.get<std::string>() : "");
        if (input.planes.empty() || input.planes[0] != "film") reader.reject("planes", "must begin with \"film\"");
    }
    if (object.contains("prior")) {
        input.priorJson = reader.object("prior").dump();
        input.priorHash = reader.text("prior_hash");
    }
    problems.adopt(reader);
    return input;
}

std::string impossibleValue(const Manifest& manifest) {
    if (!isPlainName(manifest.id, kIdLetters)) return "id must be lower-case letters, digits and dashes";
    if (!isPlainName(manifest.weightsFile, kFileLetters)) return "weights.file must be a plain file name";
    if (manifest.weightsSha256.size() != 64 || manifest.weightsSha256.find_first_not_of(kHexDigits) != std::string::npos) {
        return "weights.sha256 must be 64 lower-case hex digits";
    }
    if (manifest.outputs.empty()) return "outputs must not be empty";
    if (manifest.precision != "float32" && manifest.precision != "bf16") return "precision must be float32 or bf16";
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
    if (root.contains("precision")) manifest.precision = reader.text("precision");

    manifest.input = readInput(reader.object("input"), reader);
    const Json architecture = reader.object("architecture");
    Reader architectureReader(architecture);
    manifest.architectureName = architectureReader.text("name");
    manifest.architectureJson = architecture.dump();
    const Json weights = reader.object("weights");
    Reader weightsReader(weights);
    manifest.weightsFile = weightsReader.text("file");
    manifest.weightsSha256 = weightsReader.text("sha256");
    manifest.outputs = readOutputs(reader.array("outputs"), reader);
    for (const Reader* part : {&architectureReader, &weightsReader}) reader.adopt(*part);

    if (!reader.problem().empty()) return invalid(reader.problem());
    if (const std::string problem = impossibleValue(manifest); !problem.empty()) return invalid(problem);
    return manifest;
}

namespace {

Json parsed(const std::string& text) { return text.empty() ? Json::object() : Json::parse(text); }

Json jsonOf(const ModelOutput& output) {
    Json json{{"name", output.name}, {"meaning", output.meaning}, {"code_scheme", output.codeScheme}, {"code", output.code}};
    if (output.calibration.slope != 1 || output.calibration.intercept != 0) {
        json["calibration"] = {{"slope", output.calibration.slope}, {"intercept", output.calibration.intercept}};
    }
    for (const OperatingPoint& point : output.operatingPoints) {
        json["operating_points"].push_back({{"name", point.name}, {"threshold", point.threshold},
                                            {"sensitivity", point.sensitivity}, {"specificity", point.specificity}});
    }
    if (output.isAuxiliary) json["auxiliary"] = true;
    if (output.auc) json["auc"] = *output.auc;
    if (output.prevalence) json["prevalence"] = *output.prevalence;
    return json;
}

Json jsonOf(const ModelInput& input) {
    Json json{{"size", input.size}, {"channels", input.channels}, {"framing", input.framing}, {"normalisation", input.normalisation}};
    if (input.planes != std::vector<std::string>{"film"}) json["planes"] = input.planes;
    if (input.priorJson.empty()) return json;
    json["prior"] = parsed(input.priorJson);
    json["prior_hash"] = input.priorHash;
    return json;
}

}  // namespace

std::string toJson(const Manifest& manifest) {
    Json outputs = Json::array();
    for (const ModelOutput& output : manifest.outputs) outputs.push_back(jsonOf(output));
    Json root = {
        {"format", kFormat},
        {"id", manifest.id},
        {"name", manifest.name},
        {"version", manifest.version},
        {"task", manifest.task},
        {"input", jsonOf(manifest.input)},
        {"outputs", outputs},
        {"architecture", parsed(manifest.architectureJson)},
        {"weights", {{"file", manifest.weightsFile}, {"sha256", manifest.weightsSha256}}},
        {"licence", manifest.licence},
        {"training_data", manifest.trainingData},
        {"metrics", parsed(manifest.metricsJson)},
    };
    if (manifest.precision != Manifest().precision) root["precision"] = manifest.precision;
    return root.dump(2) + "\n";
}

}  // namespace cxr
