// Writes DICOM files byte by byte for tests: valid ones, and ones that no library would write.
// Elements appear in the order of the calls, with exactly the lengths that are asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cxr::test {

using ByteVector = std::vector<std::uint8_t>;

class DicomBytes {
  public:
    static constexpr std::uint32_t kUndefined = 0xFFFFFFFF;

    explicit DicomBytes(bool isExplicit = true, bool isBigEndian = false)
        : m_isExplicit(isExplicit), m_isBig(isBigEndian) {}

    DicomBytes& header(std::uint32_t tag, std::string_view vr, std::uint32_t length) {
        number16(static_cast<std::uint16_t>(tag >> 16));
        number16(static_cast<std::uint16_t>(tag));
        const bool isMark = tag >> 16 == 0xFFFE;
        if (!m_isExplicit || isMark) {
            number32(length);
            return *this;
        }
        bytes.insert(bytes.end(), vr.begin(), vr.end());
        const bool isLong = std::string_view("OB OW OF OD OL SQ UN UC UT").find(vr) != std::string_view::npos;
        number16(isLong ? 0 : static_cast<std::uint16_t>(length));
        if (isLong) number32(length);
        return *this;
    }
    DicomBytes& text(std::uint32_t tag, std::string_view vr, std::string value) {
        if (value.size() % 2 != 0) value += vr == "UI" ? '\0' : ' ';
        header(tag, vr, static_cast<std::uint32_t>(value.size()));
        bytes.insert(bytes.end(), value.begin(), value.end());
        return *this;
    }
    DicomBytes& us(std::uint32_t tag, std::initializer_list<int> values, std::string_view vr = "US") {
        header(tag, vr, static_cast<std::uint32_t>(2 * values.size()));
        for (const int value : values) number16(static_cast<std::uint16_t>(value));
        return *this;
    }
    DicomBytes& data(std::uint32_t tag, std::string_view vr, std::span<const std::uint8_t> value) {
        header(tag, vr, static_cast<std::uint32_t>(value.size() + value.size() % 2));
        bytes.insert(bytes.end(), value.begin(), value.end());
        if (value.size() % 2 != 0) bytes.push_back(0);
        return *this;
    }
    DicomBytes& words(std::uint32_t tag, std::span<const std::uint16_t> value, std::string_view vr = "OW") {
        header(tag, vr, static_cast<std::uint32_t>(2 * value.size()));
        for (const std::uint16_t word : value) number16(word);
        return *this;
    }
    DicomBytes& append(const DicomBytes& other) {
        bytes.insert(bytes.end(), other.bytes.begin(), other.bytes.end());
        return *this;
    }
    // The picture module of a gray film.
    DicomBytes& picture(int rows, int columns, int allocated = 16, int stored = 12, bool isSigned = false,
                        const std::string& photometric = "MONOCHROME2", int samples = 1) {
        us(0x00280002, {samples}).text(0x00280004, "CS", photometric);
        if (samples > 1) us(0x00280006, {0});
        us(0x00280010, {rows}).us(0x00280011, {columns});
        return us(0x00280100, {allocated})
            .us(0x00280101, {stored})
            .us(0x00280102, {stored - 1})
            .us(0x00280103, {isSigned ? 1 : 0});
    }
    void number16(std::uint16_t value) {
        const auto low = static_cast<std::uint8_t>(value), high = static_cast<std::uint8_t>(value >> 8);
        bytes.push_back(m_isBig ? high : low);
        bytes.push_back(m_isBig ? low : high);
    }
    void number32(std::uint32_t value) {
        const auto low = static_cast<std::uint16_t>(value), high = static_cast<std::uint16_t>(value >> 16);
        number16(m_isBig ? high : low);
        number16(m_isBig ? low : high);
    }

    ByteVector bytes;

  private:
    bool m_isExplicit, m_isBig;
};

// Preamble, meta header with this transfer syntax, data set.
inline ByteVector dicomFile(const ByteVector& dataSet, const std::string& syntaxUid) {
    DicomBytes meta;
    meta.text(0x00020010, "UI", syntaxUid);
    ByteVector file(128, 0);
    for (const char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<std::uint8_t>(c));
    file.insert(file.end(), meta.bytes.begin(), meta.bytes.end());
    file.insert(file.end(), dataSet.begin(), dataSet.end());
    return file;
}

inline constexpr const char* kImplicitLittle = "1.2.840.10008.1.2";
inline constexpr const char* kExplicitLittle = "1.2.840.10008.1.2.1";
inline constexpr const char* kExplicitBig = "1.2.840.10008.1.2.2";
inline constexpr const char* kDeflated = "1.2.840.10008.1.2.1.99";

}  // namespace cxr::test
