#include "core/prior/npy.h"

#include <cstring>
#include <regex>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::int64_t kMaxElements = 1LL << 30;

struct TypeRow {
    NpyType type;
    const char* code;
    int bytes;
    int matType;
};
constexpr TypeRow kTypes[] = {{NpyType::U1, "|u1", 1, CV_8UC1},
                              {NpyType::U2, "<u2", 2, CV_16UC1},
                              {NpyType::F4, "<f4", 4, CV_32FC1},
                              {NpyType::F8, "<f8", 8, CV_64FC1}};

const TypeRow& rowOf(NpyType type) {
    return kTypes[static_cast<int>(type)];
}

Error corrupt(const std::string& reason) {
    return Error{ErrorCode::Corrupt, "this is no NumPy array file that we can read: " + reason};
}

// Bytes before the header text, and the length of the text.
Result<std::pair<std::size_t, std::size_t>> headerPlace(std::string_view file) {
    if (file.size() < 10 || file.substr(0, 6) != kMagic) return corrupt("it does not begin with the NumPy mark");
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(file[i])); };
    const std::size_t version = byte(6);
    if (version == 1) return std::pair<std::size_t, std::size_t>(10, byte(8) | byte(9) << 8);
    if (version != 2 || file.size() < 12) return corrupt("its format version is not 1 or 2");
    return std::pair<std::size_t, std::size_t>(12, byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24);
}

Result<std::vector<std::int64_t>> parseShape(const std::string& text) {
    std::vector<std::int64_t> shape;
    std::int64_t elements = 1;
    static const std::regex number("[0-9]+");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), number); it != std::sregex_iterator(); ++it) {
        if (it->length() > 10 || shape.size() == 4) return corrupt("its shape is too large");
        shape.push_back(std::stoll(it->str()));
        elements *= shape.back();
        if (elements > kMaxElements) return corrupt("its shape is too large");
    }
    return shape;
}

std::int64_t elementsOf(const std::vector<std::int64_t>& shape) {
    std::int64_t elements = 1;
    for (const std::int64_t side : shape) elements *= side;
    return elements;
}

template <typename T>
void appendAs(const std::string& bytes, std::vector<double>& values) {
    for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof(T));
        values.push_back(static_cast<double>(value));
    }
}

}  // namespace

std::vector<double> NpyArray::toDoubles() const {
    std::vector<double> values;
    switch (type) {
        case NpyType::U1: appendAs<std::uint8_t>(bytes, values); break;
        case NpyType::U2: appendAs<std::uint16_t>(bytes, values); break;
        case NpyType::F4: appendAs<float>(bytes, values); break;
        case NpyType::F8: appendAs<double>(bytes, values); break;
    }
    return values;
}

Result<cv::Mat> NpyArray::toMat() const {
    if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) {
        return Error{ErrorCode::Unsupported, "the NumPy array is not a picture: it needs two dimensions"};
    }
    cv::Mat picture(static_cast<int>(shape[0]), static_cast<int>(shape[1]), rowOf(type).matType);
    std::memcpy(picture.data, bytes.data(), bytes.size());
    return picture;
}

Result<NpyArray> npyFromMat(const cv::Mat& picture) {
    for (const TypeRow& row : kTypes) {
        if (picture.type() != row.matType) continue;
        NpyArray array{row.type, {picture.rows, picture.cols}, {}};
        const std::size_t rowBytes = static_cast<std::size_t>(picture.cols) * row.bytes;
        for (int y = 0; y < picture.rows; ++y) array.bytes.append(reinterpret_cast<const char*>(picture.ptr(y)), rowBytes);
        return array;
    }
    return Error{ErrorCode::Unsupported, "only gray pictures of 8 or 16 bits or floats can become a NumPy array"};
}

Result<NpyArray> parseNpy(std::string_view file) {
    const auto place = headerPlace(file);
    if (!place.isOk()) return place.error();
    const auto [begin, length] = place.value();
    if (length > 4096 || begin + length > file.size()) return corrupt("its header is longer than the file or 4096 bytes");
    static const std::regex form(
        R"(^\{'descr': ?'([<|]?[a-z][0-9])', ?'fortran_order': ?(True|False), ?'shape': ?\(([0-9, ]*)\),? ?\}\s*$)");
    const std::string header(file.substr(begin, length));
    std::smatch parts;
    if (!std::regex_match(header, parts, form)) return corrupt("its header has an unknown form");
    if (parts[2] == "True") return Error{ErrorCode::Unsupported, "the NumPy array is in Fortran order; save it in C order"};
    const TypeRow* known = nullptr;
    for (const TypeRow& row : kTypes) {
        if (parts[1] == row.code) known = &row;
    }
    if (known == nullptr) {
        return Error{ErrorCode::Unsupported, "the NumPy array holds " + parts[1].str() + "; save it as u1, u2, f4 or f8"};
    }
    auto shape = parseShape(parts[3]);
    if (!shape.isOk()) return shape.error();
    const std::int64_t expected = elementsOf(shape.value()) * known->bytes;
    if (static_cast<std::int64_t>(file.size() - begin - length) != expected) {
        return corrupt("its data are not as long as the header says");
    }
    return NpyArray{known->type, std::move(shape).value(), std::string(file.substr(begin + length))};
}

std::string npyBytes(const NpyArray& array) {
    std::string header = std::string("{'descr': '") + rowOf(array.type).code + "', 'fortran_order': False, 'shape': (";
    for (const std::int64_t side : array.shape) header += std::to_string(side) + ", ";
    if (array.shape.size() > 1) header.resize(header.size() - 2);
    header += "), }";
    while ((header.size() + 11) % 64 != 0) header += ' ';
    header += '\n';
    std::string file(kMagic);
    file += {'\x01', '\x00', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
    return file + header + array.bytes;
}

Result<NpyArray> readNpy(const std::filesystem::path& file) {
    const auto bytes = readWholeFile(file);
    if (!bytes.isOk()) return bytes.error();
    return parseNpy(bytes.value());
}

Result<Done> writeNpy(const std::filesystem::path& file, const NpyArray& array) {
    return writeFileAtomically(file, npyBytes(array));
}

}  // namespace cxr
