#include "core/io/polarity_check.h"

#include <algorithm>
#include <vector>

#include "core/image/pixel_chain.h"

namespace cxr {
namespace {

constexpr int kSmallestFilm = 128;  // px
constexpr double kMargin = 0.15;    // of the range between the film's 2nd and 98th percentile

// A part of the film in fractions of its size.
struct Part {
    double left, right, top, bottom;
};
constexpr Part kMiddle{0.46, 0.54, 0.35, 0.65}, kFirstLung{0.20, 0.36, 0.30, 0.55}, kSecondLung{0.64, 0.80, 0.30, 0.55},
    kFirstCorner{0, 0.08, 0, 0.08}, kSecondCorner{0.92, 1, 0, 0.08}, kWhole{0, 1, 0, 1};

// About 64 x 64 samples of a part, ascending.
std::vector<int> sortedSamples(const cv::Mat& film, const Part& part) {
    constexpr int kSteps = 64;
    std::vector<int> values;
    values.reserve(kSteps * kSteps);
    for (int i = 0; i < kSteps; ++i) {
        const double y = part.top + (part.bottom - part.top) * (i + 0.5) / kSteps;
        const auto* line = film.ptr<std::uint16_t>(static_cast<int>(y * film.rows));
        for (int k = 0; k < kSteps; ++k) {
            const double x = part.left + (part.right - part.left) * (k + 0.5) / kSteps;
            values.push_back(line[static_cast<int>(x * film.cols)]);
        }
    }
    std::sort(values.begin(), values.end());
    return values;
}

double quantile(const std::vector<int>& sorted, double q) {
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

double median(const cv::Mat& film, const Part& part) { return quantile(sortedSamples(film, part), 0.5); }

bool mayBeFrontalChest(const Image& image) {
    const StudyFacts& study = image.study;
    const bool isRadiograph =
        study.modality.empty() || study.modality == "CR" || study.modality == "DX" || study.modality == "RG";
    const bool isChest = study.bodyPart.empty() || study.bodyPart.find("CHEST") != std::string::npos ||
                         study.bodyPart.find("THORAX") != std::string::npos;
    return isRadiograph && isChest && image.view != ViewPosition::Lateral && image.view != ViewPosition::Oblique &&
           !image.encoding.wasColor && std::min(image.width(), image.height()) >= kSmallestFilm;
}

}  // namespace

bool looksInverted(const Image& image) {
    if (!mayBeFrontalChest(image)) return false;
    const auto all = sortedSamples(image.samples, kWhole);
    const double margin = kMargin * (quantile(all, 0.98) - quantile(all, 0.02));
    const bool lowIsBright = image.isInverse != (modalityValue(image, 65535) < modalityValue(image, 0));
    const double sign = lowIsBright ? -1 : 1;
    const double middle = median(image.samples, kMiddle);
    const auto isBrighter = [&](const Part& part) { return sign * (median(image.samples, part) - middle) > margin; };
    return margin > 0 && isBrighter(kFirstLung) && isBrighter(kSecondLung) && isBrighter(kFirstCorner) &&
           isBrighter(kSecondCorner);
}

}  // namespace cxr
