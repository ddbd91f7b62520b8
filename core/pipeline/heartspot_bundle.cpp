#include "core/pipeline/heartspot_bundle.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <set>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/engine/explain_methods.h"
#include "core/model/zip_archive.h"
#include "core/model/zip_writer.h"
#include "core/pipeline/shipped_heart_region.h"
#include "core/prior/heartspot.h"
#include "core/prior/kept_codec.h"

namespace cxr {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "precordia-heartspot-bundle";
constexpr int kVersion = 2;  // 1: pixels under deflate
constexpr const char* kManifest = "manifest.json";
constexpr const char* kPixels = "pixels";
constexpr const char* kExplanation = "explanation";
constexpr const char* kRegion = "region";
constexpr std::int64_t kLargestFile = 64LL << 20;
constexpr std::size_t kLargestManifest = 8 << 10;
constexpr std::size_t kLongestText = 200;

Error corrupt(const std::string& reason) { return {ErrorCode::Corrupt, "this is no sound HeartSpot bundle: " + reason}; }

std::string hashOf(const cv::Mat& mask) {
    const cv::Mat whole = mask.isContinuous() ? mask : mask.clone();
    return sha256Hex({reinterpret_cast<const std::byte*>(whole.data), whole.total()});
}

// --- writing -----------------------------------------------------------------------------------------------------------

Json readingJson(const BundleReading& reading) {
    return {{"pack", reading.model.id},
            {"name", reading.model.name},
            {"version", reading.model.version},
            {"weights_sha256", reading.model.weightsSha256},
            {"output", reading.output},
            {"probability", std::round(reading.probability * 1e6) / 1e6}};
}

// Largest absolute value / levels; 1 where there is nothing to tell.
double unitOf(const std::vector<float>& values) {
    float largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    return largest > 0 ? static_cast<double>(largest) / kExplanationLevels : 1.0;
}

std::string levelsOf(const std::vector<float>& values, double unit) {
    std::string levels;
    levels.reserve(values.size());
    for (const float value : values) {
        const long level = std::clamp(std::lround(value / unit), static_cast<long>(-kExplanationLevels), static_cast<long>(kExplanationLevels));
        levels += static_cast<char>(static_cast<std::int8_t>(level));
    }
    return levels;
}

std::string manifestText(const HeartSpotBundle& bundle, double unit) {
    Json manifest{{"format", kFormat},
                  {"version", kVersion},
                  {"notice", keepsSentence(bundle)},
                  {"prior", Json::parse(bundle.spec.toJson())},
                  {"square", bundle.square},
                  {"white", bundle.white},
                  {"kept", bundle.samples.size()},
                  {"mask_sha256", hashOf(bundle.mask)}};
    if (bundle.reading) manifest["reading"] = readingJson(*bundle.reading);
    if (bundle.explanation) {
        manifest["explanation"] = {{"method", explainMethodInfo(bundle.explanation->method).id},
                                   {"parameters", bundle.explanation->parameters},
                                   {"unit", unit}};
    }
    return manifest.dump();
}

std::string regionBits(const cv::Mat& region) {
    std::string bits((region.total() + 7) / 8, '\0');
    std::size_t at = 0;
    for (int y = 0; y < region.rows; ++y) {
        for (int x = 0; x < region.cols; ++x, ++at) {
            const bool here = region.at<std::uint8_t>(y, x) != 0, above = y > 0 && region.at<std::uint8_t>(y - 1, x) != 0;
            if (here != above) bits[at / 8] = static_cast<char>(bits[at / 8] | 1 << at % 8);
        }
    }
    return bits;
}

// --- reading -----------------------------------------------------------------------------------------------------------

// Keys of one JSON object; the first complaint stays.
class ObjectReader {
  public:
    ObjectReader(const Json& object, const std::set<std::string>& needed, const std::set<std::string>& optional = {}) : m_object(object) {
        if (!object.is_object()) {
            complain("a part of its manifest is no object");
            return;
        }
        for (const auto& [key, value] : object.items()) {
            if (!needed.contains(key) && !optional.contains(key)) complain("its manifest has an unknown key \"" + key.substr(0, 40) + "\"");
        }
        for (const std::string& key : needed) {
            if (!object.contains(key)) complain("its manifest lacks \"" + key + "\"");
        }
    }
    std::string text(const char* key) {
        if (!m_complaint.empty()) return {};
        const Json& value = m_object[key];
        if (value.is_string() && value.get_ref<const std::string&>().size() <= kLongestText) return value;
        complain(std::string("\"") + key + "\" of its manifest is no short text");
        return {};
    }
    double number(const char* key, double low, double high) {
        if (!m_complaint.empty()) return low;
        const Json& value = m_object[key];
        if (value.is_number() && value >= low && value <= high) return value;
        complain(std::string("\"") + key + "\" of its manifest is out of range");
        return low;
    }
    [[nodiscard]] const std::string& complaint() const { return m_complaint; }
    void complain(const std::string& reason) {
        if (m_complaint.empty()) m_complaint = reason;
    }

