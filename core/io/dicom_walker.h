// Walks the elements of a DICOM data set without recursion; the inner part of the prescan. See dicom_prescan.h.
#pragma once

#include <vector>

#include "core/io/dicom_prescan.h"

namespace cxr {

struct WalkLimits {
    int maxDepth = 64;
    std::int64_t maxElements = 1'000'000;  // nested ones and items included
    std::size_t maxTopElements = 10'000;   // of the data set itself: each is kept in the layout
    std::size_t maxFragments = 65'536;     // of the picture, and of its offset table
    bool stopsAtPixels = false;            // the value of the pixel data is not looked at: it may be absent
};

class DicomWalker {
  public:
    DicomWalker(Bytes dataSet, bool isExplicit, ByteOrder order, const WalkLimits& limits);

    // Fills `elements` and `pixels` of the layout, up to the top-level pixel data or the end of the data set.
    Result<Done> walk(DicomLayout& layout);

  private:
    // An open sequence or the content of an open item; the bottom one is the data set itself.
    struct Level {
        bool isItem = true;
        std::size_t end = 0;        // kOpen: until its delimiter
        bool isExplicit = true;     // the content of an undefined-length UN is implicit, whatever the file is
        bool isTopElement = false;  // a sequence that is a top-level element: its end is noted in the layout
    };
    struct Header {
        DicomElement element;
        std::uint32_t length = 0;
    };

    Result<Done> stepInSequence();
    Result<Done> stepInItem(DicomLayout& layout);
    Result<Done> enterElement(const Header& header, DicomLayout& layout);
    Result<Done> push(Level level);
    void closeFinished(DicomLayout& layout);
    void pop(DicomLayout& layout);
    Result<Header> readHeader(bool isExplicit) const;
    Result<Done> readFragments(PixelLocation& pixels, std::vector<std::string>& notes);
    Result<Done> needBytes(std::size_t count) const;
    [[nodiscard]] std::size_t innermostEnd() const;
    [[nodiscard]] TagNumber tagAt(std::size_t offset) const;
    [[nodiscard]] bool isSequence(const Header& header, bool isExplicit) const;

    Bytes m_bytes;
    bool m_isExplicit;
    ByteOrder m_order;
    WalkLimits m_limits;
    std::vector<Level> m_levels;
    std::size_t m_position = 0;
    std::int64_t m_elementCount = 0;
    bool m_isAtPixels = false;
};

std::string tagName(TagNumber tag);  // "(0028,0010)"
bool isKnownVr(std::string_view vr);
// False where DCMTK would find the length of a top-level element elsewhere than we did (VRs that nobody knows): who gives it
// the whole data set refuses such files.
bool isReadAlike(const DicomLayout& layout);
bool hasLongLength(std::string_view vr);  // explicit VRs whose length takes 4 bytes after 2 reserved ones

}  // namespace cxr
