#include "core/dataset/picture_files.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

#include "core/dataset/csv.h"

namespace cxr {

namespace fs = std::filesystem;

bool looksLikePicture(const fs::path& file) {
    const std::string ending = lowerCase(file.extension().string());
    constexpr std::array<std::string_view, 7> known{".png", ".jpg", ".jpeg", ".tif", ".tiff", ".dcm", ".dicom"};
    return std::find(known.begin(), known.end(), ending) != known.end();
}

PictureFolders::PictureFolders(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders) {
        std::error_code failed;
        for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
            if (looksLikePicture(it->path())) m_files.try_emplace(it->path().filename().string(), it->path());
        }
    }
}

fs::path PictureFolders::find(const std::string& name) const {
    const auto found = m_files.find(fs::path(name).filename().string());
    return found == m_files.end() ? fs::path{} : found->second;
}

std::vector<fs::path> PictureFolders::all() const {
    std::vector<fs::path> files;
    for (const auto& [name, path] : m_files) files.push_back(path);
    std::sort(files.begin(), files.end());
    return files;
}

std::optional<std::pair<int, int>> pngSize(const fs::path& file) {
    std::array<unsigned char, 24> head{};
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(head.data()), head.size())) return std::nullopt;
    constexpr std::array<unsigned char, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (!std::equal(signature.begin(), signature.end(), head.begin())) return std::nullopt;
    const auto bigEndian = [&](std::size_t at) {
        return std::uint32_t{head[at]} << 24 | std::uint32_t{head[at + 1]} << 16 | std::uint32_t{head[at + 2]} << 8 | head[at + 3];
    };
    const std::uint32_t width = bigEndian(16), height = bigEndian(20);
    if (width == 0 || height == 0 || width > 1U << 20 || height > 1U << 20) return std::nullopt;
    return std::pair{static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace cxr
