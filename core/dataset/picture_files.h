// Which picture files a data set's folders hold. Lists folders; opens pictures only for their first 24 bytes.
//   thread rule  immutable after it is made; any thread
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cxr {

// File name -> path, over several folders; where two folders hold the same name the earlier folder wins.
class PictureFolders {
  public:
    explicit PictureFolders(const std::vector<std::filesystem::path>& folders);
    // Empty path: none has it. Only the last part of `name` counts.
    [[nodiscard]] std::filesystem::path find(const std::string& name) const;
    [[nodiscard]] std::vector<std::filesystem::path> all() const;  // sorted

  private:
    std::unordered_map<std::string, std::filesystem::path> m_files;
};

// True for names that end like a picture or a DICOM file.
bool looksLikePicture(const std::filesystem::path& file);

// Width and height from a PNG's header (PNG 1.2, section 4.1.1); nullopt: not a PNG, or more than 2^20 px a side.
std::optional<std::pair<int, int>> pngSize(const std::filesystem::path& file);

}  // namespace cxr
