#include "core/dataset/packed_dataset.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/model/safetensors.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "precordia-dataset";
constexpr const char* kVersion = "1";

Error broken(const std::string& rule) { return {ErrorCode::Corrupt, "the packed data set is broken: " + rule + "; pack it again"}; }

Result<Done> check(const PackedDataset& dataset) {
    const auto values = static_cast<std::size_t>(dataset.channels) * static_cast<std::size_t>(dataset.height) *
                        static_cast<std::size_t>(dataset.width);
    if (dataset.films.empty() || values == 0) return Error{ErrorCode::InvalidArgument, "there is no film to pack"};
    for (const LabelledInput& film : dataset.films) {
        if (film.planes.size() == values && film.labels.size() == dataset.classes.size()) continue;
        return Error{ErrorCode::InvalidArgument, "films of different shapes or classes cannot be packed together"};
    }
    return Done{};
}

template <typename T>
void append(std::vector<std::byte>& bytes, const T* values, std::size_t count) {
    const auto* begin = reinterpret_cast<const std::byte*>(values);
    bytes.insert(bytes.end(), begin, begin + count * sizeof(T));
}

// A JSON array of one text of every film.
std::string textsOf(const std::vector<LabelledInput>& films, std::string LabelledInput::* text) {
    Json array = Json::array();
    for (const LabelledInput& film : films) array.push_back(film.*text);
    return array.dump();
}

std::optional<std::vector<std::string>> texts(const SafetensorsFile& file, const std::string& key) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) return std::nullopt;
    const Json array = Json::parse(found->second, nullptr, false);
    if (!array.is_array()) return std::nullopt;
    std::vector<std::string> values;
    for (const Json& value : array) {
        if (!value.is_string()) return std::nullopt;
        values.push_back(value.get<std::string>());
    }
    return values;
}

// The array of this name if it has this type and number of dimensions; else null.
const TensorView* arrayOf(const SafetensorsFile& file, const std::string& name, TensorType type, std::size_t dimensions) {
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end() || found->second.type != type || found->second.shape.size() != dimensions) return nullptr;
    return &found->second;
}

