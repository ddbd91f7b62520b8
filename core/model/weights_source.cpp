#include "core/model/weights_source.h"

#include "core/model/mapped_file.h"

namespace cxr {
namespace {

// The header's length in 8 bytes, then a JSON object.
bool looksLikeSafetensors(std::span<const std::byte> bytes) {
    constexpr std::size_t kBrace = 8;
    return bytes.size() > kBrace && bytes[kBrace] == std::byte{'{'};
}

}  // namespace

const char* toString(WeightsKind kind) {
    switch (kind) {
        case WeightsKind::Checkpoint:
            return "PyTorch checkpoint";
        case WeightsKind::Safetensors:
            return "safetensors file";
        case WeightsKind::TorchScript:
            return "TorchScript program";
    }
    return "";
}

Result<WeightsSource> WeightsSource::parse(std::span<const std::byte> bytes) {
    WeightsSource source;
    if (TorchCheckpoint::isTorchScript(bytes)) return source;
    if (TorchCheckpoint::isCheckpoint(bytes)) {
        auto checkpoint = TorchCheckpoint::parse(bytes);
        if (!checkpoint.isOk()) return std::move(checkpoint).error();
        source.m_kind = WeightsKind::Checkpoint;
        source.m_checkpoint = std::move(checkpoint).value();
        return source;
    }
    if (!looksLikeSafetensors(bytes)) {
        return Error{ErrorCode::Unsupported,
                     "the file holds no weights that are read (PyTorch checkpoint or safetensors): load it in Python and save "
                     "its state_dict() with torch.save"};
    }
    auto file = SafetensorsFile::parse(bytes);
    if (!file.isOk()) return std::move(file).error();
    source.m_kind = WeightsKind::Safetensors;
    source.m_safetensors = std::move(file).value();
    return source;
}

Result<WeightsSource> WeightsSource::open(const std::filesystem::path& file) {
    auto mapped = mapFile(file, "the weights file");
    if (!mapped.isOk()) return mapped.error();
    auto parsed = parse(mapped.value().bytes);
    if (!parsed.isOk()) return parsed;
    WeightsSource source = std::move(parsed).value();
    source.m_mapping = mapped.value().keep;
    return source;
}

const std::map<std::string, TensorView>& WeightsSource::tensors() const {
    static const std::map<std::string, TensorView> none;
    if (m_checkpoint) return m_checkpoint->tensors();
    return m_safetensors ? m_safetensors->tensors() : none;
}

}  // namespace cxr
