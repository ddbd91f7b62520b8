#include "core/model/torch_tensors.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/model/shown_name.h"

namespace cxr {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMaxDimensions = 8;
constexpr std::uint64_t kMaxItems = std::uint64_t{1} << 40;

constexpr std::string_view kTensor1 = "torch._utils._rebuild_tensor";
constexpr std::string_view kTensor2 = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view kParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view kSize = "torch.Size";

struct StorageName {
    std::string_view name;
    TensorType type;
};
constexpr StorageName kStorageNames[] = {
    {"FloatStorage", TensorType::Float32},     {"HalfStorage", TensorType::Float16},
    {"BFloat16Storage", TensorType::BFloat16}, {"DoubleStorage", TensorType::Float64},
    {"LongStorage", TensorType::Int64},        {"IntStorage", TensorType::Int32},
    {"ShortStorage", TensorType::Int16},       {"CharStorage", TensorType::Int8},
    {"ByteStorage", TensorType::UInt8},        {"BoolStorage", TensorType::Bool}};

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, "the checkpoint is broken: " + reason}; }

// "torch.FloatStorage" and, from files that were written on a GPU before 1.6, "torch.cuda.FloatStorage".
std::optional<TensorType> storageType(std::string_view name) {
    for (const std::string_view prefix : {"torch.cuda.", "torch."}) {
        if (!name.starts_with(prefix)) continue;
        const auto* found = std::find_if(std::begin(kStorageNames), std::end(kStorageNames),
                                         [&](const StorageName& s) { return s.name == name.substr(prefix.size()); });
        if (found != std::end(kStorageNames)) return found->type;
    }
    return std::nullopt;
}

bool isNumberOfItems(const PickleValue& value) {
    return value.kind == Kind::Int && value.integer >= 0 && static_cast<std::uint64_t>(value.integer) <= kMaxItems;
}

Result<TorchStorage> torchStorage(const PickleDocument& document, const PickleValue& persistent) {
    const PickleValue& id = document.at(persistent.items[0]);
    if (id.kind != Kind::Tuple || id.items.empty()) return corrupt("a persistent id is not a storage");
    const auto part = [&](std::size_t i) -> const PickleValue& { return document.at(id.items[i]); };
    if (part(0).kind == Kind::Text && part(0).text == "module") {
        return Error{ErrorCode::Unsupported,
                     "the file holds a whole model with its source code, which is not run: save the model's "
                     "state_dict() alone with torch.save"};
    }
    if (id.items.size() < 5 || part(0).kind != Kind::Text || part(0).text != "storage" ||
        part(1).kind != Kind::Global) {
        return corrupt("a persistent id is not a storage");
    }
    const auto type = storageType(part(1).text);
    if (!type || !isNumberOfItems(part(4))) return corrupt("a storage has no valid type or size");
    if (id.items.size() > 5 && part(5).kind != Kind::None) {
        return Error{ErrorCode::Unsupported,
                     "the file holds a view of a storage, as only PyTorch before 1.0 wrote: load it in Python and "
                     "torch.save its state_dict() again"};
    }
    const bool isNumber = part(2).kind == Kind::Int;
    if (!isNumber && part(2).kind != Kind::Text) return corrupt("a storage has no key");
    return TorchStorage{*type, isNumber ? std::to_string(part(2).integer) : part(2).text,
                        static_cast<std::uint64_t>(part(4).integer)};
}

// A tuple of numbers, or torch.Size of one.
Result<std::vector<std::int64_t>> numbers(const PickleDocument& document, const PickleValue& value) {
    const bool isSize = value.kind == Kind::Call && value.text == kSize && value.items.size() == 1;
    const PickleValue& tuple = isSize ? document.at(value.items[0]) : value;
    if (tuple.kind != Kind::Tuple && tuple.kind != Kind::List) return corrupt("a tensor has no shape");
    if (tuple.items.size() > kMaxDimensions) return corrupt("a tensor has more than 8 dimensions");
    std::vector<std::int64_t> list;
    for (const auto id : tuple.items) {
        if (!isNumberOfItems(document.at(id))) return corrupt("a tensor has an impossible size or stride");
        list.push_back(document.at(id).integer);
    }
    return list;
}

// Every item lies inside the storage; an empty slice has none and may point anywhere. Sizes, strides and counts are at
// most 2^40, so that 128 bits hold the product of any two.
bool liesInside(const TorchTensor& tensor, std::uint64_t storageCount) {
    unsigned __int128 count = 1;
    unsigned __int128 last = tensor.offset;
    for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
        const auto size = static_cast<std::uint64_t>(tensor.shape[d]);
        count *= size;
        if (count > kMaxItems) return false;
        if (size > 0) last += static_cast<unsigned __int128>(size - 1) * static_cast<std::uint64_t>(tensor.strides[d]);
    }
    return count == 0 || last < storageCount;
}

