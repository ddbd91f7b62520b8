// What PyTorch writes into a pickle: storages (persistent ids) and tensors (calls that put a shape on a storage).
//   storage   persistent id ("storage", torch.<Type>Storage, key, location, number of items[, None])
//   tensor    torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, hooks[, metadata]),
//             offset and strides in items; _rebuild_tensor has only the first four (before 0.4);
//             _rebuild_parameter(tensor, requires_grad, hooks)
// The item at index (i0, i1, ...) lies at offset + i0*stride0 + i1*stride1 + ...; all are checked to lie in the
// storage.
//   thread rule  pure; any thread
//   fails        Corrupt (says which rule), Unsupported (a tensor type or a storage view)
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/pickle_reader.h"
#include "core/model/safetensors.h"

namespace cxr {

struct TorchStorage {
    TensorType type = TensorType::Float32;
    std::string key;          // its name inside the file
    std::uint64_t count = 0;  // items
    [[nodiscard]] std::uint64_t bytes() const { return count * itemSize(type); }
};

struct TorchTensor {
    std::string storage;       // key
    std::uint64_t offset = 0;  // items
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  // items, not negative
    [[nodiscard]] std::uint64_t count() const;
    // Whether its items lie one after another in row-major order.
    [[nodiscard]] bool isContiguous() const;
};

using TorchStorages = std::map<std::string, TorchStorage>;

// The names that a checkpoint may use, for readPickle.
PickleGlobal torchGlobal(std::string_view name);

// Every storage that the pickle names, by key; a key always means the same type and number.
Result<TorchStorages> torchStorages(const PickleDocument& document);

// Whether `value` is a tensor or a Parameter.
bool isTorchTensor(const PickleDocument& document, const PickleValue& value);
// REQUIRES: isTorchTensor(document, value)
Result<TorchTensor> torchTensor(const PickleDocument& document, const PickleValue& value,
                                const TorchStorages& storages);

// Its items in row-major order. REQUIRES: `storage` holds the bytes of its storage; `itemBytes` is the size of an item.
std::vector<std::byte> gatherItems(const TorchTensor& tensor, std::span<const std::byte> storage,
                                   std::size_t itemBytes);

}  // namespace cxr
