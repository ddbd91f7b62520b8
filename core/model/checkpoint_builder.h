// The last step of reading a checkpoint: finds the state_dict in the pickle and puts names, tensors and storages
// together.
//   thread rule  one thread per object
//   fails        as torch_checkpoint.h
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "core/model/torch_checkpoint.h"
#include "core/model/torch_tensors.h"

namespace cxr {

class CheckpointBuilder {
  public:
    using Bytes = std::span<const std::byte>;
    // Gives the bytes of a storage, exactly as many as it says.
    using FindStorage = std::function<Result<Bytes>(const TorchStorage&)>;

    // `document` must outlive the object; `fileBytes` bounds what gathered arrays may take.
    CheckpointBuilder(const PickleDocument& document, std::size_t fileBytes);

    Result<TorchCheckpoint> build(const TorchStorages& storages, const FindStorage& find);

    // Bytes that live as long as the checkpoint.
    Bytes keep(std::vector<std::byte> bytes) { return m_copies->emplace_back(std::move(bytes)); }

  private:
    Result<Done> add(const PickleValue& key, const PickleValue& value, const TorchStorages& storages,
                     const FindStorage& find);
    Result<TensorView> viewOf(const TorchTensor& tensor, const TorchStorage& storage, Bytes bytes);

    const PickleDocument& m_document;
    std::uint64_t m_gatherLeft;
    std::shared_ptr<std::deque<std::vector<std::byte>>> m_copies;
    TorchCheckpoint m_checkpoint;
};

}  // namespace cxr
