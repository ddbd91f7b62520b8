// PyTorch checkpoints (torch.save) as named arrays, without Python, without torch, and without running what they say.
//   since 1.6   a zip archive: <name>/data.pkl (pickle), <name>/data/<key> (one storage each), <name>/byteorder
//   before      five pickles (magic 0x1950a86a20f9469cfc6c, 1001, system, the object, keys), then for each key the
//               number of items (int64) and the items
// The names are those of the state_dict: the dictionary itself, or the one under "state_dict", "model_state_dict",
// "model", "net", "network" or "weights" of an outer one. Limits: pickle_reader.h, zip_archive.h; arrays that must be
// gathered (strided, expanded) together at most 1 MiB + 8 times the file.
//   thread rule  a checkpoint that is open may be read by any thread
//   fails        NotFound, Corrupt, TooLarge, Unsupported (says what the file wants to run, or how to convert it)
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/model/safetensors.h"

namespace cxr {

class TorchCheckpoint {
  public:
    static Result<TorchCheckpoint> open(const std::filesystem::path& file);
    // From memory; `bytes` must outlive the object.
    static Result<TorchCheckpoint> parse(std::span<const std::byte> bytes);
    // Whether `bytes` begin like one of the two formats.
    static bool isCheckpoint(std::span<const std::byte> bytes);
    // Whether they are a TorchScript program (torch.jit.save): a zip archive with code, which parse() refuses.
    static bool isTorchScript(std::span<const std::byte> bytes);

    [[nodiscard]] const std::map<std::string, TensorView>& tensors() const { return m_tensors; }
    // Keys from the top of the file to the state_dict, joined by '/'; empty if it is the top itself.
    [[nodiscard]] const std::string& place() const { return m_place; }

  private:
    friend class CheckpointBuilder;
    std::shared_ptr<const void> m_mapping;
    std::shared_ptr<const void> m_copies;  // unpacked storages and gathered arrays
    std::map<std::string, TensorView> m_tensors;
    std::string m_place;
};

}  // namespace cxr
