// Fills a DCMTK item element by element. Inner header of core/dicom_out: DCMTK's types are used by its .cpp files only.
//   The first element that cannot be written is remembered in the `problem` that all writers of an object share.
//   REQUIRES: item and problem outlive the writer. An instance belongs to one thread.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/dicom_out/codes.h"

namespace cxr {

class ItemWriter {
  public:
    ItemWriter(DcmItem& item, std::string& problem) : m_item(&item), m_problem(&problem) {}

    ItemWriter& text(const DcmTagKey& tag, const std::string& value);  // every VR that is text; "" writes it empty
    // Of at most `most` bytes, without the characters that DICOM keeps for itself.
    ItemWriter& label(const DcmTagKey& tag, const std::string& value, std::size_t most);
    ItemWriter& decimals(const DcmTagKey& tag, std::span<const double> values);  // DS
    ItemWriter& decimal(const DcmTagKey& tag, double value) { return decimals(tag, std::span(&value, 1)); }
    ItemWriter& integer(const DcmTagKey& tag, long value) { return text(tag, std::to_string(value)); }  // IS
    ItemWriter& u16(const DcmTagKey& tag, const std::vector<std::uint16_t>& values);
    ItemWriter& u32(const DcmTagKey& tag, const std::vector<std::uint32_t>& values);
    ItemWriter& s32(const DcmTagKey& tag, const std::vector<std::int32_t>& values);
    ItemWriter& f32(const DcmTagKey& tag, const std::vector<float>& values);
    ItemWriter& f64(const DcmTagKey& tag, double value);
    ItemWriter& tagKey(const DcmTagKey& tag, const DcmTagKey& value);               // AT
    ItemWriter& bytes(const DcmTagKey& tag, std::span<const std::uint8_t> values);  // OB, padded to an even length
    ItemWriter& words(const DcmTag& tag, std::span<const std::uint16_t> values);    // with the tag's own VR
    ItemWriter& code(const DcmTagKey& sequence, const Code& code);                  // one more item
    ItemWriter& emptySequence(const DcmTagKey& sequence);
    ItemWriter item(const DcmTagKey& sequence);  // one more item of the sequence

    [[nodiscard]] DcmItem& raw() const { return *m_item; }
    void note(const OFCondition& condition, const DcmTagKey& tag);

  private:
    DcmItem* m_item;
    std::string* m_problem;
};

// At most 16 characters, as DS wants it: "0.1430", "1.25e-05".
std::string decimalText(double value);
// Bytes of 7 bits only, for objects whose character set we do not know to hold others: "·" -> "-", others -> "?".
std::string asciiText(const std::string& utf8);

}  // namespace cxr