  private:
    const Json& m_object;
    std::string m_complaint;
};

struct Manifested {
    HeartSpotBundle bundle;
    std::size_t kept = 0;
    std::string maskSha256;
    double unit = 1;
};

std::string readReading(const Json& object, HeartSpotBundle& bundle) {
    ObjectReader reader(object, {"pack", "name", "version", "weights_sha256", "output", "probability"});
    BundleReading reading;
    reading.model.id = reader.text("pack");
    reading.model.name = reader.text("name");
    reading.model.version = reader.text("version");
    reading.model.weightsSha256 = reader.text("weights_sha256");
    reading.output = reader.text("output");
    reading.probability = reader.number("probability", 0, 1);
    bundle.reading = std::move(reading);
    return reader.complaint();
}

std::string readExplanation(const Json& object, Manifested& read) {
    ObjectReader reader(object, {"method", "parameters", "unit"});
    BundleExplanation explanation;
    const auto method = explainMethodById(reader.text("method"));
    if (!method) reader.complain("its explanation is by a method that this version does not know");
    explanation.method = method.value_or(ExplainMethod::InputXGradient);
    explanation.parameters = reader.text("parameters");
    read.unit = reader.number("unit", 1e-30, 1e30);
    read.bundle.explanation = std::move(explanation);
    return reader.complaint();
}

Result<Manifested> parseManifestText(const std::vector<std::byte>& bytes) {
    const Json json = Json::parse(reinterpret_cast<const char*>(bytes.data()),
                                  reinterpret_cast<const char*>(bytes.data()) + bytes.size(), nullptr, false);
    if (!json.is_object() || !json.contains("format") || json["format"] != kFormat) return corrupt("its manifest is of another format");
    if (json.contains("version") && json["version"].is_number_integer() && json["version"] != kVersion) {
        const bool isNewer = json["version"] > kVersion;
        return Error{ErrorCode::Unsupported, isNewer ? "the HeartSpot bundle is of a newer version; update Precordia"
                                                     : "the HeartSpot bundle is of a version that is no longer read; make it again from the film"};
    }
    ObjectReader reader(json, {"format", "version", "notice", "prior", "square", "white", "kept", "mask_sha256"}, {"reading", "explanation"});
    Manifested read;
    reader.number("version", kVersion, kVersion);
    reader.text("notice");
    read.bundle.square = reader.text("square");
    if (read.bundle.square != kCentreSquare && read.bundle.square != kThoraxSquare) reader.complain("its square is not known");
    read.maskSha256 = reader.text("mask_sha256");
    read.bundle.white = static_cast<int>(reader.number("white", 1, 255));
    read.kept = static_cast<std::size_t>(reader.number("kept", 1, 4096.0 * 4096));
    if (!reader.complaint().empty()) return corrupt(reader.complaint());
    Result<PriorSpec> spec = priorFromJson(json["prior"].dump());
    if (!spec.isOk()) return std::move(spec).error();
    read.bundle.spec = std::move(spec).value();
    std::string complaint = json.contains("reading") ? readReading(json["reading"], read.bundle) : std::string();
    if (complaint.empty() && json.contains("explanation")) complaint = readExplanation(json["explanation"], read);
    if (!complaint.empty()) return corrupt(complaint);
    return read;
}

Result<Done> checkEntries(const ZipArchive& archive) {
    for (const auto& [name, entry] : archive.entries()) {
        if (name != kManifest && name != kPixels && name != kExplanation && name != kRegion) {
            return corrupt("it holds something else than its manifest, pixels, explanation and region");
        }
    }
    const auto manifest = archive.entries().find(kManifest);
    if (manifest == archive.entries().end() || !archive.entries().contains(kPixels)) return corrupt("its manifest or its pixels are missing");
    if (manifest->second.size > kLargestManifest) return Error{ErrorCode::TooLarge, "the HeartSpot bundle's manifest is far too long"};
    return Done{};
}

std::string_view viewOf(const std::vector<std::byte>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

Result<cv::Mat> readRegion(const ZipArchive& archive, int side) {
    const Result<std::vector<std::byte>> packed = archive.read(kRegion);
    if (!packed.isOk()) return packed.error();
    cv::Mat region(side, side, CV_8UC1);
    const Result<std::string> bits = inflateBytes(viewOf(packed.value()), (region.total() + 7) / 8);
    if (!bits.isOk()) return corrupt("its heart region is damaged");
    std::size_t at = 0;
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x, ++at) {
            const bool differs = (bits.value()[at / 8] >> at % 8 & 1) != 0, above = y > 0 && region.at<std::uint8_t>(y - 1, x) != 0;
            region.at<std::uint8_t>(y, x) = differs != above ? 255 : 0;
        }
    }
    return region;
}

