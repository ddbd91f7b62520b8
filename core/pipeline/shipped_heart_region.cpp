// Region pictures from packs and files.
#include "core/pipeline/shipped_heart_region.h"

#include <opencv2/imgcodecs.hpp>

#include "core/base/atomic_file.h"
#include "core/model/registry.h"

namespace cxr {

Result<cv::Mat> readHeartRegion(const std::filesystem::path& file) {
    const Result<std::string> bytes = readWholeFile(file, 64 << 20);
    if (!bytes.isOk()) return bytes.error();
    const cv::Mat coded(1, static_cast<int>(bytes.value().size()), CV_8UC1, const_cast<char*>(bytes.value().data()));
    cv::Mat region = coded.empty() ? cv::Mat() : cv::imdecode(coded, cv::IMREAD_GRAYSCALE);
    if (region.empty()) {
        return Error{ErrorCode::Corrupt, file.filename().string() + " is no picture; give a gray PNG or JPEG of the heart region"};
    }
    return region;
}

Result<cv::Mat> shippedHeartRegion(const std::filesystem::path& packFolder) {
    std::error_code ignored;
    if (!packFolder.empty() && std::filesystem::exists(packFolder / kHeartRegionFile, ignored)) {
        return readHeartRegion(packFolder / kHeartRegionFile);
    }
    const Result<Pack> pack = findPack(kHeartLungsPack);
    if (!pack.isOk()) return pack.error();
    if (!std::filesystem::exists(pack.value().folder / kHeartRegionFile, ignored)) {
        return Error{ErrorCode::NotFound, "the heart model has no heart region; install the model pack heart-lungs again"};
    }
    return readHeartRegion(pack.value().folder / kHeartRegionFile);
}

}  // namespace cxr
