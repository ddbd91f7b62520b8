#include "core/pipeline/import_pack.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/atomic_folder.h"
#include "core/base/sha256.h"
#include "core/model/key_maps.h"
#include "core/model/pack.h"
#include "core/model/trust.h"
#include "core/model/vocabulary.h"
#include "core/model/weights_fit.h"
#include "core/pipeline/import_card.h"
#include "core/pipeline/import_plan.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
using Arrays = std::map<std::string, TensorView>;

constexpr const char* kWeightsFile = "weights.safetensors";
constexpr const char* kProgramFile = "model.pt";

Error stopped() { return {ErrorCode::Cancelled, "the import was stopped"}; }

// Names of last layers: ResNet, VGG, EfficientNet, DenseNet.
constexpr const char* kHeads[] = {"fc.weight", "classifier.6.weight", "classifier.1.weight", "classifier.weight"};

std::optional<std::int64_t> outputCount(const Arrays& arrays) {
    for (const char* name : kHeads) {
        const auto head = arrays.find(name);
        if (head != arrays.end() && head->second.shape.size() == 2) return head->second.shape[0];
    }
    return std::nullopt;
}

// By the file's own names, then by the network's.
std::string suggestedSource(const Arrays& given, const Arrays& arrays) {
    const auto hasPart = [&](const char* part) {
        return std::any_of(given.begin(), given.end(), [&](const auto& a) { return a.first.find(part) != std::string::npos; });
    };
    if (hasPart("densenet121.")) return "chexnet";
    if (hasPart("op_threshs")) return "torchxrayvision";
    const auto first = arrays.find("features.conv0.weight");
    const bool isGray = first != arrays.end() && first->second.shape.size() == 4 && first->second.shape[1] == 1;
    if (isGray && outputCount(arrays) == 18) return "torchxrayvision";
    return outputCount(arrays) ? "torchvision" : "none";
}

// One import, step after step.
class Import {
  public:
    Import(const ImportRequest& request, Engine& engine, const RunContext& context)
        : m_request(request), m_engine(engine), m_context(context) {}

    Result<ImportOutcome> run();

  private:
    Result<Done> rename(const WeightsSource& source);
    Result<Done> nameOutputs();
    Result<Done> nameOrgans();
    Result<Done> compare();
    Result<std::vector<TensorToWrite>> converted();
    TensorToWrite convertedOne(const std::string& name, const TensorView& view);
    Result<ImportOutcome> importArrays(const WeightsSource& source);
    Result<ImportOutcome> importProgram();
    Result<Done> tryProgram(const fs::path& folder);
    Result<Done> trySegmentation(const fs::path& folder);
    Result<Done> writePack(const fs::path& folder, const std::function<Result<Done>(const fs::path&)>& writeWeights);
    [[nodiscard]] std::size_t givenOutputs() const { return m_plan.isSegmentation ? organOutputs().size() : m_plan.classes.size(); }
    [[nodiscard]] bool areRowsChosen() const;  // not all in the file's order
    [[nodiscard]] bool isHeadArray(const std::string& name) const {
        const std::string head = m_plan.isSegmentation ? "head" : "classifier";
        return name == head + ".weight" || name == head + ".bias";
    }

    const ImportRequest& m_request;
    Engine& m_engine;
    const RunContext& m_context;
    ImportPlan m_plan;
    ImportOutcome m_outcome;
    std::string m_fileSha256;
    WeightsKind m_kind = WeightsKind::Checkpoint;
    Arrays m_arrays;
    std::vector<float> m_thresholds;        // one per class of the file, NaN: never trained; empty: none
    std::vector<std::size_t> m_keptOutputs;  // of the file's, in the pack's order; all unless some were never trained
};

// The file's names become the network's; a source's thresholds are taken out.
Result<Done> Import::rename(const WeightsSource& source) {
    if (m_request.source == "none") {
        m_arrays = source.tensors();
        return Done{};
    }
    const auto map = findKeyMap(m_request.source);
    if (!map.isOk()) return map.error();
    auto mapped = mapKeys(map.value(), source.tensors());
    if (!mapped.isOk()) return std::move(mapped).error();
    m_thresholds = mapped.value().operatingThresholds;
    m_arrays = std::move(mapped).value().tensors;
    return Done{};
}

// Words of the vocabulary of places for the outputs that it knows; how many. Without it nothing changes.
std::size_t addPlaces(std::vector<ModelOutput>& outputs) {
    const Result<Vocabulary> vocabulary = findVocabulary();
    if (!vocabulary.isOk()) return 0;
    std::size_t known = 0;
    for (ModelOutput& output : outputs) known += addWords(vocabulary.value(), output) ? 1 : 0;
    return known;
}

