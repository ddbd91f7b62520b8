// Which letter or digit a glyph is, by its likeness to letters drawn in plain fonts: enough to tell a marker of the side from
// other writing, no reading of texts.
//   likeness  correlation of the shapes, each stretched to 16 x 24 and softened; letters of other proportions are none
//   tilt      markers are laid on the cassette by hand: shapes are also tried turned by up to 20 degrees
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

namespace cxr {

struct LetterMatch {
    char letter = 0;  // A to Z, 0 to 9; 0: like none
    double likeness = 0;  // up to 1
};

// `strokes`: CV_8UC1 mask, cropped to the glyph.
LetterMatch likestLetter(const cv::Mat& strokes);
// L or R, and nothing else is more alike. Cheap for all that is neither.
bool isSideMarker(const cv::Mat& strokes);
// By how many degrees (clockwise as seen) an L or R is tilted, in steps of 5 up to 20; 0: upright; nullopt: it is none.
std::optional<int> sideMarkerTilt(const cv::Mat& strokes);
// The glyph as it stands after a turn back by so many degrees, cropped.
cv::Mat turnedUpright(const cv::Mat& strokes, int tilt);

}  // namespace cxr
