#include "core/deidentify/burned_in_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/deidentify/letter_shapes.h"
#include "core/deidentify/side_markers.h"

namespace cxr {
namespace {

constexpr int kSmallestGlyph = 6, kLargestGlyph = 44;  // height at a level, px
constexpr int kHatSide = 15;                           // wider than the strokes of the largest glyphs
constexpr int kLeastContrast = 28;                     // of 255
constexpr int kFlatBand = 32;                          // values this near to the extreme one count as the stroke's own
constexpr double kLeastFlatShare = 0.22;
constexpr double kLeastSharpness = 0.50;               // edge step of two neighbouring pixels / contrast
constexpr double kLongestGlyph = 12;                   // width / height: letters that touch
constexpr double kLetterWidth = 0.65;                  // of the height, to count letters that touch
constexpr double kWidestGap = 1.6;                      // of the height: the blank between two words
constexpr int kLeastLetters = 3;
constexpr int kLargestMarker = 200;                    // px at a level
constexpr double kLetterProportion = 1.8;              // longer / shorter side of a letter
constexpr double kTallestWriting = 0.09;               // of the film's shorter side
constexpr double kLeastLetterLikeness = 0.75;          // of initials beside a marker
constexpr int kSmallestMarker = 12;                    // px at a level: smaller ones are not told from other glyphs

struct Glyph {
    cv::Rect box;
    double value = 0;  // of its strokes
};

struct LevelParts {
    std::vector<Glyph> glyphs;
    std::vector<cv::Rect> letters;  // parts of a single letter's proportions, whatever they are
};

// One level, one polarity: what may be a letter. `hat` is the contrast against the surroundings.
class GlyphFinder {
  public:
    GlyphFinder(const cv::Mat& level, bool isBright) : m_level(level), m_isBright(isBright) {
        const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {kHatSide, kHatSide});
        cv::morphologyEx(level, m_hat, isBright ? cv::MORPH_TOPHAT : cv::MORPH_BLACKHAT, square);
        cv::morphologyEx(level, m_step, cv::MORPH_GRADIENT, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
    }

    // L or R, and by how many degrees it is tilted.
    [[nodiscard]] std::optional<int> markerTilt(const Glyph& glyph) const { return sideMarkerTilt(shapeOf(glyph)); }
    [[nodiscard]] bool isLetter(const Glyph& glyph, int tilt) const {
        return likestLetter(turnedUpright(shapeOf(glyph), tilt)).likeness >= kLeastLetterLikeness;
    }

    [[nodiscard]] LevelParts find() const {
        cv::Mat labels, stats, centres;
        const cv::Mat strong = m_hat >= kLeastContrast;
        const int count = cv::connectedComponentsWithStats(strong, labels, stats, centres, 8, CV_32S);
        LevelParts parts;
        for (int i = 1; i < count; ++i) {
            const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                               stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
            if (hasLetterShape(box)) parts.letters.push_back(box);
            if (!hasGlyphSize(box, stats.at<int>(i, cv::CC_STAT_AREA))) continue;
            const cv::Mat strokes = strokesOf(labels(box) == i, box);
            if (hasThinStrokes(strokes, box) && isFlat(strokes, box) && isSharp(strokes, box)) {
                parts.glyphs.push_back({box, extremeOf(strokes, box)});
            }
        }
        return parts;
    }

  private:
    [[nodiscard]] cv::Mat shapeOf(const Glyph& glyph) const { return m_hat(glyph.box) >= 0.5 * contrastOf(cv::Mat(), glyph.box); }

    static bool hasLetterShape(const cv::Rect& box) {
        const int larger = std::max(box.width, box.height), smaller = std::min(box.width, box.height);
        return larger <= kLargestMarker && smaller > kSmallestGlyph && larger <= kLetterProportion * smaller;
    }

    static bool hasGlyphSize(const cv::Rect& box, int area) {
        if (box.height < kSmallestGlyph || box.height > kLargestGlyph) return false;
        if (box.width > kLongestGlyph * box.height || area < kSmallestGlyph) return false;
        const double fill = static_cast<double>(area) / box.area();
        return fill > 0.12 && (fill < 0.85 || box.width < 0.4 * box.height);  // a full box is a bar, unless it is an I
    }

