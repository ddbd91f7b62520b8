#include "core/deidentify/burned_in_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace cxr {
namespace {

constexpr int kSmallestGlyph = 6, kLargestGlyph = 44;  // height at a level, px
constexpr int kHatSide = 15;                           // wider than the strokes of the largest glyphs
constexpr int kLeastContrast = 40;                     // of 255
constexpr int kFlatBand = 24;                          // values this near to the extreme one count as the stroke's own
constexpr double kLeastFlatShare = 0.30;
constexpr double kLeastSharpness = 0.55;               // edge step of two neighbouring pixels / contrast
constexpr double kLongestGlyph = 12;                   // width / height: letters that touch
constexpr double kLetterWidth = 0.65;                  // of the height, to count letters that touch
constexpr int kLeastLetters = 3;
constexpr int kSmallestLevel = 160;                    // px; smaller levels hold no writing

struct Glyph {
    cv::Rect box;
    double value = 0;  // of its strokes
};

// One level, one polarity: what may be a letter. `hat` is the contrast against the surroundings.
class GlyphFinder {
  public:
    GlyphFinder(const cv::Mat& level, bool isBright) : m_level(level), m_isBright(isBright) {
        const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {kHatSide, kHatSide});
        cv::morphologyEx(level, m_hat, isBright ? cv::MORPH_TOPHAT : cv::MORPH_BLACKHAT, square);
        cv::morphologyEx(level, m_step, cv::MORPH_GRADIENT, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
    }

    [[nodiscard]] std::vector<Glyph> find() const {
        cv::Mat labels, stats, centres;
        const cv::Mat strong = m_hat >= kLeastContrast;
        const int count = cv::connectedComponentsWithStats(strong, labels, stats, centres, 8, CV_32S);
        std::vector<Glyph> glyphs;
        for (int i = 1; i < count; ++i) {
            const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                               stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
            if (!hasGlyphSize(box, stats.at<int>(i, cv::CC_STAT_AREA))) continue;
            const cv::Mat mask = labels(box) == i;
            if (hasThinStrokes(mask, box) && isFlatAndSharp(mask, box)) glyphs.push_back({box, valueOf(mask, box)});
        }
        return glyphs;
    }

  private:
    static bool hasGlyphSize(const cv::Rect& box, int area) {
        if (box.height < kSmallestGlyph || box.height > kLargestGlyph) return false;
        if (box.width > kLongestGlyph * box.height || area < kSmallestGlyph) return false;
        const double fill = static_cast<double>(area) / box.area();
        return fill > 0.12 && (fill < 0.85 || box.width < 0.4 * box.height);  // a full box is a bar, unless it is an I
    }