// Side of the mask, found without a heart region: the same prior with the whole picture as its heart.
Result<int> sideOf(const PriorSpec& spec) {
    const Result<cv::Mat> mask = priorMask(spec, cv::Mat(1, 1, CV_8UC1, cv::Scalar(255)));
    if (!mask.isOk()) return mask.error();
    return mask.value().rows;
}

Result<Done> drawMask(Manifested& read, const ZipArchive& archive, const HeartRegionSource& source) {
    HeartSpotBundle& bundle = read.bundle;
    cv::Mat region;
    const bool hasOwn = archive.entries().contains(kRegion);
    if (hasOwn && !bundle.spec.heart) return corrupt("it holds a heart region that its prior does not use");
    if (hasOwn) {
        const Result<int> side = sideOf(bundle.spec);
        if (!side.isOk()) return side.error();
        Result<cv::Mat> own = readRegion(archive, side.value());
        if (!own.isOk()) return std::move(own).error();
        region = bundle.ownRegion = std::move(own).value();
    } else if (bundle.spec.heart) {
        Result<cv::Mat> shipped = source();
        if (!shipped.isOk()) return std::move(shipped).error();
        region = std::move(shipped).value();
    }
    Result<cv::Mat> mask = priorMask(bundle.spec, region);
    if (!mask.isOk()) return std::move(mask).error();
    bundle.mask = std::move(mask).value();
    if (hashOf(bundle.mask) == read.maskSha256) return Done{};
    if (hasOwn || !bundle.spec.heart) return corrupt("its mask does not have the hash that the manifest gives");
    return Error{ErrorCode::InvalidArgument,
                 "the HeartSpot bundle was made with another heart region, or is damaged; give the region of that time with --roi FILE"};
}

Result<Done> readSamples(Manifested& read, const ZipArchive& archive) {
    if (static_cast<std::size_t>(cv::countNonZero(read.bundle.mask)) != read.kept) {
        return corrupt("its mask does not keep as many pixels as the manifest says");
    }
    const Result<std::vector<std::byte>> packed = archive.read(kPixels);
    if (!packed.isOk()) return packed.error();
    Result<std::vector<std::uint8_t>> samples = unpackKept(read.bundle.mask, viewOf(packed.value()));
    if (!samples.isOk()) return corrupt("its pixels are damaged, or not as many as its mask keeps");
    read.bundle.samples = std::move(samples).value();
    const bool isBright = std::any_of(read.bundle.samples.begin(), read.bundle.samples.end(), [&](int sample) { return sample > read.bundle.white; });
    if (isBright) return corrupt("its pixels are brighter than white");
    return Done{};
}

Result<Done> readLevels(Manifested& read, const ZipArchive& archive) {
    if (read.bundle.explanation.has_value() != archive.entries().contains(kExplanation)) {
        return corrupt("its manifest and its entries do not agree about an explanation");
    }
    if (!read.bundle.explanation) return Done{};
    const Result<std::vector<std::byte>> packed = archive.read(kExplanation);
    if (!packed.isOk()) return packed.error();
    const Result<std::string> levels = inflateBytes(viewOf(packed.value()), read.kept);
    if (!levels.isOk()) return corrupt("its explanation is damaged, or not one number a kept pixel");
    for (const char level : levels.value()) {
        const int number = static_cast<std::int8_t>(level);
        if (std::abs(number) > kExplanationLevels) return corrupt("its explanation is out of range");
        read.bundle.explanation->values.push_back(static_cast<float>(number * read.unit));
    }
    return Done{};
}

