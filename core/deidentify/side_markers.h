// The marker of the side in a box of writing: an L or R with the initials or the number of whoever made the film beside or
// below it. The marker stays, everything else of the box goes.
//   is one   among at most four other letters, and either larger than they are (lead letters on the cassette; also mirrored, as
//            films that were laid or scanned the other way round have them) or apart from them in one line ("L AB", "12 R")
//   tilted   by up to 20 degrees, as markers laid by hand are
//   framed   an L or R in a circle or box of its own is one whatever is beside it; the frame stays, too
//   is none  an L or R of a word: it goes with it
// Pure functions; thread-safe.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

namespace cxr {

// `film`: CV_8UC1. What of a box is to go: the box itself, or what stands around the marker in it; nothing where the box holds a
// framed marker alone.
std::vector<cv::Rect> besideMarker(const cv::Mat& film, const cv::Rect& box);

}  // namespace cxr
