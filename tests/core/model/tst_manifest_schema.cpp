// models/manifest.schema.json and parseManifest say the same: keys, what is required, ranges; and the shipped packs obey both.
#include <QTest>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "build_paths.h"
#include "core/base/atomic_file.h"
#include "core/model/manifest.h"

using namespace cxr;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

const fs::path kModels = fs::path(CXR_SOURCE_DIR) / "models";

Json jsonOf(const fs::path& file) {
    const auto text = readWholeFile(file);
    return text.isOk() ? Json::parse(text.value(), nullptr, false) : Json();
}

// Every value that a manifest can have.
Manifest fullManifest() {
    Manifest m{"full", "Full", "1.0.0", "classification", {}, {}, "resnet18", R"({"name": "resnet18"})", "weights.safetensors",
               std::string(64, 'a'), "Apache-2.0", "Phantoms", R"({"mean_auc": [0.7, 0.6, 0.8]})"};
    m.input = {64, 2, "heartspot", "unit", {"film", "heart"}, R"({"rows": true})", "00ff"};
    ModelOutput& output = m.outputs.emplace_back();
    output.name = "Cardiomegaly", output.meaning = "Large heart", output.codeScheme = "SCT", output.code = "8186001";
    output.calibration = {0.9, -0.1};
    output.operatingPoints = {{"youden", 0.4, 0.8, 0.7}};
    output.auc = {0.7, 0.6, 0.8};
    output.prevalence = 0.1;
    output.isAuxiliary = true;
    m.precision = "bf16";
    return m;
}

bool isOpen(const Json& schema) { return !schema.contains("properties"); }  // an object of which the schema says nothing

// "input.size", "outputs[].name", ...: every key that a value has below objects of the schema, and every key of the schema.
void collectKeys(const Json& value, const Json& schema, const std::string& at, std::set<std::string>& keys) {
    if (value.is_array() && schema.contains("items")) {
        for (const Json& entry : value) collectKeys(entry, schema["items"], at + "[]", keys);
    }
    if (!value.is_object() || isOpen(schema)) return;
    for (const auto& [key, inner] : value.items()) {
        keys.insert(at + "." + key);
        collectKeys(inner, schema["properties"].value(key, Json::object()), at + "." + key, keys);
    }
}
void collectKeysOfSchema(const Json& schema, const std::string& at, std::set<std::string>& keys) {
    if (schema.contains("items")) collectKeysOfSchema(schema["items"], at + "[]", keys);
    if (isOpen(schema)) return;
    for (const auto& [key, inner] : schema["properties"].items()) {
        keys.insert(at + "." + key);
        collectKeysOfSchema(inner, at + "." + key, keys);
    }
}

// Calls visit(schema of an object, pointer to that object in the full manifest).
void visitObjects(const Json& schema, const Json::json_pointer& at, const std::function<void(const Json&, const Json::json_pointer&)>& visit) {
    if (schema.contains("items")) visitObjects(schema["items"], at / 0, visit);
    if (isOpen(schema)) return;
    visit(schema, at);
    for (const auto& [key, inner] : schema["properties"].items()) visitObjects(inner, at / key, visit);
}

bool parses(const Json& manifest) { return parseManifest(manifest.dump()).isOk(); }

}  // namespace

