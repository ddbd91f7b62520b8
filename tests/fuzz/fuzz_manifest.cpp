// Manifests (model.json), hostile. One that is accepted is written and read again as the same.
#include <cstdio>
#include <cstdlib>

#include "core/model/manifest.h"
#include "tests/fuzz/fuzz_target.h"

using namespace cxr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto manifest = parseManifest({reinterpret_cast<const char*>(data), size});
    if (!manifest.isOk()) return 0;
    const std::string written = toJson(manifest.value());
    const auto again = parseManifest(written);
    if (again.isOk() && toJson(again.value()) == written) return 0;
    std::fprintf(stderr, "not the same after writing: %s\n", again.isOk() ? "other values" : again.error().message.c_str());
    std::abort();
}

std::vector<std::string> cxr::fuzz::seeds() {
    Manifest manifest;
    manifest.id = "tiny";
    manifest.name = "Tiny";
    manifest.version = "1.0.0";
    manifest.task = "classification";
    manifest.input.framing = "heartspot";
    manifest.input.normalisation = "unit";
    manifest.input.planes = {"film", "heart"};
    manifest.input.priorJson = R"({"lines":"h"})";
    manifest.input.priorHash = std::string(64, 'b');
    ModelOutput output;
    output.name = "Cardiomegaly";
    output.calibration = {1.25, -0.5};
    output.operatingPoints = {{"youden", 0.4, 0.8, 0.7}, {"sensitivity90", 0.2, 0.9, 0.5}};
    output.auc = {0.8, 0.7, 0.9};
    output.prevalence = 0.1;
    manifest.outputs = {output, output};
    manifest.architectureName = "resnet18";
    manifest.architectureJson = R"({"name":"resnet18","classes":2})";
    manifest.weightsFile = "weights.safetensors";
    manifest.weightsSha256 = std::string(64, 'a');
    manifest.metricsJson = R"({"films":10})";
    return {toJson(manifest)};
}

std::vector<std::string> cxr::fuzz::words() {
    return {"null", "true", "-1", "1e308", "1e-400", "NaN", "{}", "[]", "\"\"", "{", "}", "[", "]", ",", ":", "\"..\"", "\"../x\"", "\"film\"",
            "\"auc\":[0,0,0],", "\"prior\":{},", "\"calibration\":{\"slope\":0.001},", "\xff", "\\u0000", "\"\\ud800\"", "4294967296",
            "18446744073709551615"};
}