    [[nodiscard]] double contrastOf(const cv::Mat& mask, const cv::Rect& box) const {
        double contrast = 0;
        cv::minMaxLoc(m_hat(box), nullptr, &contrast, nullptr, nullptr, mask.empty() ? cv::noArray() : cv::InputArray(mask));
        return contrast;
    }

    // Without the soft edge: what has half of the contrast.
    [[nodiscard]] cv::Mat strokesOf(const cv::Mat& mask, const cv::Rect& box) const {
        return (m_hat(box) >= 0.5 * contrastOf(mask, box)) & mask;
    }

    static bool hasThinStrokes(const cv::Mat& strokes, const cv::Rect& box) {
        cv::Mat padded, distance;
        cv::copyMakeBorder(strokes, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
        cv::distanceTransform(padded, distance, cv::DIST_L2, 3);
        double widest = 0;
        cv::minMaxLoc(distance, nullptr, &widest);
        return 2 * widest <= std::max(4.5, 0.42 * box.height);
    }

    [[nodiscard]] double extremeOf(const cv::Mat& strokes, const cv::Rect& box) const {
        double low = 0, high = 0;
        cv::minMaxLoc(m_level(box), &low, &high, nullptr, nullptr, strokes);
        return m_isBright ? high : low;
    }

    // Strokes have one value.
    [[nodiscard]] bool isFlat(const cv::Mat& strokes, const cv::Rect& box) const {
        const double extreme = extremeOf(strokes, box);
        cv::Mat flat;
        cv::inRange(m_level(box), extreme - kFlatBand, extreme + kFlatBand, flat);
        return cv::countNonZero(flat & strokes) >= kLeastFlatShare * cv::countNonZero(strokes);
    }

    // It changes to the surroundings within a pixel or two.
    [[nodiscard]] bool isSharp(const cv::Mat& strokes, const cv::Rect& box) const {
        cv::Mat padded, inner;
        cv::copyMakeBorder(strokes, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
        cv::erode(padded, inner, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
        const cv::Mat edge = strokes & ~inner(cv::Rect(1, 1, box.width, box.height));
        return cv::mean(m_step(box), edge)[0] >= kLeastSharpness * contrastOf(strokes, box);
    }

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
    return gap <= kWidestGap * larger && gap >= -0.6 * larger;
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
    std::vector<Glyph> glyphs;  // from left to right
};

bool isWriting(const Line& line) {
    return line.letters >= kLeastLetters && line.box.width >= 1.2 * line.tallest && line.box.height <= 2.0 * line.tallest;
}

// Lines, and what is too short to be one.
std::vector<Line> groupsOf(std::vector<Glyph> glyphs) {
    std::sort(glyphs.begin(), glyphs.end(), [](const Glyph& a, const Glyph& b) { return a.box.x < b.box.x; });
    std::vector<int> parents(glyphs.size());
    std::iota(parents.begin(), parents.end(), 0);
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        const double reach = glyphs[i].box.br().x + kWidestGap * kLargestGlyph;
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
        line.glyphs.push_back(glyphs[i]);
    }
    std::erase_if(lines, [](const Line& line) { return line.glyphs.empty(); });
    return lines;
}

// Beside, above or below a marker, and not larger.
bool isAt(const cv::Rect& initials, const cv::Rect& marker) {
    const double height = marker.height;
    if (initials.height > 1.2 * height || initials.height < 0.2 * height || initials.width > 2 * height) return false;
    const int across = std::max(initials.x, marker.x) - std::min(initials.br().x, marker.br().x),
              down = std::max(initials.y, marker.y) - std::min(initials.br().y, marker.br().y);  // negative: they overlap
    const bool isBeside = -down >= 0.6 * initials.height && across > 0.1 * height && across <= 1.2 * height;
    const bool isBelow = -across >= 0.5 * std::min(initials.width, marker.width) && down > 0 && down <= 0.7 * height;
    return isBeside || isBelow;
}

// One or two letters at a marker that stands alone: too few for a line, but whose they are is known.
std::vector<cv::Rect> initialsAt(const cv::Rect& marker, int tilt, const std::vector<Line>& groups, const GlyphFinder& finder) {
    std::vector<cv::Rect> boxes;
    for (const Line& group : groups) {
        if (isWriting(group) || group.letters > kLeastLetters || !isAt(group.box, marker)) continue;
        const auto& glyphs = group.glyphs;
        if (std::all_of(glyphs.begin(), glyphs.end(), [&](const Glyph& glyph) { return finder.isLetter(glyph, tilt); })) boxes.push_back(group.box);
    }
    return boxes;
}

std::vector<cv::Rect> writingOf(const GlyphFinder& finder, std::vector<Glyph> glyphs) {
    std::vector<cv::Rect> boxes;
    const std::vector<Line> groups = groupsOf(std::move(glyphs));
    for (const Line& group : groups) {
        if (isWriting(group)) boxes.push_back(group.box);
        if (group.glyphs.size() != 1 || group.box.height < kSmallestMarker) continue;
        const std::optional<int> tilt = finder.markerTilt(group.glyphs.front());
        if (!tilt) continue;
        const std::vector<cv::Rect> initials = initialsAt(group.box, *tilt, groups, finder);
        boxes.insert(boxes.end(), initials.begin(), initials.end());
    }
    return boxes;
}

// Descenders, points and the soft edge of the letters lie a little outside of what was found.
cv::Rect withMargin(const cv::Rect& box) {
    const int margin = std::max(2, static_cast<int>(std::lround(0.3 * std::min(box.width, box.height))));
    return {box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin};
}

cv::Rect turnedBack(const cv::Rect& box) { return {box.y, box.x, box.height, box.width}; }

// The insides and the gaps of one large letter are no line: markers of the side stay.
bool liesInOneLetter(const cv::Rect& line, const std::vector<cv::Rect>& letters) {
    return std::any_of(letters.begin(), letters.end(), [&](const cv::Rect& letter) {
        const cv::Rect around(letter.x - 4, letter.y - 4, letter.width + 8, letter.height + 8);
        return (around & line) == line;
    });
}

std::vector<cv::Rect> linesOfLevel(const cv::Mat& level) {
    std::vector<cv::Rect> lines, letters;
    const cv::Mat turned = level.t();
    for (const bool isBright : {true, false}) {
        const GlyphFinder upright(level, isBright), lying(turned, isBright);
        LevelParts parts = upright.find();
        letters.insert(letters.end(), parts.letters.begin(), parts.letters.end());
        for (const cv::Rect& box : writingOf(upright, std::move(parts.glyphs))) lines.push_back(box);
        for (const cv::Rect& box : writingOf(lying, lying.find().glyphs)) lines.push_back(turnedBack(box));
    }
    std::vector<cv::Rect> boxes;
    for (const cv::Rect& line : lines) {
        if (!liesInOneLetter(line, letters)) boxes.push_back(withMargin(line));
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

// Markers of the side stay.
std::vector<cv::Rect> besideMarkers(const cv::Mat& film, const std::vector<cv::Rect>& boxes) {
    std::vector<cv::Rect> kept;
    for (const cv::Rect& box : boxes) {
        const std::vector<cv::Rect> parts = besideMarker(film, box);
        kept.insert(kept.end(), parts.begin(), parts.end());
    }
    return kept;
}

}  // namespace

Result<std::vector<TextBox>> findBurnedInText(const cv::Mat& film, const RunContext& context) {
    std::vector<cv::Rect> boxes;
    cv::Mat level = film;
    const cv::Rect all(0, 0, film.cols, film.rows);
    const double tallest = kTallestWriting * std::min(film.rows, film.cols);
    while (true) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "cancelled"};
        const double x = static_cast<double>(film.cols) / level.cols, y = static_cast<double>(film.rows) / level.rows;
        for (const cv::Rect& box : linesOfLevel(level)) {
            const cv::Point from(cvFloor(box.x * x), cvFloor(box.y * y)), to(cvCeil(box.br().x * x), cvCeil(box.br().y * y));
            boxes.push_back(cv::Rect(from, to) & all);
        }
        if (level.rows < 2 || level.cols < 2 || kLargestGlyph * y >= tallest) return besideMarkers(film, merged(std::move(boxes)));
        cv::Mat half;
        cv::resize(level, half, {level.cols / 2, level.rows / 2}, 0, 0, cv::INTER_AREA);
        level = half;
    }
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
