// Planes of films, and their cache.
#include "core/pipeline/film_planes.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>
#include <optional>

#include "core/base/sha256.h"
#include "core/io/image_reader.h"
#include "core/model/safetensors.h"
#include "core/pipeline/analysis.h"
#include "core/pipeline/network_input.h"
#include "core/pipeline/shipped_heart_region.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLayout = "planes 1";  // changes when the same input gives other planes

std::string hashOf(const std::string& text) { return sha256Hex(std::as_bytes(std::span(text.data(), text.size()))); }

struct Job {
    const std::vector<fs::path>& films;
    std::vector<std::string> hashes;
    const ModelInput& input;
    const FilmSegmenter& segmenter;
    fs::path cacheFolder;
    cv::Mat heartRegion;
};

std::string keyOf(const Job& job) {
    const ModelInput& input = job.input;
    std::string text = std::string(kLayout) + "\n" + std::to_string(input.size) + "\n" + input.framing + "\n" + input.priorJson + "\n";
    for (const std::string& plane : input.planes) text += plane + ",";
    if (needsSegmentation(input)) text += "\n" + job.segmenter.weightsSha256;
    if (!job.heartRegion.empty()) {
        const cv::Mat region = job.heartRegion.isContinuous() ? job.heartRegion : job.heartRegion.clone();
        text += "\n" + sha256Hex({reinterpret_cast<const std::byte*>(region.data), region.total()});
    }
    for (const std::string& hash : job.hashes) text += "\n" + hash;
    return hashOf(text);
}

Result<NetworkInput> inputOfFilm(const Job& job, std::size_t index, const RunContext& context) {
    const RunContext quiet{context.stop, {}};
    const Result<ImagePtr> image = readImage(job.films[index], {}, quiet);
    if (!image.isOk()) return image.error();
    const GrayFilm film = networkFilm(*image.value(), kNetworkFilmSide, nullptr);
    if (!needsSegmentation(job.input)) return networkInput(job.input, film, nullptr, job.heartRegion, quiet);
    const std::string hash = job.cacheFolder.empty() ? std::string() : job.hashes[index];
    const Result<Segmentation> segmentation = cachedSegmentation(film, hash, job.segmenter, job.cacheFolder, quiet);
    if (!segmentation.isOk()) return segmentation.error();
    return networkInput(job.input, film, &segmentation.value(), job.heartRegion, quiet);
}

Result<FilmPlanes> makePlanes(const Job& job, const RunContext& context) {
    FilmPlanes result;
    for (std::size_t i = 0; i < job.films.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "preparing the films was stopped"};
        Result<NetworkInput> made = inputOfFilm(job, i, context);
        if (!made.isOk()) return std::move(made).error().within(job.films[i].filename().string());
        const NetworkPlanes& planes = made.value().planes;
        if (i == 0) result.channels = planes.channels, result.height = planes.height, result.width = planes.width;
        const std::vector<std::byte> bytes = bytesOf(planes.values);
        result.planes.emplace_back(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   reinterpret_cast<const std::uint8_t*>(bytes.data()) + bytes.size());
        result.isTrusted.push_back(made.value().frame.isTrusted ? 1 : 0);
        context.report(static_cast<double>(i + 1) / static_cast<double>(job.films.size()));
    }
    return result;
}

std::optional<FilmPlanes> readPlanes(const fs::path& file, std::size_t films) {
    const auto opened = SafetensorsFile::open(file);
    if (!opened.isOk()) return {};
    const auto& tensors = opened.value().tensors();
    if (!tensors.contains("planes") || !tensors.contains("trusted")) return {};
    const TensorView &planes = tensors.at("planes"), &trusted = tensors.at("trusted");
    if (planes.type != TensorType::UInt8 || planes.shape.size() != 4 || planes.shape[0] != static_cast<std::int64_t>(films)) return {};
    if (trusted.type != TensorType::UInt8 || trusted.bytes.size() != films) return {};
    FilmPlanes result;
    result.channels = static_cast<int>(planes.shape[1]);
    result.height = static_cast<int>(planes.shape[2]);
    result.width = static_cast<int>(planes.shape[3]);
    const std::size_t each = planes.bytes.size() / films;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(planes.bytes.data());
    for (std::size_t i = 0; i < films; ++i) result.planes.emplace_back(bytes + i * each, bytes + (i + 1) * each);
    result.isTrusted.resize(films);
    std::memcpy(result.isTrusted.data(), trusted.bytes.data(), films);
    return result;
}

Result<Done> writePlanes(const fs::path& file, const FilmPlanes& made) {
    const auto films = static_cast<std::int64_t>(made.planes.size());
    TensorToWrite planes{"planes", TensorType::UInt8, {films, made.channels, made.height, made.width}, {}};
    planes.bytes.reserve(made.planes.size() * made.planes.front().size());
    for (const auto& film : made.planes) {
        const auto* bytes = reinterpret_cast<const std::byte*>(film.data());
        planes.bytes.insert(planes.bytes.end(), bytes, bytes + film.size());
    }
    TensorToWrite trusted{"trusted", TensorType::UInt8, {films}, {}};
    for (const std::uint8_t value : made.isTrusted) trusted.bytes.push_back(static_cast<std::byte>(value));
    std::vector<TensorToWrite> tensors;
    tensors.push_back(std::move(planes));
    tensors.push_back(std::move(trusted));
    return writeSafetensors(file, std::move(tensors));
}

Result<Done> prepare(Job& job) {
    if (needsHeartRegion(job.input)) {
        Result<cv::Mat> region = shippedHeartRegion();
        if (!region.isOk()) return std::move(region).error();
        job.heartRegion = std::move(region).value();
    }
    std::error_code failed;
    if (!job.cacheFolder.empty()) fs::create_directories(job.cacheFolder, failed);
    if (failed) return Error{ErrorCode::WriteFailed, "cannot create the cache folder: " + failed.message()};
    return Done{};
}

}  // namespace

Result<FilmPlanes> filmPlanes(const std::vector<fs::path>& films, const ModelInput& input, const FilmSegmenter& segmenter,
                              const fs::path& cacheFolder, const RunContext& context) {
    if (needsSegmentation(input) && !segmenter.segment) {
        return Error{ErrorCode::InvalidArgument, "these planes need heart and lungs; install the model pack heart-lungs"};
    }
    Job job{films, {}, input, segmenter, cacheFolder, {}};
    if (const Result<Done> ready = prepare(job); !ready.isOk()) return ready.error();
    if (cacheFolder.empty()) return makePlanes(job, context);
    Result<std::vector<std::string>> hashes = hashesOf(films, context);
    if (!hashes.isOk()) return std::move(hashes).error();
    job.hashes = std::move(hashes).value();
    const fs::path file = cacheFolder / (keyOf(job) + ".planes");
    if (auto known = readPlanes(file, films.size())) return std::move(*known);
    Result<FilmPlanes> made = makePlanes(job, context);
    if (!made.isOk()) return made;
    if (const Result<Done> written = writePlanes(file, made.value()); !written.isOk()) return written.error();
    return made;
}

}  // namespace cxr
