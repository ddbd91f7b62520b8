#include "core/dicom_out/item_writer.h"

#include <cmath>
#include <cstdio>
#include <memory>

namespace cxr {

void ItemWriter::note(const OFCondition& condition, const DcmTagKey& tag) {
    if (condition.bad() && m_problem->empty())
        *m_problem = std::string(tag.toString().c_str()) + ": " + condition.text();
}

ItemWriter& ItemWriter::text(const DcmTagKey& tag, const std::string& value) {
    note(value.empty() ? m_item->insertEmptyElement(tag) : m_item->putAndInsertOFStringArray(tag, value.c_str()), tag);
    return *this;
}

ItemWriter& ItemWriter::label(const DcmTagKey& tag, const std::string& value, std::size_t most) {
    std::string cut = asciiText(value);
    for (char& c : cut) {
        if (c == '\\' || static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    if (cut.size() > most) cut.resize(most);
    return text(tag, cut);
}

ItemWriter& ItemWriter::decimals(const DcmTagKey& tag, std::span<const double> values) {
    std::string joined;
    for (const double value : values) joined += (joined.empty() ? "" : "\\") + decimalText(value);
    return text(tag, joined);
}

ItemWriter& ItemWriter::u16(const DcmTagKey& tag, const std::vector<std::uint16_t>& values) {
    note(m_item->putAndInsertUint16Array(tag, values.data(), static_cast<unsigned long>(values.size())), tag);
    return *this;
}

ItemWriter& ItemWriter::u32(const DcmTagKey& tag, const std::vector<std::uint32_t>& values) {
    auto element = std::make_unique<DcmUnsignedLong>(DcmTag(tag));
    note(element->putUint32Array(values.data(), static_cast<unsigned long>(values.size())), tag);
    note(m_item->insert(element.release(), OFTrue), tag);
    return *this;
}

ItemWriter& ItemWriter::s32(const DcmTagKey& tag, const std::vector<std::int32_t>& values) {
    auto element = std::make_unique<DcmSignedLong>(DcmTag(tag));
    note(element->putSint32Array(values.data(), static_cast<unsigned long>(values.size())), tag);
    note(m_item->insert(element.release(), OFTrue), tag);
    return *this;
}

ItemWriter& ItemWriter::f32(const DcmTagKey& tag, const std::vector<float>& values) {
    note(m_item->putAndInsertFloat32Array(tag, values.data(), static_cast<unsigned long>(values.size())), tag);
    return *this;
}

ItemWriter& ItemWriter::f64(const DcmTagKey& tag, double value) {
    note(m_item->putAndInsertFloat64(tag, value), tag);
    return *this;
}

ItemWriter& ItemWriter::tagKey(const DcmTagKey& tag, const DcmTagKey& value) {
    note(m_item->putAndInsertTagKey(tag, value), tag);
    return *this;
}

ItemWriter& ItemWriter::bytes(const DcmTagKey& tag, std::span<const std::uint8_t> values) {
    std::vector<std::uint8_t> even;
    if (values.size() % 2 != 0) {
        even.assign(values.begin(), values.end());
        even.push_back(0);
        values = even;
    }
    note(m_item->putAndInsertUint8Array(DcmTag(tag, EVR_OB), values.data(), static_cast<unsigned long>(values.size())),
         tag);
    return *this;
}

ItemWriter& ItemWriter::words(const DcmTag& tag, std::span<const std::uint16_t> values) {
    note(m_item->putAndInsertUint16Array(tag, values.data(), static_cast<unsigned long>(values.size())), tag);
    return *this;
}

ItemWriter& ItemWriter::code(const DcmTagKey& sequence, const Code& code) {
    ItemWriter written = item(sequence);
    if (code.isUrn()) {
        written.text(DCM_URNCodeValue, code.value);
    } else {
        written.label(DCM_CodeValue, code.value, 16);
    }
    written.label(DCM_CodingSchemeDesignator, code.scheme, 16).label(DCM_CodeMeaning, code.meaning, 64);
    return *this;
}

ItemWriter& ItemWriter::emptySequence(const DcmTagKey& sequence) {
    note(m_item->insertEmptyElement(sequence), sequence);
    return *this;
}

ItemWriter ItemWriter::item(const DcmTagKey& sequence) {
    constexpr signed long kAppend = -2;
    DcmItem* added = nullptr;
    const OFCondition made = m_item->findOrCreateSequenceItem(sequence, added, kAppend);
    note(made, sequence);
    return {made.good() && added != nullptr ? *added : *m_item, *m_problem};
}

std::string decimalText(double value) {
    if (!std::isfinite(value)) return "0";
    char text[40];
    for (int digits = 10; digits > 0; --digits) {
        if (std::snprintf(text, sizeof text, "%.*g", digits, value) <= 16) break;
    }
    return text;
}

std::string asciiText(const std::string& utf8) {
    std::string ascii;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80) {
            ascii.push_back(utf8[i]);
        } else if (byte >= 0xC0) {  // the first byte of a character; the others are left out
            ascii.push_back(utf8.compare(i, 2, "\xC2\xB7") == 0 ? '-' : '?');
        }
    }
    return ascii;
}

}  // namespace cxr
