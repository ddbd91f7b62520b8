#include "core/deidentify/letter_shapes.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace cxr {
namespace {

const cv::Size kShape(16, 24);
constexpr double kLeastLikeness = 0.80;
constexpr double kLeastTiltedLikeness = 0.84;  // nine chances to be alike by accident
constexpr int kMostTilt = 20, kTiltStep = 5;   // degrees
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

namespace {

double markerLikeness(const cv::Mat& strokes) {
    static const std::vector<Template> markers = drawTemplates("LR");
    return likest(strokes, markers).likeness;
}

bool isMarkerLetter(const cv::Mat& strokes) {
    const char letter = likestLetter(strokes).letter;
    return letter == 'L' || letter == 'R';
}

}  // namespace

bool isSideMarker(const cv::Mat& strokes) { return markerLikeness(strokes) >= kLeastLikeness && isMarkerLetter(strokes); }

cv::Mat turnedUpright(const cv::Mat& strokes, int tilt) {
    if (tilt == 0 || strokes.empty()) return strokes;
    const int side = static_cast<int>(std::ceil(std::hypot(strokes.cols, strokes.rows))) + 2;
    cv::Mat turn = cv::getRotationMatrix2D({strokes.cols / 2.0F, strokes.rows / 2.0F}, tilt, 1), turned;
    turn.at<double>(0, 2) += (side - strokes.cols) / 2.0;
    turn.at<double>(1, 2) += (side - strokes.rows) / 2.0;
    cv::warpAffine(strokes, turned, turn, {side, side}, cv::INTER_LINEAR);
    return cropped(turned > 127);
}

std::optional<int> sideMarkerTilt(const cv::Mat& strokes) {
    if (isSideMarker(strokes)) return 0;
    int best = 0;
    double likeness = 0;
    for (int tilt = -kMostTilt; tilt <= kMostTilt; tilt += kTiltStep) {
        if (tilt == 0) continue;
        const double here = markerLikeness(turnedUpright(strokes, tilt));
        if (here > likeness) likeness = here, best = tilt;
    }
    if (likeness < kLeastTiltedLikeness || !isMarkerLetter(turnedUpright(strokes, best))) return std::nullopt;
    return best;
}

}  // namespace cxr
