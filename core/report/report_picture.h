// A picture that a reader added to a report, for example landscapes of heatmaps. Plain value; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cxr {

// Its words must say without it what it shows, by which methods and models.
struct ReportPicture {
    std::string title;           // "Relief of 2 heatmaps"
    std::string caption;         // sentences below it
    std::string alt;             // for those who cannot see it
    std::vector<std::byte> png;  // with notice and model names in it
};

}  // namespace cxr