// Names, thresholds, and which outputs stay.
Result<Done> Import::nameOutputs() {
    const auto count = outputCount(m_arrays);
    if (m_plan.classes.empty()) {
        const std::string known = count ? "its " + std::to_string(*count) + " outputs" : "its outputs";
        return Error{ErrorCode::InvalidArgument, "nothing says what the network answers: name " + known + " in their order (classes)"};
    }
    if (count && static_cast<std::uint64_t>(*count) != m_plan.classes.size()) {
        return Error{ErrorCode::InvalidArgument, "the file's network has " + std::to_string(*count) + " outputs, but " +
                                                     std::to_string(m_plan.classes.size()) + " classes are named: name each in its order"};
    }
    auto outputs = namedOutputs(m_plan.classes);
    if (!outputs.isOk()) return std::move(outputs).error();
    const bool hasThresholds = m_thresholds.size() == m_plan.classes.size() &&
                               std::any_of(m_thresholds.begin(), m_thresholds.end(), [](float t) { return !std::isnan(t); });
    std::string untrained;
    for (std::size_t i = 0; i < outputs.value().size(); ++i) {
        ModelOutput output = outputs.value()[i];
        if (hasThresholds && std::isnan(m_thresholds[i])) {
            untrained += (untrained.empty() ? "" : ", ") + output.name;
            continue;
        }
        // What a threshold gave on their films its authors do not say in the file: 0 and 0.
        if (hasThresholds) output.operatingPoints = {{"authors", m_thresholds[i], 0, 0}};
        m_keptOutputs.push_back(i);
        m_outcome.manifest.outputs.push_back(std::move(output));
    }
    if (const std::size_t places = addPlaces(m_outcome.manifest.outputs); places > 0) {
        m_outcome.notes.push_back(std::to_string(places) + " outputs are places of locations/vocabulary.json, which gave their words.");
    }
    if (!untrained.empty()) {
        m_outcome.notes.push_back("Outputs without an operating threshold were never trained and are left out: " + untrained + ".");
    }
    return Done{};
}

Result<Done> Import::nameOrgans() {
    auto planes = organPlanes(m_request.organs);
    if (!planes.isOk()) return std::move(planes).error();
    m_keptOutputs = std::move(planes).value();
    m_outcome.manifest.outputs = organOutputs();
    return Done{};
}

bool Import::areRowsChosen() const {
    return m_keptOutputs.size() < givenOutputs() || !std::is_sorted(m_keptOutputs.begin(), m_keptOutputs.end());
}

// The file against the whole network, before outputs are left out.
Result<Done> Import::compare() {
    const auto architecture = architectureFor(m_plan, givenOutputs());
    if (!architecture.isOk()) return architecture.error();
    const auto described = m_engine.describe(architecture.value());
    if (!described.isOk()) return described.error();
    ArrayShapes wanted;
    for (const TensorShape& array : described.value()) wanted[array.name] = array.shape;
    m_outcome.misfits = weightsMisfits(wanted, m_arrays);
    for (auto array = m_arrays.begin(); array != m_arrays.end();) {
        array = isBatchCounter(array->first) ? m_arrays.erase(array) : std::next(array);
    }
    return Done{};
}

// Rows of outputs that stay; half precision where it is asked for. What cannot be written joins the misfits.
TensorToWrite Import::convertedOne(const std::string& name, const TensorView& view) {
    std::vector<float> values = toFloats(view);
    TensorToWrite array{name, TensorType::Float32, view.shape, {}};
    if (areRowsChosen() && isHeadArray(name)) {
        const std::size_t row = values.size() / givenOutputs();
        std::vector<float> kept;
        for (const std::size_t i : m_keptOutputs) {
            kept.insert(kept.end(), values.begin() + static_cast<std::ptrdiff_t>(i * row),
                        values.begin() + static_cast<std::ptrdiff_t>((i + 1) * row));
        }
        values = std::move(kept);
        array.shape[0] = static_cast<std::int64_t>(m_keptOutputs.size());
    }
    const bool isHalf = m_request.asHalf && view.shape.size() > 1;
    const bool isFinite = std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
    if (!isFinite) m_outcome.misfits.push_back(name + " holds a value that is no finite number");
    else if (isHalf && std::any_of(values.begin(), values.end(), [](float v) { return std::abs(v) >= 65520; })) {
        m_outcome.misfits.push_back(name + " holds a number too large for half precision");
    }
    array.bytes.resize(values.size() * (isHalf ? sizeof(std::uint16_t) : sizeof(float)));
    if (isHalf) {
        array.type = TensorType::Float16;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::uint16_t half = halfFromFloat(values[i]);
            std::memcpy(array.bytes.data() + i * sizeof half, &half, sizeof half);
        }
    } else if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
    m_outcome.numbers += values.size();
    return array;
}

