#include "app/cli/heartspot_files.h"

#include <nlohmann/json.hpp>
#include <span>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/prior/vector_bytes.h"
#include "core/prior/xz.h"

namespace cxr::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kFormat = "precordia-heartspot";
constexpr std::size_t kLargestVector = std::size_t{2} * 4096 * 4096;  // bytes

std::string sha256Of(const std::string& bytes) {
    return sha256Hex(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

Error corrupt(const std::string& reason) {
    return Error{ErrorCode::Corrupt, "this is no compressed HeartSpot picture: " + reason};
}

Json description(const CompressedHeartSpot& compressed, const std::string& samples) {
    const HeartSpotStatistics& numbers = compressed.statistics;
    return {{"format", kFormat},
            {"version", 1},
            {"prior", Json::parse(compressed.spec.toJson())},
            {"prior_hash", compressed.spec.hash()},
            {"mask_sha256", compressed.maskSha256},
            {"depth", compressed.depth},
            {"largest", compressed.largest},
            {"kept_pixels", numbers.keptPixels},
            {"crop_pixels", numbers.cropPixels},
            {"in_memory_ratio", numbers.inMemoryRatio},
            {"vector_bytes", numbers.vectorBytes},
            {"jpeg_bytes", numbers.jpegBytes},
            {"on_disk_ratio", numbers.onDiskRatio},
            {"vector_sha256", sha256Of(samples)},
            {"roi_file", compressed.roiFile.empty() ? Json() : Json(compressed.roiFile)}};
}

// The description without the vector; `sha256` gets the vector's.
Result<CompressedHeartSpot> parseDescription(const std::string& text, std::string& sha256) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", Json()) != kFormat) return corrupt("its .json file has another format");
    try {
        if (json.at("version") != 1) return corrupt("it is of a newer version; update Precordia");
        Result<PriorSpec> spec = priorFromJson(json.at("prior").dump());
        if (!spec.isOk()) return std::move(spec).error();
        CompressedHeartSpot compressed;
        compressed.spec = std::move(spec).value();
        compressed.maskSha256 = json.at("mask_sha256");
        compressed.depth = json.at("depth");
        compressed.largest = json.at("largest");
        compressed.roiFile = json.at("roi_file").is_null() ? std::string() : json.at("roi_file").get<std::string>();
        compressed.statistics.keptPixels = json.at("kept_pixels");
        sha256 = json.at("vector_sha256");
        if (compressed.spec.hash() != json.at("prior_hash")) return corrupt("its prior does not have the hash that it says");
        return compressed;
    } catch (const nlohmann::json::exception&) {
        return corrupt("its .json file is incomplete");
    }
}

}  // namespace

std::string maskSha256(const cv::Mat& mask) {
    return sha256Hex({reinterpret_cast<const std::byte*>(mask.data), mask.total()});
}

std::filesystem::path descriptionFile(const std::filesystem::path& vectorFile) {
    return std::filesystem::path(vectorFile).replace_extension(".json");
}

Result<Done> writeCompressed(const std::filesystem::path& vectorFile, const CompressedHeartSpot& compressed) {
    const std::string samples = vectorBytes(compressed.vector, compressed.depth);
    const Result<std::string> packed = xzCompress(samples);
    if (!packed.isOk()) return packed.error();
    Result<Done> written = writeFileAtomically(vectorFile, packed.value());
    if (!written.isOk()) return written;
    written = writeFileAtomically(descriptionFile(vectorFile), description(compressed, samples).dump(2) + "\n");
    if (!written.isOk()) {  // a vector without its description is of no use
        std::error_code ignored;
        std::filesystem::remove(vectorFile, ignored);
    }
    return written;
}

Result<CompressedHeartSpot> readCompressed(const std::filesystem::path& vectorFile) {
    const Result<std::string> packed = readWholeFile(vectorFile, 1LL << 28);
    if (!packed.isOk()) return packed.error();
    const Result<std::string> text = readWholeFile(descriptionFile(vectorFile), 1 << 20);
    if (!text.isOk()) return text.error();
    std::string expected;
    Result<CompressedHeartSpot> parsed = parseDescription(text.value(), expected);
    if (!parsed.isOk()) return parsed;
    CompressedHeartSpot compressed = std::move(parsed).value();
    const Result<std::string> samples = xzDecompress(packed.value(), kLargestVector);
    if (!samples.isOk()) return samples.error();
    if (sha256Of(samples.value()) != expected) return corrupt("the vector is not the one that its .json file describes");
    Result<std::vector<float>> vector = vectorFromBytes(samples.value(), compressed.depth);
    if (!vector.isOk()) return std::move(vector).error();
    compressed.vector = std::move(vector).value();
    return compressed;
}

Result<cv::Mat> restored(const CompressedHeartSpot& compressed, const cv::Mat& heartRegion, int background) {
    const Result<cv::Mat> mask = priorMask(compressed.spec, heartRegion);
    if (!mask.isOk()) return mask.error();
    if (maskSha256(mask.value()) != compressed.maskSha256) {
        return Error{ErrorCode::InvalidArgument,
                     "the mask is not the one that was used; give the heart region of that time with --roi FILE"};
    }
    const Result<cv::Mat> picture = reconstruct(mask.value(), compressed.vector, static_cast<float>(background));
    if (!picture.isOk()) return picture.error();
    cv::Mat samples;
    picture.value().convertTo(samples, compressed.depth == 8 ? CV_8U : CV_16U);
    return samples;
}

}  // namespace cxr::cli
