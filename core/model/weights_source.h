// A file with weights, whatever its kind: PyTorch checkpoint or safetensors as named arrays; a TorchScript program is
// recognised but never read here.
//   thread rule  a source that is open may be read by any thread
//   fails        NotFound, Unsupported (another kind of file), and as torch_checkpoint.h and safetensors.h do
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/model/safetensors.h"
#include "core/model/torch_checkpoint.h"

namespace cxr {

enum class WeightsKind { Checkpoint, Safetensors, TorchScript };
// "PyTorch checkpoint", "safetensors file", "TorchScript program".
const char* toString(WeightsKind kind);

class WeightsSource {
  public:
    static Result<WeightsSource> open(const std::filesystem::path& file);
    // From memory; `bytes` must outlive the object.
    static Result<WeightsSource> parse(std::span<const std::byte> bytes);

    [[nodiscard]] WeightsKind kind() const { return m_kind; }
    // Empty for a TorchScript program.
    [[nodiscard]] const std::map<std::string, TensorView>& tensors() const;

  private:
    WeightsKind m_kind = WeightsKind::TorchScript;
    std::shared_ptr<const void> m_mapping;
    std::optional<TorchCheckpoint> m_checkpoint;
    std::optional<SafetensorsFile> m_safetensors;
};

}  // namespace cxr
