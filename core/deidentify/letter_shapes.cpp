#include "core/deidentify/letter_shapes.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace cxr {
namespace {

const cv::Size kShape(16, 24);
constexpr double kLeastLikeness = 0.80;
constexpr double kMostStretch = 1.7;  // between the proportions of a glyph and of its letter

struct Template {
    char letter;
    double proportion;  // width / height
    cv::Mat shape;
};

cv::Mat shapeOf(const cv::Mat& strokes) {
    cv::Mat shape;
    cv::resize(strokes, shape, kShape, 0, 0, strokes.rows > kShape.height ? cv::INTER_AREA : cv::INTER_LINEAR);
    shape.convertTo(shape, CV_32F);
    cv::GaussianBlur(shape, shape, {5, 5}, 1.0);
    shape -= cv::mean(shape)[0];
    const double length = cv::norm(shape);
    return length > 0 ? cv::Mat(shape / length) : shape;
}

cv::Mat cropped(const cv::Mat& picture) {
    const cv::Rect box = cv::boundingRect(picture);
    return box.empty() ? picture : picture(box);
}

std::vector<Template> drawTemplates(const std::string& letters) {
    std::vector<Template> all;
    for (const char letter : letters) {
        for (const int font : {cv::FONT_HERSHEY_SIMPLEX, cv::FONT_HERSHEY_DUPLEX, cv::FONT_HERSHEY_COMPLEX}) {
            for (const int thickness : {3, 7}) {
                cv::Mat canvas = cv::Mat::zeros(120, 120, CV_8UC1);
                cv::putText(canvas, std::string(1, letter), {25, 90}, font, 2.4, cv::Scalar(255), thickness);
                const cv::Mat drawn = cropped(canvas);
                all.push_back({letter, static_cast<double>(drawn.cols) / drawn.rows, shapeOf(drawn)});
            }
        }
    }
    return all;
}

LetterMatch likest(const cv::Mat& strokes, const std::vector<Template>& templates) {
    LetterMatch best;
    if (strokes.rows < 6 || strokes.cols < 2) return best;
    const cv::Mat shape = shapeOf(strokes);
    const double proportion = static_cast<double>(strokes.cols) / strokes.rows;
    for (const Template& one : templates) {
        if (std::abs(std::log(proportion / one.proportion)) > std::log(kMostStretch)) continue;
        const double likeness = shape.dot(one.shape);
        if (likeness > best.likeness) best = {one.letter, likeness};
    }
    return best;
}

}  // namespace

LetterMatch likestLetter(const cv::Mat& strokes) {
    static const std::vector<Template> templates = drawTemplates("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return likest(strokes, templates);
}

bool isSideMarker(const cv::Mat& strokes) {
    static const std::vector<Template> markers = drawTemplates("LR");
    if (likest(strokes, markers).likeness < kLeastLikeness) return false;
    const char letter = likestLetter(strokes).letter;
    return letter == 'L' || letter == 'R';
}

}  // namespace cxr