// The call that makes the tensor: `value` itself, or the first argument of a Parameter.
const PickleValue* tensorCall(const PickleDocument& document, const PickleValue& value) {
    const bool isParameter = value.kind == Kind::Call && value.text == kParameter && !value.items.empty();
    const PickleValue& call = isParameter ? document.at(value.items[0]) : value;
    return call.kind == Kind::Call && (call.text == kTensor1 || call.text == kTensor2) ? &call : nullptr;
}

}  // namespace

PickleGlobal torchGlobal(std::string_view name) {
    if (name == kTensor1 || name == kTensor2 || name == kParameter || name == kSize) return PickleGlobal::Function;
    return storageType(name) ? PickleGlobal::Type : PickleGlobal::Refused;
}

std::uint64_t TorchTensor::count() const {
    std::uint64_t product = 1;
    for (const std::int64_t side : shape) product *= static_cast<std::uint64_t>(side);
    return product;
}

bool TorchTensor::isContiguous() const {
    if (count() == 0) return true;
    std::int64_t expected = 1;
    for (std::size_t d = shape.size(); d-- > 0;) {
        if (shape[d] == 1) continue;
        if (strides[d] != expected) return false;
        expected *= shape[d];
    }
    return true;
}

Result<TorchStorages> torchStorages(const PickleDocument& document) {
    TorchStorages storages;
    for (const PickleValue& value : document.values()) {
        if (value.kind != Kind::Persistent) continue;
        auto storage = torchStorage(document, value);
        if (!storage.isOk()) return storage.error();
        const auto [place, isNew] = storages.emplace(storage.value().key, storage.value());
        const bool isSame = place->second.type == storage.value().type && place->second.count == storage.value().count;
        if (!isNew && !isSame) return corrupt("storage " + shownName(place->first) + " is described in two ways");
    }
    return storages;
}

bool isTorchTensor(const PickleDocument& document, const PickleValue& value) {
    return tensorCall(document, value) != nullptr;
}

Result<TorchTensor> torchTensor(const PickleDocument& document, const PickleValue& value,
                                const TorchStorages& storages) {
    const PickleValue& call = *tensorCall(document, value);
    const std::size_t arguments = call.items.size();
    const bool hasArguments = call.text == kTensor1 ? arguments == 4 : arguments == 6 || arguments == 7;
    if (!hasArguments) return corrupt("a tensor is made from a wrong number of values");
    const PickleValue& persistent = document.at(call.items[0]);
    const PickleValue& offset = document.at(call.items[1]);
    if (persistent.kind != Kind::Persistent || !isNumberOfItems(offset)) {
        return corrupt("a tensor has no storage or no valid offset");
    }
    auto storage = torchStorage(document, persistent);
    if (!storage.isOk()) return storage.error();
    auto shape = numbers(document, document.at(call.items[2]));
    if (!shape.isOk()) return shape.error();
    auto strides = numbers(document, document.at(call.items[3]));
    if (!strides.isOk()) return strides.error();
    TorchTensor tensor{storage.value().key, static_cast<std::uint64_t>(offset.integer), std::move(shape).value(),
                       std::move(strides).value()};
    if (tensor.shape.size() != tensor.strides.size()) return corrupt("a tensor has not as many strides as dimensions");
    if (!liesInside(tensor, storages.at(tensor.storage).count)) return corrupt("a tensor reaches outside its storage");
    return tensor;
}

std::vector<std::byte> gatherItems(const TorchTensor& tensor, std::span<const std::byte> storage,
                                   std::size_t itemBytes) {
    std::vector<std::byte> items(tensor.count() * itemBytes);
    std::vector<std::int64_t> index(tensor.shape.size(), 0);
    std::uint64_t source = tensor.offset;
    for (std::size_t target = 0; target < items.size(); target += itemBytes) {
        std::memcpy(items.data() + target, storage.data() + source * itemBytes, itemBytes);
        for (std::size_t d = index.size(); d-- > 0;) {  // the next index, like an odometer
            source += static_cast<std::uint64_t>(tensor.strides[d]);
            if (++index[d] < tensor.shape[d]) break;
            source -= static_cast<std::uint64_t>(tensor.strides[d]) * static_cast<std::uint64_t>(tensor.shape[d]);
            index[d] = 0;
        }
    }
    return items;
}

}  // namespace cxr
