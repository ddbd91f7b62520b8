// Objects that accompany films, as small as they can be with everything in them that our readers look at: presentation state,
// segmentation, parametric map, structured report, document.   DICOM PS3.3 A.33.1, A.51, A.75, A.35, A.45.1
#pragma once

#include <bit>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/dicom_bytes.h"

namespace cxr::fuzz {

// One data set in a coding of choice; its items have the same.
class ObjectBytes : public test::DicomBytes {
  public:
    explicit ObjectBytes(bool isExplicit = true, bool isBig = false) : DicomBytes(isExplicit, isBig), m_isExplicit(isExplicit), m_isBig(isBig) {}
    [[nodiscard]] ObjectBytes item() const { return ObjectBytes(m_isExplicit, m_isBig); }

    // As the writer below, for chains that go on here.
    ObjectBytes& text(std::uint32_t tag, const char* vr, const std::string& value) { return DicomBytes::text(tag, vr, value), *this; }
    ObjectBytes& us(std::uint32_t tag, std::initializer_list<int> values, const char* vr = "US") { return DicomBytes::us(tag, values, vr), *this; }
    ObjectBytes& data(std::uint32_t tag, const char* vr, std::span<const std::uint8_t> value) { return DicomBytes::data(tag, vr, value), *this; }

    ObjectBytes& texts(std::initializer_list<std::tuple<std::uint32_t, const char*, const char*>> elements) {
        for (const auto& [tag, vr, value] : elements) text(tag, vr, value);
        return *this;
    }
    ObjectBytes& floats(std::uint32_t tag, const char* vr, const std::vector<float>& values) {
        header(tag, vr, static_cast<std::uint32_t>(4 * values.size()));
        for (const float value : values) number32(std::bit_cast<std::uint32_t>(value));
        return *this;
    }
    ObjectBytes& u32(std::uint32_t tag, const char* vr, std::initializer_list<std::uint32_t> values) {
        header(tag, vr, static_cast<std::uint32_t>(4 * values.size()));
        for (const std::uint32_t value : values) number32(value);
        return *this;
    }
    // Items of defined length.
    ObjectBytes& sequence(std::uint32_t tag, const std::vector<ObjectBytes>& items) {
        std::uint32_t length = 0;
        for (const ObjectBytes& one : items) length += 8 + static_cast<std::uint32_t>(one.bytes.size());
        header(tag, "SQ", length);
        for (const ObjectBytes& one : items) header(0xFFFEE000, "", static_cast<std::uint32_t>(one.bytes.size())).append(one);
        return *this;
    }
    ObjectBytes& code(std::uint32_t tag, const char* value, const char* meaning) {
        return sequence(tag, {item().texts({{0x00080100, "SH", value}, {0x00080102, "SH", "DCM"}, {0x00080104, "LO", meaning}})});
    }
    // The film that the object is about.
    ObjectBytes& film(std::uint32_t tag) {
        return sequence(tag, {item().texts({{0x00081150, "UI", "1.2.840.10008.5.1.4.1.1.1"}, {0x00081155, "UI", "1.2.3.4"}})});
    }
    ObjectBytes& lookupTable(std::uint32_t tag) {
        ObjectBytes table = item();
        table.us(0x00283002, {4, 0, 12}).text(0x00283003, "LO", "curve").words(0x00283006, std::vector<std::uint16_t>{0, 400, 900, 4095}, "US");
        return sequence(tag, {table});
    }
    [[nodiscard]] std::string file(const char* syntax = nullptr) const {
        if (syntax == nullptr) syntax = m_isBig ? test::kExplicitBig : m_isExplicit ? test::kExplicitLittle : test::kImplicitLittle;
        const test::ByteVector whole = test::dicomFile(bytes, syntax);
        return {whole.begin(), whole.end()};
    }

