// DICOM films and encoded pictures that the fuzz targets begin with, made here.
#pragma once

#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "core/io/image_reader.h"
#include "tests/support/dicom_bytes.h"

namespace cxr::fuzz {

// Small, so that an input that keeps within them takes milliseconds.
inline ReadLimits smallLimits() { return {.maxPixels = 1 << 18, .maxDecodedBytes = 8 << 20, .maxFileBytes = 1 << 20, .maxSequenceDepth = 64}; }

// A JPEG 2000 writer with five levels wants 32 pixels on each side.
inline constexpr int kRows = 40, kColumns = 48;

// A gray ramp with an edge. [kRows, kColumns]
inline cv::Mat smallPicture(int type) {
    cv::Mat gray(kRows, kColumns, CV_16UC1);
    for (int y = 0; y < gray.rows; ++y) {
        for (int x = 0; x < gray.cols; ++x) gray.at<std::uint16_t>(y, x) = static_cast<std::uint16_t>(x < 12 ? 40 * y : 900 + x * y);
    }
    cv::Mat picture;
    gray.convertTo(picture, CV_MAT_DEPTH(type), CV_MAT_DEPTH(type) == CV_8U ? 1 / 16.0 : 1);
    if (CV_MAT_CN(type) == 1) return picture;
    cv::Mat colour;
    cv::merge(std::vector<cv::Mat>(static_cast<std::size_t>(CV_MAT_CN(type)), picture), colour);
    return colour;
}

inline std::string encoded(const std::string& suffix, int type, const std::vector<int>& options = {}) {
    std::vector<unsigned char> bytes;
    cv::imencode(suffix, smallPicture(type), bytes, options);
    return {bytes.begin(), bytes.end()};
}

inline std::string textOf(const test::ByteVector& bytes) { return {bytes.begin(), bytes.end()}; }

// Patient, view, spacing, window, a sequence of defined and one of undefined length, private data: what the readers look at.
inline void addHeader(test::DicomBytes& data) {
    data.text(0x00080005, "CS", "ISO_IR 192").text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1.1").text(0x00080060, "CS", "DX");
    test::DicomBytes item;
    item.text(0x00080100, "SH", "T-D3000").text(0x00080102, "SH", "SRT");
    data.header(0x00082218, "SQ", static_cast<std::uint32_t>(item.bytes.size() + 8)).header(0xFFFEE000, "", static_cast<std::uint32_t>(item.bytes.size())).append(item);
    data.text(0x00100010, "PN", "Fuzz^Test=\xe8\xa9\xa6").text(0x00180015, "CS", "CHEST").text(0x00181164, "DS", "0.15\\0.15");
    data.text(0x00185101, "CS", "PA").text(0x00200020, "CS", "L\\F");
}

inline void addDisplay(test::DicomBytes& data) {
    data.text(0x00280030, "DS", "0.143\\0.143").text(0x00281050, "DS", "700\\600").text(0x00281051, "DS", "900\\500");
    data.header(0x00283010, "SQ", test::DicomBytes::kUndefined).header(0xFFFEE000, "", test::DicomBytes::kUndefined);
    data.us(0x00283002, {4, 0, 16}).words(0x00283006, std::vector<std::uint16_t>{0, 400, 900, 4095}, "US");
    data.header(0xFFFEE00D, "", 0).header(0xFFFEE0DD, "", 0);
}

// An uncompressed film in one of the three plain codings.
inline std::string plainFilm(const char* syntax, bool isExplicit, bool isBig) {
    test::DicomBytes data(isExplicit, isBig);
    if (isExplicit && !isBig) addHeader(data);
    data.picture(kRows, kColumns);
    if (isExplicit && !isBig) addDisplay(data);
    const cv::Mat gray = smallPicture(CV_16UC1);
    data.words(0x7FE00010, std::span<const std::uint16_t>(gray.ptr<std::uint16_t>(), gray.total()));
    return textOf(test::dicomFile(data.bytes, syntax));
}

// One frame of compressed pixels, as it is.
inline std::string compressedFilm(const std::string& frame, const char* syntax, int allocated, int stored, int samples = 1) {
    test::DicomBytes data;
    data.picture(kRows, kColumns, allocated, stored, false, samples == 1 ? "MONOCHROME2" : "RGB", samples);
    data.header(0x7FE00010, "OB", test::DicomBytes::kUndefined).header(0xFFFEE000, "", 0);
    const std::vector<std::uint8_t> bytes(frame.begin(), frame.end());
    data.data(0xFFFEE000, "", bytes).header(0xFFFEE0DD, "", 0);
    return textOf(test::dicomFile(data.bytes, syntax));
}

inline std::vector<std::string> dicomWords() {
    return {"DICM", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.90", "MONOCHROME1", "PALETTE COLOR", "ISO 2022 IR 87", "\x1b$B",
            std::string("\xfe\xff\x00\xe0\xff\xff\xff\xff", 8), std::string("\xfe\xff\x0d\xe0\x00\x00\x00\x00", 8), std::string("\xfe\xff\xdd\xe0\x00\x00\x00\x00", 8),
            std::string("\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff", 12), std::string("\xf0\xff\xff\xff", 4), std::string("\x28\x00\x10\x00US\x02\x00\xff\xff", 10),
            std::string("\x28\x00\x00\x30SQ\x00\x00\xff\xff\xff\xff", 12), std::string("\x00\x60\x00\x30OW\x00\x00", 8), "SQ", "UN", "OW", "DS", "\\"};
}

}  // namespace cxr::fuzz