Result<std::vector<TensorToWrite>> Import::converted() {
    std::vector<TensorToWrite> list;
    for (const auto& [name, view] : m_arrays) {
        if (m_context.isCancelled()) return stopped();
        list.push_back(convertedOne(name, view));
        m_context.report(0.3 + 0.5 * static_cast<double>(list.size()) / static_cast<double>(m_arrays.size()));
    }
    m_outcome.arrays = list.size();
    return list;
}

// Weights, card, then model.json: a folder with model.json is complete.
Result<Done> Import::writePack(const fs::path& folder, const std::function<Result<Done>(const fs::path&)>& writeWeights) {
    Manifest& manifest = m_outcome.manifest;
    if (auto written = writeWeights(folder / manifest.weightsFile); !written.isOk()) return written;
    const auto hash = sha256OfFile(folder / manifest.weightsFile);
    if (!hash.isOk()) return hash.error();
    manifest.weightsSha256 = hash.value();
    const ImportedCard card{manifest,    m_plan.preset,     m_request.file.filename().string(), m_fileSha256, toString(m_kind),
                            m_request.asHalf, m_outcome.notes};
    if (auto written = writeFileAtomically(folder / "CARD.md", cardText(card)); !written.isOk()) return written;
    const std::string text = toJson(manifest);
    if (auto valid = parseManifest(text); !valid.isOk()) return std::move(valid).error();
    if (auto written = writeFileAtomically(folder / "model.json", text); !written.isOk()) return written;
    m_context.report(0.95);
    if (m_context.isCancelled()) return stopped();
    return Done{};
}

Result<ImportOutcome> Import::importArrays(const WeightsSource& source) {
    if (m_plan.preset.architecture.empty()) return Error{ErrorCode::InvalidArgument, "name the network that these weights are of (architecture)"};
    if (auto renamed = rename(source); !renamed.isOk()) return std::move(renamed).error();
    auto named = m_plan.isSegmentation ? nameOrgans() : nameOutputs();
    if (!named.isOk()) return std::move(named).error();
    if (auto compared = compare(); !compared.isOk()) return std::move(compared).error();
    if (!m_outcome.misfits.empty()) return m_outcome;
    m_context.report(0.3);
    auto list = converted();
    if (!list.isOk()) return std::move(list).error();
    if (!m_outcome.misfits.empty()) return m_outcome;
    const auto architecture = architectureFor(m_plan, m_keptOutputs.size());
    if (!architecture.isOk()) return architecture.error();
    m_outcome.manifest.architectureJson = architecture.value();
    m_outcome.manifest.weightsFile = kWeightsFile;
    auto written = writeFolderAtomically(m_request.outFolder, [&](const fs::path& folder) {
        auto filled = writePack(folder, [&](const fs::path& file) {
            return writeSafetensors(file, std::move(list).value(), {{"format", "pt"}});
        });
        return filled.isOk() && m_plan.isSegmentation ? trySegmentation(folder) : filled;
    });
    if (!written.isOk()) return std::move(written).error();
    m_outcome.folder = m_request.outFolder;
    return m_outcome;
}

// Runs the program once on an empty film; the engine refuses it if it does not give one number per class.
Result<Done> Import::tryProgram(const fs::path& folder) {
    const ModelInput& input = m_outcome.manifest.input;
    NetworkPlanes planes{1, input.size, input.size, {}};
    planes.values.resize(static_cast<std::size_t>(input.size) * static_cast<std::size_t>(input.size));
    const auto answer = m_engine.predict(folder, planes, m_context);
    return answer.isOk() ? Result<Done>(Done{}) : Result<Done>(answer.error());
}

// Outlines an empty film once: the engine refuses a network that does not give one plane per organ.
Result<Done> Import::trySegmentation(const fs::path& folder) {
    const int side = m_outcome.manifest.input.size;
    const GrayFilm film{side, side, std::vector<float>(static_cast<std::size_t>(side) * static_cast<std::size_t>(side))};
    const auto answer = m_engine.segment(folder, film, SegmentOptions{false}, RunContext{m_context.stop, {}});
    return answer.isOk() ? Result<Done>(Done{}) : Result<Done>(answer.error());
}

