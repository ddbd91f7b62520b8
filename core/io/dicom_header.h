// The header of a DICOM film as DCMTK parses it, from only those elements that this program uses.
// The prescan has measured every element; here the wanted ones are copied together, so that DCMTK never meets private
// groups, oversized texts, unknown VRs or the pixel data.
// Strings come out as UTF-8 (Specific Character Set through DCMTK and iconv); where that fails, ASCII is kept and
// hasUndecodedText() is true. An instance belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/image/image.h"
#include "core/io/dicom_prescan.h"

class DcmItem;

namespace cxr {

// DCMTK says nothing on stderr from now on; whoever reads through it calls this first.
void silenceDcmtk();

class DicomHeader {
  public:
    // `more`: top-level elements that the caller wants beside those that a film is read from. fails Corrupt
    static Result<DicomHeader> parse(const DicomLayout& layout, std::span<const TagNumber> more = {});
    // Of an object that is no film: every element but private ones, pixels, documents and waveforms, each of at most
    // 64 MiB; what is larger is left out with a note. fails Corrupt
    static Result<DicomHeader> parseObject(const DicomLayout& layout);
    DicomHeader(DicomHeader&&) noexcept;
    DicomHeader& operator=(DicomHeader&&) noexcept;
    ~DicomHeader();

    // Empty / nullopt when absent or not readable. Texts are trimmed and free of control characters.
    [[nodiscard]] std::string text(TagNumber tag) const;                // all values, joined with a backslash
    [[nodiscard]] std::vector<std::string> texts(TagNumber tag) const;  // the values
    [[nodiscard]] std::vector<double> numbers(TagNumber tag) const;     // DS, IS or binary; finite ones only
    [[nodiscard]] std::optional<double> number(TagNumber tag) const;    // the first
    [[nodiscard]] std::optional<int> integer(TagNumber tag) const;      // US, SS, UL, SL or IS; the first
    // The items of a sequence; empty when absent.
    [[nodiscard]] std::vector<DcmItem*> items(TagNumber sequence) const;
    [[nodiscard]] std::string textIn(DcmItem& item, TagNumber tag) const;
    // The same with its line breaks, as \n, up to 16 KiB.
    [[nodiscard]] std::string linesIn(DcmItem& item, TagNumber tag) const;
    [[nodiscard]] DcmItem& root() const;

    [[nodiscard]] bool hasUndecodedText() const;
    [[nodiscard]] const std::vector<std::string>& notes() const;  // elements that were left out

  private:
    struct State;
    explicit DicomHeader(std::unique_ptr<State> state);
    static Result<DicomHeader> parseBytes(std::unique_ptr<State> state, const std::vector<std::uint8_t>& bytes,
                                          const DicomLayout& layout);
    std::unique_ptr<State> m_state;
};

// The bytes of an element that DCMTK holds as words or as bytes (OW, OB); empty when absent. They live as long as the item.
[[nodiscard]] Bytes elementBytes(DcmItem& item, TagNumber tag);

}  // namespace cxr
