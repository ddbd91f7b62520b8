// Our own look at a DICOM file before any library sees it: walks every element, believes no number.
//   refuses  nesting deeper than limits.maxSequenceDepth, lengths beyond the file, more than a million elements or 10,000 outside
//            sequences, more than 65,536 fragments, files without a picture
//   deflate  is expanded to 4 MiB; the picture must begin there, and no more is expanded than its size needs
//   accepts  files without preamble and without meta header; the coding of the data set is then recognised by its bytes
// The walk stops at the film's pixel data: nothing behind it is read by anybody.   DICOM PS3.5 section 7, PS3.10
// section 7 Pure functions; thread-safe.   fails Corrupt, TooLarge, Unsupported
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/io/bytes.h"
#include "core/io/image_reader.h"
#include "core/io/transfer_syntax.h"

namespace cxr {

// Group and element number in one: 0x00280010 is (0028,0010).
using TagNumber = std::uint32_t;

struct DicomElement {
    TagNumber tag = 0;
    std::string vr;  // "" in implicit data sets
    std::size_t headerOffset = 0;
    std::size_t valueOffset = 0;
    std::size_t endOffset = 0;  // of the whole value, delimiters of undefined lengths included
    bool hasUndefinedLength = false;
    [[nodiscard]] std::size_t length() const { return endOffset - valueOffset; }
};

// Where the picture lies in the data set.
struct PixelLocation {
    DicomElement element;          // (7FE0,0010) Pixel Data, (7FE0,0008) Float or (7FE0,0009) Double Float Pixel Data
    std::vector<Bytes> fragments;  // of encapsulated pixel data, offset table left out
    std::vector<std::uint32_t> frameOffsets;  // the Basic Offset Table; often empty
    std::uint32_t claimedBytes = 0;           // the length in the element's header; 0xFFFFFFFF: undefined
};

struct DicomLayout {
    DicomLayout() = default;
    DicomLayout(DicomLayout&&) = default;  // moves keep the views valid, copies would not
    DicomLayout& operator=(DicomLayout&&) = default;

    std::vector<std::uint8_t> inflated;      // owns the data set of a deflated file
    Bytes dataSet;                           // points into the file or into `inflated`
    std::string declaredSyntaxUid;           // from the meta header; empty without one
    const TransferSyntax* syntax = nullptr;  // what the pixels are coded with; never null in a result
    bool isExplicit = true;                  // as the bytes are, whatever is declared
    ByteOrder order = ByteOrder::Little;
    std::vector<DicomElement> elements;  // top level, up to the pixel data, in file order
    PixelLocation pixels;
    std::vector<std::string> notes;

    // The first element with this tag, or null.
    [[nodiscard]] const DicomElement* find(TagNumber tag) const;
    [[nodiscard]] Bytes valueOf(const DicomElement& element) const;
    // Text of a top-level element without padding; empty when absent.
    [[nodiscard]] std::string text(TagNumber tag) const;
};

// True for a DICOM file by its first bytes (132 are enough).
bool looksLikeDicom(Bytes firstBytes);

// REQUIRES: looksLikeDicom(file). The result points into `file`.
Result<DicomLayout> prescanDicom(Bytes file, const ReadLimits& limits);
// The same for any DICOM object; layout.pixels.element.tag is 0 where there is no picture.
Result<DicomLayout> prescanDicomObject(Bytes file, const ReadLimits& limits);
// The same up to the pixel data, whose value is not looked at: `file` may be the beginning of a file. Of the pixels
// only element.tag and the offsets of its header are known.
Result<DicomLayout> prescanDicomHeader(Bytes file, const ReadLimits& limits);

// "it is a structured report": why an object without pixel data cannot be opened as a film.
std::string withoutPicture(const DicomLayout& layout);

}  // namespace cxr