template <typename Value, typename Pixel>
cv::Mat inPlaces(const cv::Mat& mask, const std::vector<Value>& values, int type) {
    cv::Mat picture(mask.size(), type, cv::Scalar(0));
    std::size_t next = 0;
    for (int y = 0; y < mask.rows; ++y) {
        for (int x = 0; x < mask.cols; ++x) {
            if (mask.at<std::uint8_t>(y, x) != 0) picture.at<Pixel>(y, x) = values[next++];
        }
    }
    return picture;
}

}  // namespace

std::string keepsSentence(std::size_t keptPixels, int cropPixels) {
    char text[100];
    std::snprintf(text, sizeof text, "keeps %.1f %% of the pixels; re-identification risk not measured",
                  std::round(1000.0 * static_cast<double>(keptPixels) / std::max(1, cropPixels)) / 10);
    return text;
}

std::string keepsSentence(const HeartSpotBundle& bundle) { return keepsSentence(bundle.samples.size(), bundle.cropPixels()); }

Result<std::string> bundleBytes(const HeartSpotBundle& bundle) {
    const auto kept = static_cast<std::size_t>(cv::countNonZero(bundle.mask));
    if (kept == 0 || bundle.samples.size() != kept || (bundle.explanation && bundle.explanation->values.size() != kept)) {
        return Error{ErrorCode::InvalidArgument, "a HeartSpot bundle holds one sample, and one number of its explanation, for each kept pixel"};
    }
    const double unit = bundle.explanation ? unitOf(bundle.explanation->values) : 1;
    std::vector<ZipItem> items{{kManifest, manifestText(bundle, unit), true}, {kPixels, packKept(bundle.mask, bundle.samples), false}};
    if (bundle.explanation) {
        Result<std::string> levels = deflateBytes(levelsOf(bundle.explanation->values, unit));
        if (!levels.isOk()) return levels;
        items.push_back({kExplanation, std::move(levels).value(), false});
    }
    if (!bundle.ownRegion.empty()) {
        Result<std::string> region = deflateBytes(regionBits(bundle.ownRegion));
        if (!region.isOk()) return region;
        items.push_back({kRegion, std::move(region).value(), false});
    }
    return zipBytes(items);
}

Result<Done> writeBundle(const std::filesystem::path& file, const HeartSpotBundle& bundle) {
    const Result<std::string> bytes = bundleBytes(bundle);
    if (!bytes.isOk()) return bytes.error();
    return writeFileAtomically(file, std::string_view(bytes.value()));
}

Result<HeartSpotBundle> parseBundle(std::string_view bytes, const HeartRegionSource& region) {
    const std::span<const std::byte> view = std::as_bytes(std::span(bytes.data(), bytes.size()));
    if (!ZipArchive::isZip(view)) return corrupt("it is no zip archive");
    const Result<ZipArchive> archive = ZipArchive::open(view);
    if (!archive.isOk()) return archive.error();
    if (const Result<Done> checked = checkEntries(archive.value()); !checked.isOk()) return checked.error();
    const Result<std::vector<std::byte>> text = archive.value().read(kManifest);
    if (!text.isOk()) return text.error();
    Result<Manifested> read = parseManifestText(text.value());
    if (!read.isOk()) return std::move(read).error();
    Manifested manifested = std::move(read).value();
    if (const Result<Done> drawn = drawMask(manifested, archive.value(), region); !drawn.isOk()) return drawn.error();
    if (const Result<Done> done = readSamples(manifested, archive.value()); !done.isOk()) return done.error();
    if (const Result<Done> done = readLevels(manifested, archive.value()); !done.isOk()) return done.error();
    return std::move(manifested.bundle);
}

Result<HeartSpotBundle> readBundle(const std::filesystem::path& file, const std::filesystem::path& regionFile) {
    const Result<std::string> bytes = readWholeFile(file, kLargestFile);
    if (!bytes.isOk()) return bytes.error();
    return parseBundle(bytes.value(), [&] { return regionFile.empty() ? shippedHeartRegion() : readHeartRegion(regionFile); });
}

bool looksLikeBundle(const std::filesystem::path& file) { return file.extension() == kBundleSuffix; }

cv::Mat pictureOf(const HeartSpotBundle& bundle) {
    const cv::Mat picture = inPlaces<std::uint8_t, std::uint8_t>(bundle.mask, bundle.samples, CV_8UC1);
    if (bundle.white == 255) return picture;
    return picture * (255.0 / bundle.white);
}

cv::Mat explanationPicture(const HeartSpotBundle& bundle) {
    if (!bundle.explanation) return {};
    return inPlaces<float, float>(bundle.mask, bundle.explanation->values, CV_32FC1);
}

}  // namespace cxr