    static bool hasThinStrokes(const cv::Mat& mask, const cv::Rect& box) {
        cv::Mat padded, distance;
        cv::copyMakeBorder(mask, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
        cv::distanceTransform(padded, distance, cv::DIST_L2, 3);
        double widest = 0;
        cv::minMaxLoc(distance, nullptr, &widest);
        return 2 * widest <= std::max(4.5, 0.42 * box.height);
    }

    [[nodiscard]] double extremeOf(const cv::Mat& mask, const cv::Rect& box) const {
        double low = 0, high = 0;
        cv::minMaxLoc(m_level(box), &low, &high, nullptr, nullptr, mask);
        return m_isBright ? high : low;
    }

    // Strokes have one value, and it changes to the surroundings within a pixel or two.
    [[nodiscard]] bool isFlatAndSharp(const cv::Mat& mask, const cv::Rect& box) const {
        const double extreme = extremeOf(mask, box);
        cv::Mat flat;
        cv::inRange(m_level(box), extreme - kFlatBand, extreme + kFlatBand, flat);
        cv::bitwise_and(flat, mask, flat);
        if (cv::countNonZero(flat) < kLeastFlatShare * cv::countNonZero(mask)) return false;
        double contrast = 0;
        cv::minMaxLoc(m_hat(box), nullptr, &contrast, nullptr, nullptr, mask);
        cv::Mat inner, edge;
        cv::Mat padded;
        cv::copyMakeBorder(mask, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
        cv::erode(padded, inner, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
        edge = mask & ~inner(cv::Rect(1, 1, box.width, box.height));
        return cv::mean(m_step(box), edge)[0] >= kLeastSharpness * contrast;
    }

    [[nodiscard]] double valueOf(const cv::Mat& mask, const cv::Rect& box) const { return extremeOf(mask, box); }

    const cv::Mat& m_level;
    bool m_isBright;
    cv::Mat m_hat, m_step;
};

bool areNeighbours(const Glyph& a, const Glyph& b) {
    const double smaller = std::min(a.box.height, b.box.height), larger = std::max(a.box.height, b.box.height);
    if (larger > 2.2 * smaller || std::abs(a.value - b.value) > 2 * kFlatBand) return false;
    const int overlap = std::min(a.box.br().y, b.box.br().y) - std::max(a.box.y, b.box.y);
    if (overlap < 0.6 * smaller) return false;
    const int gap = std::max(a.box.x, b.box.x) - std::min(a.box.br().x, b.box.br().x);
    return gap <= 1.1 * larger && gap >= -0.6 * larger;
}

// Representative of a group, the way to it made short.
int rootOf(std::vector<int>& parents, int i) {
    while (parents[i] != i) i = parents[i] = parents[parents[i]];
    return i;
}

double lettersIn(const Glyph& glyph) {
    return std::max(1.0, std::round(glyph.box.width / (kLetterWidth * glyph.box.height)));
}

struct Line {
    cv::Rect box;
    double letters = 0;
    int tallest = 0;
};

bool isWriting(const Line& line) {
    return line.letters >= kLeastLetters && line.box.width >= 1.2 * line.tallest && line.box.height <= 2.0 * line.tallest;
}

std::vector<cv::Rect> linesOf(std::vector<Glyph> glyphs) {
    std::sort(glyphs.begin(), glyphs.end(), [](const Glyph& a, const Glyph& b) { return a.box.x < b.box.x; });
    std::vector<int> parents(glyphs.size());
    std::iota(parents.begin(), parents.end(), 0);
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        const double reach = glyphs[i].box.br().x + 1.1 * kLargestGlyph;
        for (std::size_t k = i + 1; k < glyphs.size() && glyphs[k].box.x <= reach; ++k) {
            if (!areNeighbours(glyphs[i], glyphs[k])) continue;
            parents[rootOf(parents, static_cast<int>(k))] = rootOf(parents, static_cast<int>(i));
        }
    }
    std::vector<Line> lines(glyphs.size());
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        Line& line = lines[rootOf(parents, static_cast<int>(i))];
        line.box = line.letters == 0 ? glyphs[i].box : line.box | glyphs[i].box;
        line.letters += lettersIn(glyphs[i]);
        line.tallest = std::max(line.tallest, glyphs[i].box.height);
    }
    std::vector<cv::Rect> boxes;
    for (const Line& line : lines) {
        if (isWriting(line)) boxes.push_back(line.box);
    }
    return boxes;
}

// Descenders, points and the soft edge of the letters lie a little outside of what was found.
cv::Rect withMargin(const cv::Rect& box) {
    const int margin = std::max(2, static_cast<int>(std::lround(0.3 * std::min(box.width, box.height))));
    return {box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin};
}

std::vector<cv::Rect> linesOfLevel(const cv::Mat& level) {
    std::vector<cv::Rect> boxes;
    const cv::Mat turned = level.t();
    for (const bool isBright : {true, false}) {
        for (const cv::Rect& box : linesOf(GlyphFinder(level, isBright).find())) boxes.push_back(withMargin(box));
        for (const cv::Rect& box : linesOf(GlyphFinder(turned, isBright).find())) {
            boxes.push_back(withMargin({box.y, box.x, box.height, box.width}));
        }
    }
    return boxes;
}

// Boxes that overlap say the same.
std::vector<cv::Rect> merged(std::vector<cv::Rect> boxes) {
    bool isChanged = true;
    while (isChanged) {
        isChanged = false;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t k = i + 1; k < boxes.size();) {
                if ((boxes[i] & boxes[k]).empty()) {
                    ++k;
                    continue;
                }
                boxes[i] |= boxes[k];
                boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(k));
                isChanged = true;
            }
        }
    }
    std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return std::pair(a.y, a.x) < std::pair(b.y, b.x); });
    return boxes;
}

}  // namespace

Result<std::vector<TextBox>> findBurnedInText(const cv::Mat& film, const RunContext& context) {
    std::vector<cv::Rect> boxes;
    cv::Mat level = film;
    const cv::Rect all(0, 0, film.cols, film.rows);
    while (std::min(level.rows, level.cols) >= kSmallestLevel) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
        const double x = static_cast<double>(film.cols) / level.cols, y = static_cast<double>(film.rows) / level.rows;
        for (const cv::Rect& box : linesOfLevel(level)) {
            const cv::Point from(cvFloor(box.x * x), cvFloor(box.y * y)), to(cvCeil(box.br().x * x), cvCeil(box.br().y * y));
            boxes.push_back(cv::Rect(from, to) & all);
        }
        cv::Mat half;
        cv::resize(level, half, {level.cols / 2, level.rows / 2}, 0, 0, cv::INTER_AREA);
        level = half;
    }
    return merged(std::move(boxes));
}

Result<std::vector<TextBox>> findBurnedInText(const Image& film, const RunContext& context) {
    double low = 0, high = 0;
    cv::minMaxLoc(film.samples, &low, &high);
    cv::Mat gray;
    const double scale = 255.0 / std::max(1.0, high - low);
    film.samples.convertTo(gray, CV_8U, scale, -low * scale);
    return findBurnedInText(gray, context);
}

}  // namespace cxr