template <typename T>
T valueAt(const TensorView& view, std::size_t index) {
    T value;
    std::memcpy(&value, view.bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

struct Parts {
    const TensorView* planes = nullptr;
    const TensorView* labels = nullptr;
    const TensorView* folds = nullptr;
    std::vector<std::string> classes, names, groups, sites;
    std::string input;
};

Result<Parts> partsOf(const SafetensorsFile& file) {
    const auto& metadata = file.metadata();
    const auto format = metadata.find("format"), version = metadata.find("version");
    if (format == metadata.end() || format->second != kFormat) {
        return Error{ErrorCode::Corrupt, "this file is no packed data set; make one with precordia-cli dataset pack"};
    }
    if (version == metadata.end() || version->second != kVersion) return broken("its version is not 1");
    Parts parts{arrayOf(file, "planes", TensorType::UInt8, 4), arrayOf(file, "labels", TensorType::Float32, 2),
                arrayOf(file, "folds", TensorType::Int32, 1), {}, {}, {}, {}, {}};
    if (parts.planes == nullptr || parts.labels == nullptr || parts.folds == nullptr) {
        return broken("planes (uint8, 4 dimensions), labels (float32, 2) or folds (int32, 1) are missing");
    }
    for (auto [key, target] : {std::pair{"classes", &parts.classes}, {"names", &parts.names}, {"groups", &parts.groups},
                               {"sites", &parts.sites}}) {
        auto values = texts(file, key);
        if (!values) return broken(std::string("its metadata has no list \"") + key + "\"");
        *target = std::move(*values);
    }
    const auto input = metadata.find("input");
    parts.input = input == metadata.end() ? "" : input->second;
    return parts;
}

Result<Done> check(const Parts& parts) {
    const auto& shape = parts.planes->shape;
    const std::size_t films = parts.names.size();
    if (films == 0 || shape[1] < 1 || shape[2] < 1 || shape[3] < 1 || shape[1] > 64 || shape[2] > 16384 || shape[3] > 1 << 24) {
        return broken("its planes have no usable size");
    }
    const bool isConsistent = static_cast<std::size_t>(shape[0]) == films && parts.groups.size() == films &&
                              parts.sites.size() == films && static_cast<std::size_t>(parts.folds->shape[0]) == films &&
                              static_cast<std::size_t>(parts.labels->shape[0]) == films &&
                              static_cast<std::size_t>(parts.labels->shape[1]) == parts.classes.size();
    if (!isConsistent) return broken("its arrays and lists differ in length");
    if (std::set<std::string>(parts.names.begin(), parts.names.end()).size() != films) return broken("two films have one name");
    if (!Json::parse(parts.input, nullptr, false).is_object()) return broken("its input is no JSON object");
    return Done{};
}

Result<LabelledInput> filmOf(const Parts& parts, std::size_t index) {
    LabelledInput film;
    film.name = parts.names[index];
    film.group = parts.groups[index];
    film.site = parts.sites[index];
    film.fold = valueAt<std::int32_t>(*parts.folds, index);
    if (film.fold < -1) return broken("a fold is below -1");
    const std::size_t values = parts.planes->bytes.size() / parts.names.size();
    film.planes.resize(values);
    std::memcpy(film.planes.data(), parts.planes->bytes.data() + index * values, values);
    for (std::size_t c = 0; c < parts.classes.size(); ++c) {
        const float label = film.labels.emplace_back(valueAt<float>(*parts.labels, index * parts.classes.size() + c));
        if (!std::isnan(label) && !(label >= 0 && label <= 1)) return broken("a label is not in [0, 1]");
    }
    return film;
}

}  // namespace

Result<Done> writePackedDataset(const std::filesystem::path& file, PackedDataset dataset) {
    const auto checked = check(dataset);
    if (!checked.isOk()) return checked;
    const auto count = static_cast<std::int64_t>(dataset.films.size());
    TensorToWrite planes{"planes", TensorType::UInt8, {count, dataset.channels, dataset.height, dataset.width}, {}};
    TensorToWrite labels{"labels", TensorType::Float32, {count, static_cast<std::int64_t>(dataset.classes.size())}, {}};
    TensorToWrite folds{"folds", TensorType::Int32, {count}, {}};
    const std::map<std::string, std::string> metadata{{"format", kFormat}, {"version", kVersion},
        {"classes", Json(dataset.classes).dump()}, {"names", textsOf(dataset.films, &LabelledInput::name)},
        {"groups", textsOf(dataset.films, &LabelledInput::group)}, {"sites", textsOf(dataset.films, &LabelledInput::site)},
        {"input", dataset.inputJson}};
    planes.bytes.reserve(dataset.films.size() * dataset.films.front().planes.size());
    for (LabelledInput& film : dataset.films) {
        append(planes.bytes, film.planes.data(), film.planes.size());
        append(labels.bytes, film.labels.data(), film.labels.size());
        const std::int32_t fold = film.fold;
        append(folds.bytes, &fold, 1);
        film.planes = {};
    }
    std::vector<TensorToWrite> tensors;
    for (TensorToWrite* tensor : {&planes, &labels, &folds}) tensors.push_back(std::move(*tensor));
    return writeSafetensors(file, std::move(tensors), metadata);
}

Result<PackedDataset> readPackedDataset(const std::filesystem::path& file) {
    const auto opened = SafetensorsFile::open(file);
    if (!opened.isOk()) return opened.error();
    const auto parts = partsOf(opened.value());
    if (!parts.isOk()) return parts.error();
    const auto checked = check(parts.value());
    if (!checked.isOk()) return checked.error();
    const auto& shape = parts.value().planes->shape;
    PackedDataset dataset{parts.value().classes, parts.value().input, static_cast<int>(shape[1]), static_cast<int>(shape[2]),
                          static_cast<int>(shape[3]), {}};
    for (std::size_t i = 0; i < parts.value().names.size(); ++i) {
        auto film = filmOf(parts.value(), i);
        if (!film.isOk()) return std::move(film).error();
        dataset.films.push_back(std::move(film).value());
    }
    return dataset;
}

}  // namespace cxr