Result<ImportOutcome> Import::importProgram() {
    if (m_plan.isSegmentation) {
        return Error{ErrorCode::Unsupported, "a TorchScript program cannot outline heart and lungs here; export its weights (state_dict) instead"};
    }
    if (m_request.trustedSha256 != m_fileSha256) {
        return Error{ErrorCode::Unsupported,
                     "the file is a TorchScript program, which can do on this machine whatever you can do: if you trust those who "
                     "made it, import it again and name its SHA-256, " + m_fileSha256};
    }
    Manifest& manifest = m_outcome.manifest;
    auto outputs = namedOutputs(m_plan.classes);
    if (!outputs.isOk()) return std::move(outputs).error();
    if (outputs.value().empty()) {
        return Error{ErrorCode::InvalidArgument, "nothing says what the program answers: name its outputs in their order (classes)"};
    }
    manifest.outputs = std::move(outputs).value();
    manifest.architectureName = kTorchScript;
    manifest.architectureJson = nlohmann::json{{"name", kTorchScript}}.dump();
    manifest.weightsFile = kProgramFile;
    if (auto trusted = addTrust(m_fileSha256, manifest.id); !trusted.isOk()) return std::move(trusted).error();
    m_outcome.notes.push_back("The pack holds a TorchScript program, which is now trusted on this account; it makes no activation maps.");
    auto written = writeFolderAtomically(m_request.outFolder, [&](const fs::path& folder) -> Result<Done> {
        auto filled = writePack(folder, [&](const fs::path& file) -> Result<Done> {
            std::error_code wrong;
            fs::copy_file(m_request.file, file, wrong);
            return wrong ? Result<Done>(Error{ErrorCode::WriteFailed, "cannot copy the program: " + wrong.message()}) : Result<Done>(Done{});
        });
        if (!filled.isOk()) return filled;
        if (manifest.weightsSha256 == m_fileSha256) return tryProgram(folder);
        return Error{ErrorCode::Corrupt, "the program changed while it was imported: import it again"};
    });
    if (!written.isOk()) return std::move(written).error();
    m_outcome.folder = m_request.outFolder;
    return m_outcome;
}

Result<ImportOutcome> Import::run() {
    auto plan = planImport(m_request);
    if (!plan.isOk()) return std::move(plan).error();
    m_plan = std::move(plan).value();
    m_outcome.manifest = m_plan.manifest;
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(m_request.outFolder, ignored))) {
        return Error{ErrorCode::InvalidArgument, "the folder " + m_request.outFolder.filename().string() + " already exists; choose another or remove it"};
    }
    auto hash = sha256OfFile(m_request.file);
    if (!hash.isOk()) return std::move(hash).error();
    m_fileSha256 = std::move(hash).value();
    m_context.report(0.1);
    if (m_context.isCancelled()) return stopped();
    const auto source = WeightsSource::open(m_request.file);
    if (!source.isOk()) return source.error();
    m_context.report(0.2);
    if (m_context.isCancelled()) return stopped();
    m_kind = source.value().kind();
    auto outcome = m_kind == WeightsKind::TorchScript ? importProgram() : importArrays(source.value());
    if (outcome.isOk()) m_context.report(1);
    return outcome;
}

}  // namespace

Result<WeightsFacts> inspectWeights(const fs::path& file) {
    const auto source = WeightsSource::open(file);
    if (!source.isOk()) return source.error();
    auto hash = sha256OfFile(file);
    if (!hash.isOk()) return std::move(hash).error();
    WeightsFacts facts;
    facts.kind = source.value().kind();
    facts.sha256 = std::move(hash).value();
    facts.suggestedSource = "none";
    if (facts.kind == WeightsKind::TorchScript) return facts;
    Arrays renamed;  // without the prefixes that a saved model may put before every name
    const KeyMap map = findKeyMap("chexnet").value();
    for (const auto& [name, view] : source.value().tensors()) {
        if (isBatchCounter(name)) continue;
        ++facts.arrays;
        facts.numbers += static_cast<std::uint64_t>(view.count());
        renamed[mappedKey(map, name)] = view;
    }
    facts.outputs = outputCount(renamed);
    facts.suggestedSource = suggestedSource(source.value().tensors(), renamed);
    return facts;
}

Result<ImportOutcome> importPack(const ImportRequest& request, Engine& engine, const RunContext& context) {
    return Import(request, engine, context).run();
}

}  // namespace cxr
