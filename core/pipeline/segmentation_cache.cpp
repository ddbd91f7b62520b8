// Heart and lungs of films, kept on disk.
#include "core/pipeline/segmentation_cache.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/sha256.h"
#include "core/model/registry.h"
#include "core/model/safetensors.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

TensorToWrite tensorOf(const Segmentation& s) {
    TensorToWrite tensor{"probability", TensorType::UInt8, {kOrganCount, s.probability[0].height, s.probability[0].width}, {}};
    for (const Plane& plane : s.probability) {
        const std::vector<std::byte> bytes = bytesOf(plane.values);
        tensor.bytes.insert(tensor.bytes.end(), bytes.begin(), bytes.end());
    }
    return tensor;
}

// Probabilities from bytes. REQUIRES: bytes.size() = 3 h w.
void fill(Segmentation& s, std::span<const std::byte> bytes, int height, int width) {
    const auto cells = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (std::size_t i = 0; i < kOrganCount; ++i) {
        s.probability[i] = {width, height, std::vector<float>(cells)};
        for (std::size_t j = 0; j < cells; ++j) s.probability[i].values[j] = std::to_integer<int>(bytes[i * cells + j]) / 255.0F;
    }
}

std::optional<Segmentation> readSegmentation(const fs::path& file) {
    const auto opened = SafetensorsFile::open(file);
    if (!opened.isOk()) return {};
    const auto tensor = opened.value().tensors().find("probability");
    if (tensor == opened.value().tensors().end()) return {};
    const TensorView& view = tensor->second;
    if (view.type != TensorType::UInt8 || view.shape.size() != 3 || view.shape[0] != kOrganCount) return {};
    Segmentation s;
    try {
        const auto& metadata = opened.value().metadata();
        s.originPx = {std::stod(metadata.at("origin_x")), std::stod(metadata.at("origin_y"))};
        s.cellPx = std::stod(metadata.at("cell_px"));
    } catch (const std::exception&) {
        return {};
    }
    if (!(s.cellPx > 0)) return {};
    fill(s, view.bytes, static_cast<int>(view.shape[1]), static_cast<int>(view.shape[2]));
    return s;
}

std::string exactly(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

}  // namespace

std::vector<std::byte> bytesOf(const std::vector<float>& values) {
    std::vector<std::byte> bytes(values.size());
    std::transform(values.begin(), values.end(), bytes.begin(), [](float v) {
        return static_cast<std::byte>(std::lround(255 * std::clamp(std::isfinite(v) ? v : 0.0F, 0.0F, 1.0F)));
    });
    return bytes;
}

Result<Segmentation> cachedSegmentation(const GrayFilm& film, const std::string& filmSha256, const FilmSegmenter& segmenter,
                                        const fs::path& cacheFolder, const RunContext& context) {
    const std::string name = filmSha256 + "-" + segmenter.weightsSha256.substr(0, 16) + ".segmentation";
    const fs::path cacheFile = cacheFolder.empty() ? fs::path() : cacheFolder / name;
    if (!cacheFile.empty()) {
        if (auto known = readSegmentation(cacheFile)) return std::move(*known);
    }
    Result<Segmentation> found = segmenter.segment(film, RunContext{context.stop, {}});
    if (!found.isOk()) return found;
    Segmentation s = std::move(found).value();
    TensorToWrite tensor = tensorOf(s);
    fill(s, tensor.bytes, s.probability[0].height, s.probability[0].width);
    if (cacheFile.empty()) return s;
    std::vector<TensorToWrite> tensors;
    tensors.push_back(std::move(tensor));
    const auto written = writeSafetensors(cacheFile, std::move(tensors),
                                          {{"origin_x", exactly(s.originPx.x)}, {"origin_y", exactly(s.originPx.y)}, {"cell_px", exactly(s.cellPx)}});
    if (!written.isOk()) return written.error();
    return s;
}

Result<std::vector<std::string>> hashesOf(const std::vector<fs::path>& films, const RunContext& context) {
    std::vector<std::string> hashes;
    for (const fs::path& film : films) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the films was stopped"};
        Result<std::string> hash = sha256OfFile(film);
        if (!hash.isOk()) return std::move(hash).error().within(film.filename().string());
        hashes.push_back(std::move(hash).value());
    }
    return hashes;
}

Result<FilmSegmenter> heartLungsSegmenter(Engine& engine, const fs::path& packFolder) {
    const Result<Pack> pack = packFolder.empty() ? findPack(kHeartLungsPack) : readPack(packFolder);
    if (!pack.isOk()) return pack.error();
    const fs::path folder = pack.value().folder;
    return FilmSegmenter{[&engine, folder](const GrayFilm& film, const RunContext& context) {
                             return engine.segment(folder, film, {}, context);
                         },
                         pack.value().manifest.weightsSha256};
}

}  // namespace cxr