class TestManifestSchema : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_schema = jsonOf(kModels / "manifest.schema.json");
        QVERIFY(m_schema.is_object());
        m_full = Json::parse(toJson(fullManifest()));
        QVERIFY(parses(m_full));
        collectKeysOfSchema(m_schema, "", m_schemaKeys);
    }

    void schemaHasExactlyTheKeysOfAManifest() {
        std::set<std::string> keys;
        collectKeys(m_full, m_schema, "", keys);
        for (const std::string& key : keys) QVERIFY2(m_schemaKeys.contains(key), ("not in the schema: " + key).c_str());
        for (const std::string& key : m_schemaKeys) QVERIFY2(keys.contains(key), ("no manifest has: " + key).c_str());
    }

    void requiredIsWhatTheReaderMisses() {
        int checked = 0;
        visitObjects(m_schema, Json::json_pointer(), [&](const Json& schema, const Json::json_pointer& at) {
            const Json required = schema.value("required", Json::array());
            for (const auto& [key, inner] : schema["properties"].items()) {
                Json without = m_full;
                without[at].erase(key);
                const bool isRequired = std::find(required.begin(), required.end(), key) != required.end();
                const bool isMissed = key == "prior_hash" || isRequired;  // dependentRequired: the manifest has a prior
                QVERIFY2(parses(without) != isMissed, (at / key).to_string().c_str());
                ++checked;
            }
        });
        QCOMPARE(checked, static_cast<int>(m_schemaKeys.size()));
    }

    void rangesAreTheReaders() {
        int checked = 0;
        visitObjects(m_schema, Json::json_pointer(), [&](const Json& schema, const Json::json_pointer& at) {
            for (const auto& [key, inner] : schema["properties"].items()) {
                if (!inner.contains("minimum")) continue;
                for (const char* end : {"minimum", "maximum"}) {
                    Json changed = m_full;
                    changed[at / key] = inner[end];
                    QVERIFY2(parses(changed), (at / key).to_string().c_str());
                    const double step = std::string(end) == "minimum" ? -1 : 1;
                    if (inner["type"] == "integer") changed[at / key] = inner[end].get<int>() + static_cast<int>(step);
                    else changed[at / key] = inner[end].get<double>() + step;
                    QVERIFY2(!parses(changed), (at / key).to_string().c_str());
                }
                ++checked;
            }
        });
        QVERIFY(checked >= 8);
    }

    // The table of networks is torch's to build; its names stand in its source.
    void architecturesAreThoseOfTheTable() {
        const auto source = readWholeFile(fs::path(CXR_SOURCE_DIR) / "core/nn/architectures.cpp");
        QVERIFY(source.isOk());
        std::set<std::string> names{"torchscript"};
        const std::regex row(R"lit(\{"([a-z0-9_]+)", &make)lit");
        for (std::sregex_iterator match(source.value().begin(), source.value().end(), row), end; match != end; ++match) names.insert((*match)[1]);
        QVERIFY(names.size() > 20);
        QCOMPARE(m_schema["properties"]["architecture"]["properties"]["name"]["enum"].get<std::set<std::string>>(), names);
    }

    void shippedPacksObeyBoth() {
        int packs = 0;
        for (const auto& entry : fs::directory_iterator(kModels)) {
            const fs::path file = entry.path() / "model.json";
            if (!fs::exists(file)) continue;
            const Json json = jsonOf(file);
            const std::string name = entry.path().filename().string();
            const auto read = parseManifest(json.dump());
            QVERIFY2(read.isOk(), (name + ": " + (read.isOk() ? "" : read.error().message)).c_str());
            QCOMPARE(read.value().id, name);
            std::set<std::string> keys;
            collectKeys(json, m_schema, "", keys);
            for (const std::string& key : keys) {
                const bool isHyperParameter = key.starts_with(".architecture.");
                QVERIFY2(isHyperParameter || m_schemaKeys.contains(key), (name + " has a key that the schema lacks: " + key).c_str());
            }
            const auto isOneOf = [](const Json& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); };
            const Json& properties = m_schema["properties"];
            QVERIFY2(isOneOf(properties["architecture"]["properties"]["name"]["enum"], read.value().architectureName), name.c_str());
            QVERIFY2(isOneOf(properties["task"]["enum"], read.value().task), name.c_str());
            const Json& input = properties["input"]["properties"];
            QVERIFY2(isOneOf(input["framing"]["enum"], read.value().input.framing), name.c_str());
            QVERIFY2(isOneOf(input["normalisation"]["enum"], read.value().input.normalisation), name.c_str());
            for (const std::string& plane : read.value().input.planes) QVERIFY2(isOneOf(input["planes"]["items"]["enum"], plane), name.c_str());
            ++packs;
        }
        QVERIFY(packs >= 1);
    }

  private:
    Json m_schema, m_full;
    std::set<std::string> m_schemaKeys;
};

QTEST_GUILESS_MAIN(TestManifestSchema)
#include "tst_manifest_schema.moc"
