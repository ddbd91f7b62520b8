// What a PDF says about itself: document information, the same as XMP, its language, and that a window shows its title.
//   Qt's writer knows title and creator only; qpdf adds the rest to what it wrote. Nothing about a patient goes in here.
//   XMP   ISO 16684-1: dc:title, dc:creator, dc:description, dc:language, xmp:CreatorTool, xmp:CreateDate, pdf:Producer
// Pure function; thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cxr::ui {

struct PdfFacts {
    std::string title, author, subject, creator;  // UTF-8
    std::string language;                         // BCP 47: "de"
};

// The whole file again; empty if `pdf` is none.
std::vector<std::byte> withMetadata(std::span<const std::byte> pdf, const PdfFacts& facts);

}  // namespace cxr::ui
