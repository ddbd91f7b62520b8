#include "core/model/checkpoint_builder.h"

#include <algorithm>

#include "core/model/shown_name.h"

namespace cxr {
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t kSmallBytes = 1U << 20;
constexpr std::uint64_t kMaxGatherRatio = 8;
constexpr int kMaxWrappers = 4;
constexpr std::string_view kWrappers[] = {"state_dict", "model_state_dict", "model", "net", "network", "weights"};
constexpr const char* kConvert = "load it in Python and save its state_dict() again with torch.save";

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, "the checkpoint is broken: " + reason}; }
Error unsupported(const std::string& reason) { return {ErrorCode::Unsupported, reason}; }

bool holdsTensors(const PickleDocument& document, const PickleValue& dict) {
    for (std::size_t i = 1; i < dict.items.size(); i += 2) {
        if (isTorchTensor(document, document.at(dict.items[i]))) return true;
    }
    return false;
}

std::string keysOf(const PickleDocument& document, const PickleValue& dict) {
    constexpr std::size_t kShown = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(dict.items.size(), 2 * kShown); i += 2) {
        const PickleValue& key = document.at(dict.items[i]);
        list +=
            (list.empty() ? "" : ", ") + (key.kind == Kind::Text ? shownName(key.text, 40) : std::string("(not text)"));
    }
    return list.empty() ? "nothing" : list;
}

struct StateDict {
    const PickleValue* dict = nullptr;
    std::string place;
};

// The first wrapper that is a dictionary; with `wantTensors` only one that holds tensors itself.
const std::string_view* findWrapper(const PickleDocument& document, const PickleValue& dict, bool wantTensors) {
    for (const std::string_view& wrapper : kWrappers) {
        const PickleValue* value = document.find(dict, wrapper);
        if (value != nullptr && value->kind == Kind::Dict && (!wantTensors || holdsTensors(document, *value))) {
            return &wrapper;
        }
    }
    return nullptr;
}

// A wrapper with tensors comes before tensors that stand beside it ({"state_dict": ..., "best_loss": tensor}).
Result<StateDict> findStateDict(const PickleDocument& document) {
    StateDict found{&document.root(), {}};
    if (found.dict->kind != Kind::Dict) {
        return unsupported(std::string("the checkpoint holds no dictionary of names: ") + kConvert);
    }
    for (int level = 0; level < kMaxWrappers; ++level) {
        const std::string_view* wrapper = findWrapper(document, *found.dict, true);
        if (wrapper == nullptr && holdsTensors(document, *found.dict)) return found;
        if (wrapper == nullptr) wrapper = findWrapper(document, *found.dict, false);
        if (wrapper == nullptr) break;
        found.dict = document.find(*found.dict, *wrapper);
        found.place += (found.place.empty() ? "" : "/") + std::string(*wrapper);
    }
    if (holdsTensors(document, *found.dict)) return found;
    return unsupported("the checkpoint holds no state_dict; it holds " + keysOf(document, *found.dict) + ": " +
                       kConvert);
}

}  // namespace

CheckpointBuilder::CheckpointBuilder(const PickleDocument& document, std::size_t fileBytes)
    : m_document(document),
      m_gatherLeft(kSmallBytes + kMaxGatherRatio * fileBytes),
      m_copies(std::make_shared<std::deque<std::vector<std::byte>>>()) {}

Result<TorchCheckpoint> CheckpointBuilder::build(const TorchStorages& storages, const FindStorage& find) {
    const auto stateDict = findStateDict(m_document);
    if (!stateDict.isOk()) return stateDict.error();
    const auto& items = stateDict.value().dict->items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        auto added = add(m_document.at(items[i]), m_document.at(items[i + 1]), storages, find);
        if (!added.isOk()) return added.error();
    }
    m_checkpoint.m_place = stateDict.value().place;
    m_checkpoint.m_copies = m_copies;
    return std::move(m_checkpoint);
}

Result<Done> CheckpointBuilder::add(const PickleValue& key, const PickleValue& value, const TorchStorages& storages,
                                    const FindStorage& find) {
    if (key.kind != Kind::Text) return corrupt("a name in its state_dict is not text");
    if (!isTorchTensor(m_document, value)) {
        return unsupported("the checkpoint's state_dict holds " + shownName(key.text) +
                           ", which is not a tensor: remove it in Python and torch.save again");
    }
    const auto tensor = torchTensor(m_document, value, storages);
    if (!tensor.isOk()) return Error(tensor.error()).within(shownName(key.text));
    const TorchStorage& storage = storages.at(tensor.value().storage);
    const auto bytes = find(storage);
    if (!bytes.isOk()) return bytes.error();
    const auto view = viewOf(tensor.value(), storage, bytes.value());
    if (!view.isOk()) return view.error();
    const bool isNew = m_checkpoint.m_tensors.emplace(key.text, view.value()).second;
    if (!isNew) return corrupt("its state_dict holds " + shownName(key.text) + " twice");
    return Done{};
}

// Items that lie in order are not copied.
Result<TensorView> CheckpointBuilder::viewOf(const TorchTensor& tensor, const TorchStorage& storage, Bytes bytes) {
    const std::size_t item = itemSize(storage.type);
    const std::uint64_t length = tensor.count() * item;
    TensorView view{storage.type, tensor.shape, {}};
    if (length == 0) return view;
    if (tensor.isContiguous()) {
        view.bytes = bytes.subspan(tensor.offset * item, length);
        return view;
    }
    if (length > m_gatherLeft) {
        return Error{ErrorCode::TooLarge, "the checkpoint's arrays claim far more than the file holds"};
    }
    m_gatherLeft -= length;
    view.bytes = keep(gatherItems(tensor, bytes, item));
    return view;
}

}  // namespace cxr