  private:
    bool m_isExplicit, m_isBig;
};

inline ObjectBytes objectHeader(ObjectBytes object, const char* sopClass) {
    object.texts({{0x00080005, "CS", "ISO_IR 192"}, {0x00080016, "UI", sopClass}, {0x00080018, "UI", "1.2.3.9"}, {0x00080023, "DA", "20261121"},
                  {0x00080070, "LO", "Precordia"}, {0x0008103E, "LO", "Results"}});
    ObjectBytes series = object.item();
    series.film(0x00081140).text(0x0020000E, "UI", "1.2.3.5");
    object.sequence(0x00081115, {series});
    return object;
}

inline ObjectBytes graphicAnnotation(const ObjectBytes& object) {
    ObjectBytes text = object.item(), line = object.item(), circle = object.item(), annotation = object.item();
    text.texts({{0x00700003, "CS", "DISPLAY"}, {0x00700004, "CS", "PIXEL"}, {0x00700006, "ST", "CTR 0.57\r\nenlarged"}});
    text.floats(0x00700010, "FL", {0.1F, 0.1F}).floats(0x00700011, "FL", {0.9F, 0.2F}).text(0x00700012, "CS", "RIGHT");
    text.floats(0x00700014, "FL", {12, 13}).text(0x00700015, "CS", "Y");
    const auto shape = [](ObjectBytes& one, const std::vector<float>& points, const char* type) {
        one.text(0x00700005, "CS", "PIXEL").us(0x00700020, {2}).us(0x00700021, {static_cast<int>(points.size() / 2)});
        one.floats(0x00700022, "FL", points).text(0x00700023, "CS", type).text(0x00700024, "CS", "N");
    };
    shape(line, {1, 2, 30, 4, 5, 36}, "POLYLINE");
    shape(circle, {10, 10, 15, 10}, "CIRCLE");
    annotation.film(0x00081140).text(0x00700002, "CS", "NOTES");
    return annotation.sequence(0x00700008, {text}).sequence(0x00700009, {line, circle});
}

// `isTabled`: look-up tables in the place of rescale, window and shape.
inline std::string presentationStateSeed(ObjectBytes start, bool isTabled) {
    ObjectBytes object = objectHeader(start, "1.2.840.10008.5.1.4.1.1.11.1"), window = object.item(), area = object.item(), layer = object.item();
    object.texts({{0x00181600, "CS", "RECTANGULAR\\CIRCULAR\\POLYGONAL\\BITMAP"}, {0x00181602, "IS", "2"}, {0x00181604, "IS", "30"},
                  {0x00181606, "IS", "3"}, {0x00181608, "IS", "40"}, {0x00181610, "IS", "20\\20"}, {0x00181612, "IS", "15"},
                  {0x00181620, "IS", "1\\1\\1\\30\\40\\30"}});
    object.us(0x00181622, {0x8000}).us(0x00181623, {0x6000});
    window.film(0x00081140);
    if (isTabled) {
        object.lookupTable(0x00283000).sequence(0x00283110, {window.lookupTable(0x00283010)});
    } else {
        object.texts({{0x00281052, "DS", "-300"}, {0x00281053, "DS", "0.5"}, {0x00281054, "LO", "US"}});
        object.sequence(0x00283110, {window.texts({{0x00281050, "DS", "700"}, {0x00281051, "DS", "900"}, {0x00281056, "CS", "SIGMOID"}})});
    }
    object.sequence(0x00700001, {graphicAnnotation(object)}).text(0x00700041, "CS", "Y").us(0x00700042, {90});
    area.film(0x00081140).u32(0x00700052, "SL", {1, 1}).u32(0x00700053, "SL", {48, 40});
    area.texts({{0x00700100, "CS", "TRUE SIZE"}, {0x00700101, "DS", "0.15\\0.15"}}).floats(0x00700103, "FL", {2});
    object.sequence(0x0070005A, {area});
    layer.text(0x00700002, "CS", "NOTES").text(0x00700062, "IS", "1").us(0x00700066, {40000}).us(0x00700401, {40000, 30000, 50000});
    object.sequence(0x00700060, {layer});
    object.texts({{0x00700080, "CS", "PRECORDIA"}, {0x00700081, "LO", "as seen"}, {0x00700082, "DA", "20261121"}, {0x00700084, "PN", "Doe^Jane"}});
    if (isTabled) object.lookupTable(0x20500010);
    else object.text(0x20500020, "CS", "INVERSE");
    object.us(0x60000010, {2}).us(0x60000011, {8}).text(0x60000040, "CS", "G").us(0x60000050, {3, 4}, "SS");
    object.us(0x60000100, {1}).us(0x60000102, {0}).text(0x60001001, "CS", "NOTES").words(0x60003000, std::vector<std::uint16_t>{0x0F81});
    return object.file();
}

// Two frames of 8 x 8 pixels: one bit each, or shares; without their pixels.
inline ObjectBytes segmentationHeader(ObjectBytes start, bool isFractional) {
    ObjectBytes object = objectHeader(start, "1.2.840.10008.5.1.4.1.1.66.4"), derivation = object.item(), shared = object.item();
    object.text(0x00280008, "IS", "2").picture(8, 8, isFractional ? 8 : 1, isFractional ? 8 : 1);
    object.text(0x00620001, "CS", isFractional ? "FRACTIONAL" : "BINARY");
    std::vector<ObjectBytes> segments, frames;
    for (int number = 1; number <= 2; ++number) {
        ObjectBytes segment = object.item(), identification = object.item(), frame = object.item();
        segment.us(0x00620004, {number}).texts({{0x00620005, "LO", "Lung"}, {0x00620008, "CS", "AUTOMATIC"}, {0x00620009, "LO", "network"}});
        segment.us(0x0062000D, {30000, 40000, 50000}).code(0x0062000F, "39607008", "Lung");
        segments.push_back(segment);
        identification.us(0x0062000B, {number});
        frames.push_back(frame.sequence(0x0062000A, {identification}));
    }
    object.sequence(0x00620002, segments).us(0x0062000E, {200});
    object.sequence(0x52009229, {shared.sequence(0x00089124, {derivation.film(0x00082112)})}).sequence(0x52009230, frames);
    return object;
}

inline std::string segmentationSeed(const ObjectBytes& start, bool isFractional) {
    ObjectBytes object = segmentationHeader(start, isFractional);
    std::vector<std::uint8_t> pixels(isFractional ? 128 : 16);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = i % 8 < 3 ? 0xFC : 0x10;
    object.data(0x7FE00010, "OB", pixels);
    return object.file();
}

// The same in RLE: 8 runs of 8 bytes, or one of 8 bytes that hold 8 bits each.   PS3.5 annex G
inline std::string codedSegmentationSeed(bool isFractional) {
    ObjectBytes object = segmentationHeader(ObjectBytes(), isFractional);
    std::vector<std::uint8_t> frame(64);
    frame[0] = 1, frame[4] = 64;
    for (std::uint8_t row = 0; row < (isFractional ? 8 : 1); ++row) frame.insert(frame.end(), {0xF9, static_cast<std::uint8_t>(row * 30 + 7)});
    object.header(0x7FE00010, "OB", test::DicomBytes::kUndefined).header(0xFFFEE000, "", 0);
    object.data(0xFFFEE000, "", frame).data(0xFFFEE000, "", frame).header(0xFFFEE0DD, "", 0);
    return object.file("1.2.840.10008.1.2.5");
}

inline std::string parametricMapSeed(ObjectBytes start, bool isInteger) {
    ObjectBytes object = objectHeader(start, "1.2.840.10008.5.1.4.1.1.30"), quantity = object.item(), mapping = object.item(), group = object.item();
    object.text(0x00280008, "IS", "1").picture(3, 4, isInteger ? 16 : 32, isInteger ? 16 : 32, true);
    if (isInteger) object.us(0x00280120, {7}, "SS");
    quantity.text(0x0040A040, "CS", "CODE").code(0x0040A043, "246205007", "Quantity").code(0x0040A168, "110804", "Contribution");
    mapping.text(0x00283003, "LO", "as the network says").code(0x004008EA, "1", "no units").sequence(0x00409220, {quantity});
    mapping.u32(0x00409224, "FD", {0, 0}).u32(0x00409225, "FD", {0, 0x3FE00000});  // 0 and 0.5
    object.sequence(0x52009229, {group.sequence(0x00409096, {mapping})}).text(0x00700080, "CS", "CAM");
    std::vector<float> values;
    for (int i = 0; i < 12; ++i) values.push_back(static_cast<float>(i) / 4 - 1);
    if (isInteger) object.words(0x7FE00010, std::vector<std::uint16_t>(12, 40000));
    else object.floats(0x7FE00008, "OF", values);
    return object.file();
}

inline std::string reportSeed(ObjectBytes start) {
    ObjectBytes object = objectHeader(start, "1.2.840.10008.5.1.4.1.1.88.33"), value = object.item(), place = object.item();
    const auto line = [&](const char* type) {
        ObjectBytes one = object.item();
        one.text(0x0040A010, "CS", "CONTAINS").text(0x0040A040, "CS", type).code(0x0040A043, "121071", "Finding");
        return one;
    };
    value.code(0x004008EA, "1", "no units").text(0x0040A30A, "DS", "0.57");
    place.floats(0x00700022, "FL", {1, 2, 30, 4}).text(0x00700023, "CS", "POLYLINE").text(0x0040A010, "CS", "INFERRED FROM").text(0x0040A040, "CS", "SCOORD");
    ObjectBytes number = line("NUM"), text = line("TEXT"), code = line("CODE"), name = line("PNAME"), uid = line("UIDREF"), film = object.item();
    number.sequence(0x0040A300, {value}).sequence(0x0040A730, {place});
    text.text(0x0040A160, "UT", "a line\r\nanother");
    code.code(0x0040A168, "39607008", "Lung");
    name.text(0x0040A123, "PN", "Doe^Jane");
    uid.text(0x0040A124, "UI", "1.2.3.4");
    film.film(0x00081199).text(0x0040A010, "CS", "CONTAINS").text(0x0040A040, "CS", "IMAGE");
    object.text(0x0040A040, "CS", "CONTAINER").code(0x0040A043, "126000", "Imaging Measurement Report");
    object.text(0x0040A491, "CS", "COMPLETE").text(0x0040A493, "CS", "UNVERIFIED");
    ObjectBytes group = line("CONTAINER");
    group.sequence(0x0040A730, {number, text, code});
    object.sequence(0x0040A730, {group, name, uid, film});
    return object.file();
}

inline std::string documentSeed(ObjectBytes start) {
    ObjectBytes object = objectHeader(start, "1.2.840.10008.5.1.4.1.1.104.1");
    const std::string pdf = "%PDF-1.4\n%%EOF";
    object.text(0x00420010, "ST", "Report").data(0x00420011, "OB", {reinterpret_cast<const std::uint8_t*>(pdf.data()), pdf.size()});
    object.text(0x00420012, "LO", "application/pdf").u32(0x00420015, "UL", {static_cast<std::uint32_t>(pdf.size())});
    return object.file();
}

// An index whose records name these files.
inline std::string directorySeed(ObjectBytes start, const std::vector<std::string>& fileIds) {
    ObjectBytes object = std::move(start);
    object.text(0x00041130, "CS", "DISC").u32(0x00041200, "UL", {0}).u32(0x00041202, "UL", {0}).us(0x00041212, {0});
    std::vector<ObjectBytes> records;
    for (const std::string& id : fileIds) {
        ObjectBytes record = object.item();
        record.u32(0x00041400, "UL", {0}).us(0x00041410, {0xFFFF}).u32(0x00041420, "UL", {0}).text(0x00041430, "CS", id.empty() ? "PATIENT" : "IMAGE");
        if (!id.empty()) record.text(0x00041500, "CS", id).text(0x00041511, "UI", "1.2.3.4");
        records.push_back(record.text(0x00100020, "LO", "4711"));
    }
    return object.sequence(0x00041220, records).file();
}

inline std::vector<std::string> objectSeeds() {
    std::vector<std::string> all{codedSegmentationSeed(false), codedSegmentationSeed(true)};
    for (const ObjectBytes& start : {ObjectBytes(true), ObjectBytes(false), ObjectBytes(true, true)}) {
        for (const bool second : {false, true}) {
            all.push_back(presentationStateSeed(start, second));
            all.push_back(segmentationSeed(start, second));
            all.push_back(parametricMapSeed(start, second));
        }
        all.push_back(reportSeed(start));
        all.push_back(documentSeed(start));
    }
    return all;
}

inline std::vector<std::string> objectWords() {
    return {"DICM", "1.2.840.10008.1.2", "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.30",
            "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.88.59", "ISO 2022 IR 87", "\x1b$B",
            "POINT ", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE ", "BITMAP", "PIXEL ", "DISPLAY ", "MAGNIFY ", "FRACTIONAL", "BINARY", "CONTAINER ",
            "SCOORD", "COMPOSITE ", "%PDF-", "..", "\\", "nan", "1e308", "-1", "2147483647", std::string("\xfe\xff\x00\xe0\xff\xff\xff\xff", 8),
            std::string("\xfe\xff\x0d\xe0\x00\x00\x00\x00", 8), std::string("\xfe\xff\xdd\xe0\x00\x00\x00\x00", 8), std::string("\xf0\xff\xff\xff", 4),
            std::string("\x00\x00\xc0\x7f", 4), std::string("\xff\xff\x7f\x7f", 4), "SQ", "UN", "OW", "FL", "FD", "UT"};
}

}  // namespace cxr::fuzz
