// Site folders of PNG films and masks to LabelledFilm.
#include "core/pipeline/heart_dataset.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, kOrganCount> kMaskFolders{"heart", "left_lung", "right_lung"};

bool isSite(const fs::path& folder) { return fs::is_directory(folder / "image"); }

std::vector<fs::path> sitesIn(const fs::path& folder, const std::vector<std::string>& wanted) {
    std::vector<fs::path> sites;
    std::error_code ignored;
    if (isSite(folder)) sites.push_back(folder);
    else {
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            if (isSite(entry.path())) sites.push_back(entry.path());
        }
    }
    std::erase_if(sites, [&](const fs::path& site) {
        return !wanted.empty() && std::find(wanted.begin(), wanted.end(), site.filename().string()) == wanted.end();
    });
    std::sort(sites.begin(), sites.end());
    return sites;
}

GrayFilm toFilm(const cv::Mat& gray) {
    GrayFilm film{gray.cols, gray.rows, {}};
    cv::Mat values;
    gray.convertTo(values, CV_32F, gray.depth() == CV_16U ? 1.0 / 65535 : 1.0 / 255);
    film.values.assign(values.begin<float>(), values.end<float>());
    return film;
}

Error unreadable(const std::string& site, const std::string& what) {
    return {ErrorCode::Corrupt, "a " + what + " of site " + site + " cannot be read or differs in size from its film"};
}

Result<LabelledFilm> readOne(const fs::path& site, const fs::path& file) {
    LabelledFilm labelled;
    labelled.name = labelled.group = file.stem().string();
    labelled.site = site.filename().string();
    const cv::Mat gray = cv::imread(file.string(), cv::IMREAD_GRAYSCALE | cv::IMREAD_ANYDEPTH);
    if (gray.empty()) return unreadable(labelled.site, "film");
    labelled.film = toFilm(gray);
    for (std::size_t organ = 0; organ < kOrganCount; ++organ) {
        const fs::path path = site / kMaskFolders[organ] / file.filename();
        if (!fs::exists(path)) continue;
        const cv::Mat mask = cv::imread(path.string(), cv::IMREAD_GRAYSCALE);
        if (mask.size() != gray.size()) return unreadable(labelled.site, "mask");
        const cv::Mat isOrgan = mask > 0;
        for (auto it = isOrgan.begin<std::uint8_t>(); it != isOrgan.end<std::uint8_t>(); ++it) {
            labelled.masks[organ].push_back(*it > 0 ? 1 : 0);
        }
    }
    return labelled;
}

}  // namespace

Result<std::vector<LabelledFilm>> readHeartDataset(const fs::path& folder, const std::vector<std::string>& sites,
                                                   const RunContext& context) {
    std::vector<LabelledFilm> films;
    for (const fs::path& site : sitesIn(folder, sites)) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(site / "image")) {
            if (entry.path().extension() == ".png") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) {
            if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the films was stopped"};
            auto film = readOne(site, file);
            if (!film.isOk()) return std::move(film).error();
            films.push_back(std::move(film).value());
        }
    }
    if (!films.empty()) return films;
    return Error{ErrorCode::NotFound, "no folder with image/, heart/, left_lung/ and right_lung/ was found there"};
}

}  // namespace cxr
