#include "core/io/image_reader.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <future>
#include <new>
#include <opencv2/core.hpp>
#include <vector>

#include "core/base/folder_links.h"
#include "core/base/sha256.h"
#include "core/image/pixel_chain.h"
#include "core/io/bytes.h"
#include "core/io/dicom_prescan.h"
#include "core/io/dicom_reader.h"
#include "core/io/polarity_check.h"
#include "core/io/raster_header.h"
#include "core/io/raster_reader.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecognisedBytes = 132;  // DICOM's preamble and magic; every other format shows itself earlier
constexpr std::size_t kSmallBytes = 256 << 10;

// The whole file, in memory that is not cleared first.
struct FileBytes {
    std::unique_ptr<std::uint8_t[]> data;
    std::size_t size = 0;
    [[nodiscard]] Bytes view() const { return {data.get(), size}; }
};

Result<FileBytes> readFile(const fs::path& file, const ReadLimits& limits) {
    std::error_code code;
    const fs::file_status status = fs::status(file, code);
    if (!fs::exists(status)) return Error{ErrorCode::NotFound, "the file does not exist"};
    if (!fs::is_regular_file(status)) return Error{ErrorCode::Unsupported, "it is not a file"};
    const auto size = fs::file_size(file, code);
    if (code) return Error{ErrorCode::NotFound, "it cannot be read: " + code.message()};
    if (static_cast<std::int64_t>(size) > limits.maxFileBytes) {
        return Error{ErrorCode::TooLarge,
                     "the file is larger than " + std::to_string(limits.maxFileBytes >> 20) + " MiB"};
    }
    FileBytes bytes{std::make_unique_for_overwrite<std::uint8_t[]>(std::max<std::size_t>(size, 1)), size};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return Error{ErrorCode::NotFound, "it cannot be opened; check its permissions"};
    stream.read(reinterpret_cast<char*>(bytes.data.get()), static_cast<std::streamsize>(size));
    if (static_cast<std::size_t>(stream.gcount()) != size)
        return Error{ErrorCode::NotFound, "it cannot be read to its end"};
    return bytes;
}

// A new format: one more line here.
Result<Image> decodeByContent(Bytes bytes, const ReadLimits& limits, const RunContext& context) {
    if (bytes.empty()) return Error{ErrorCode::Corrupt, "the file is empty"};
    // DICOM first: a DICOM preamble may look like a TIFF file, so that both kinds of program can read it.
    if (looksLikeDicom(bytes)) return readDicom(bytes, limits, context);
    if (rasterKindOf(bytes) != RasterKind::None) return readRaster(bytes, limits);
    return Error{ErrorCode::Unsupported, "it is neither DICOM nor PNG, TIFF or JPEG"};
}

void chooseDefaultVoi(Image& image) {
    if (!image.presets.empty()) {
        image.defaultVoi = image.presets.front().setting;
        image.defaultVoiOrigin = "header: " + image.presets.front().name;
        return;
    }
    image.defaultVoi = percentileVoi(image);
    image.defaultVoiOrigin = "percentiles 0.5-99.5 of the film";
}

Result<ImagePtr> readBytes(Bytes bytes, const std::string& name, const ReadLimits& limits, const RunContext& context) {
    // The hash of a 10 MB film takes as long as its decoding: both at once. A thread costs more than that of a small one.
    const auto when = bytes.size() < kSmallBytes ? std::launch::deferred : std::launch::async;
    auto hash = std::async(when, [bytes] { return sha256Hex(std::as_bytes(bytes)); });
    Result<Image> decoded = decodeByContent(bytes, limits, context);
    if (!decoded.isOk()) return decoded.error();
    auto image = std::make_shared<Image>(std::move(decoded).value());
    chooseDefaultVoi(*image);
    if (looksInverted(*image)) {
        image->notes.emplace_back(
            "Black and white may be exchanged on this film: its middle is darker than both lungs; invert it to "
            "compare.");
    }
    image->sourceName = name;
    image->sourceSha256 = hash.get();
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
    context.report(1);
    return ImagePtr(std::move(image));
}

// `work` with everything that libraries throw turned into an Error, and the file's name in front of any.
template <typename Work>
Result<ImagePtr> guarded(const std::string& name, const Work& work) {
    Result<ImagePtr> result = [&]() -> Result<ImagePtr> {
        try {
            return work();
        } catch (const std::bad_alloc&) {
            return Error{ErrorCode::OutOfMemory, "there is not enough memory to open it"};
        } catch (const cv::Exception& e) {
            if (e.code == cv::Error::StsNoMem)
                return Error{ErrorCode::OutOfMemory, "there is not enough memory to open it"};
            return Error{ErrorCode::Corrupt, "its picture cannot be decoded"};
        } catch (const std::exception&) {
            return Error{ErrorCode::Corrupt, "it cannot be decoded"};
        }
    }();
    if (result.isOk() || result.error().code == ErrorCode::Cancelled) return result;
    return std::move(result).error().within("cannot open " + name);
}

bool looksLikeFilm(const fs::path& file) {
    std::array<std::uint8_t, kRecognisedBytes> start{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(start.data()), start.size());
    const Bytes bytes(start.data(), static_cast<std::size_t>(stream.gcount()));
    return rasterKindOf(bytes) != RasterKind::None || looksLikeDicom(bytes);
}

}  // namespace

Result<ImagePtr> readImage(const fs::path& file, const ReadLimits& limits, const RunContext& context) {
    const std::string name = file.filename().string();
    return guarded(name, [&]() -> Result<ImagePtr> {
        const Result<FileBytes> bytes = readFile(file, limits);
        if (!bytes.isOk()) return bytes.error();
        context.report(0.1);
        return readBytes(bytes.value().view(), name, limits, context);
    });
}

Result<ImagePtr> readImage(Bytes bytes, const std::string& name, const ReadLimits& limits, const RunContext& context) {
    return guarded(name, [&] { return readBytes(bytes, name, limits, context); });
}

std::vector<fs::path> listFilms(const fs::path& fileOrFolder) {
    std::error_code code;
    std::vector<fs::path> films;
    if (fs::is_regular_file(fileOrFolder, code)) {
        if (looksLikeFilm(fileOrFolder)) films.push_back(fileOrFolder);
        return films;
    }
    fs::recursive_directory_iterator walk(fileOrFolder, fs::directory_options::skip_permission_denied, code);
    for (; !code && walk != fs::recursive_directory_iterator(); walk.increment(code)) {
        std::error_code ignored;
        if (!walk->is_regular_file(ignored) || !staysInside(fileOrFolder, *walk)) continue;
        if (looksLikeFilm(walk->path())) films.push_back(walk->path());
    }
    std::sort(films.begin(), films.end());
    return films;
}

}  // namespace cxr
