// The frames of a segmentation as numbers, one at a time: single bits, bytes or words, plain or coded as films may be.
//   plain bits  follow each other without a gap (PS3.5 8.1.1); coded frames begin anew, single bits in RLE and deflated ones
//               packed, in JPEG, JPEG-LS and JPEG 2000 as one sample each
// Inner header of core/dicom_in. An instance belongs to one thread.   PS3.3 C.8.20, PS3.5 A.4
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/dicom_in/object_reader.h"
#include "core/io/pixel_format.h"

namespace cxr {

class SegmentFrames {
  public:
    // `read` outlives it. fails Corrupt, TooLarge, Unsupported
    static Result<SegmentFrames> open(const ObjectReader& read, bool isFractional, bool isLabelMap);

    [[nodiscard]] int rows() const { return m_format.rows; }
    [[nodiscard]] int columns() const { return m_format.columns; }
    [[nodiscard]] int count() const { return m_format.frames; }
    // A pixel with this value or a larger one is inside; of label maps: is something.
    [[nodiscard]] int insideFrom() const { return m_insideFrom; }
    // CV_16UC1 [rows, columns]. REQUIRES: 0 <= index < count()
    [[nodiscard]] Result<cv::Mat> values(int index) const;

  private:
    SegmentFrames() = default;
    [[nodiscard]] cv::Mat plainBits(Bytes data, std::int64_t first) const;
    [[nodiscard]] Result<cv::Mat> coded(int index) const;

    const DicomLayout* m_layout = nullptr;
    PixelFormat m_format;
    int m_insideFrom = 1;
    std::vector<std::vector<Bytes>> m_fragments;  // of each frame; empty: plain
};

}  // namespace cxr
