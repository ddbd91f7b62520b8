#include "core/model/safetensors.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/atomic_file.h"
#include "core/model/mapped_file.h"

namespace cxr {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxDimensions = 8;

Error corrupt(const std::string& rule) { return Error{ErrorCode::Corrupt, "the weights file is broken: " + rule}; }

struct TypeName {
    TensorType type;
    const char* name;
    std::size_t size;
};
constexpr TypeName kTypes[] = {{TensorType::Float32, "F32", 4},
                               {TensorType::Float16, "F16", 2},
                               {TensorType::BFloat16, "BF16", 2},
                               {TensorType::Float64, "F64", 8},
                               {TensorType::Int64, "I64", 8},
                               {TensorType::Int32, "I32", 4},
                               {TensorType::Int16, "I16", 2},
                               {TensorType::Int8, "I8", 1},
                               {TensorType::UInt8, "U8", 1},
                               {TensorType::Bool, "BOOL", 1}};

const TypeName& typeName(TensorType type) {
    return *std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return t.type == type; });
}

// Parses the header and refuses a name that stands twice, which nlohmann::json would keep silently.
Result<Json> parseHeader(std::string_view text) {
    std::set<std::string> seen;
    bool isRepeated = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth == 1 && event == Json::parse_event_t::key) {
            isRepeated = isRepeated || !seen.insert(parsed.get<std::string>()).second;
        }
        return depth <= 4;
    };
    Json header = Json::parse(text, watch, false);
    if (header.is_discarded() || !header.is_object()) return corrupt("its header is not a JSON object");
    if (isRepeated) return corrupt("a name stands twice in its header");
    return header;
}

// Number of elements; fails when a side is negative or the product leaves 63 bits.
Result<std::uint64_t> product(const std::vector<std::int64_t>& shape, std::uint64_t limit) {
    std::uint64_t count = 1;
    for (const std::int64_t side : shape) {
        if (side < 0) return corrupt("a shape has a negative side");
        if (side != 0 && count > limit / static_cast<std::uint64_t>(side)) return corrupt("a shape is larger than the file");
        count *= static_cast<std::uint64_t>(side);
    }
    return count;
}

struct Range {
    std::uint64_t begin = 0, end = 0;
};

Result<std::vector<std::int64_t>> integers(const Json& entry, const char* key, std::size_t atMost) {
    if (!entry.contains(key) || !entry[key].is_array() || entry[key].size() > atMost) {
        return corrupt(std::string("an entry has no valid ") + key);
    }
    std::vector<std::int64_t> values;
    for (const Json& value : entry[key]) {
        const bool fits = value.is_number_integer() &&
                          (!value.is_number_unsigned() || value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
        if (!fits) return corrupt(std::string("an entry has no valid ") + key);
        values.push_back(value.get<std::int64_t>());
    }
    return values;
}

Result<TensorView> readEntry(const Json& entry, std::span<const std::byte> data, Range& range) {
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string()) return corrupt("an entry has no dtype");
    const auto dtype = entry["dtype"].get<std::string>();
    const auto* type = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return dtype == t.name; });
    if (type == std::end(kTypes)) return Error{ErrorCode::Unsupported, "the weights file uses a number format that is not read: " + dtype.substr(0, 16)};
    auto shape = integers(entry, "shape", kMaxDimensions);
    if (!shape.isOk()) return shape.error();
    auto offsets = integers(entry, "data_offsets", 2);
    if (!offsets.isOk()) return offsets.error();
    const auto& ends = offsets.value();
    const auto available = static_cast<std::int64_t>(data.size());
    if (ends.size() != 2 || ends[0] < 0 || ends[0] > ends[1] || ends[1] > available) return corrupt("an offset lies outside the file");
    auto count = product(shape.value(), data.size());
    if (!count.isOk()) return count.error();
    range = {static_cast<std::uint64_t>(ends[0]), static_cast<std::uint64_t>(ends[1])};
    if (count.value() * type->size != range.end - range.begin) return corrupt("the length of an array does not fit its shape");
    return TensorView{type->type, std::move(shape).value(), data.subspan(range.begin, range.end - range.begin)};
}

// Every byte of the data belongs to exactly one array.
Result<Done> checkCover(std::vector<Range> ranges, std::uint64_t size) {
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::uint64_t reached = 0;
    for (const Range& range : ranges) {
        if (range.begin < reached) return corrupt("two arrays overlap");
        if (range.begin > reached) return corrupt("there is a gap between two arrays");
        reached = range.end;
    }
    if (reached != size) return corrupt("bytes at its end belong to no array");
    return Done{};
}

}  // namespace

std::size_t itemSize(TensorType type) { return typeName(type).size; }

std::int64_t TensorView::count() const { return static_cast<std::int64_t>(bytes.size() / itemSize(type)); }

Result<SafetensorsFile> SafetensorsFile::parse(std::span<const std::byte> bytes) {
    if (bytes.size() < kLengthBytes) return corrupt("it is shorter than its header");
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, bytes.data(), kLengthBytes);
    if (headerBytes > kMaxHeaderBytes || headerBytes > bytes.size() - kLengthBytes) return corrupt("its header is longer than the file");
    const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
    auto header = parseHeader({text, headerBytes});
    if (!header.isOk()) return header.error();
    const auto data = bytes.subspan(kLengthBytes + headerBytes);

    SafetensorsFile file;
    std::vector<Range> ranges;
    for (const auto& [name, entry] : header.value().items()) {
        if (name == "__metadata__") {
            if (!entry.is_object()) return corrupt("its metadata are not a JSON object");
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string()) return corrupt("its metadata hold something that is not text");
                file.m_metadata[key] = value.get<std::string>();
            }
            continue;
        }
        Range range;
        auto view = readEntry(entry, data, range);
        if (!view.isOk()) return view.error();
        ranges.push_back(range);
        file.m_tensors.emplace(name, std::move(view).value());
    }
    if (auto covered = checkCover(std::move(ranges), data.size()); !covered.isOk()) return covered.error();
    return file;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
    auto mapped = mapFile(path, "the weights file");
    if (!mapped.isOk()) return mapped.error();
    auto file = parse(mapped.value().bytes);
    if (!file.isOk()) return file;
    SafetensorsFile opened = std::move(file).value();
    opened.m_mapping = mapped.value().keep;
    return opened;
}

Result<Done> writeSafetensors(const std::filesystem::path& file, std::vector<TensorToWrite> tensors,
                              const std::map<std::string, std::string>& metadata) {
    // Wide items first, so that every array starts at a multiple of its item size.
    std::stable_sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return itemSize(a.type) > itemSize(b.type); });
    Json header = Json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const TensorToWrite& tensor : tensors) {
        const std::uint64_t end = offset + tensor.bytes.size();
        header[tensor.name] = {{"dtype", typeName(tensor.type).name}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t headerBytes = text.size();
    return writeFileAtomically(file, [&](const std::filesystem::path& temporary) -> Result<Done> {
        std::ofstream stream(temporary, std::ios::binary);
        stream.write(reinterpret_cast<const char*>(&headerBytes), kLengthBytes);
        stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        for (const TensorToWrite& tensor : tensors) {
            stream.write(reinterpret_cast<const char*>(tensor.bytes.data()), static_cast<std::streamsize>(tensor.bytes.size()));
        }
        stream.close();
        if (!stream) return Error{ErrorCode::WriteFailed, "cannot write the weights file: the disk may be full"};
        return Done{};
    });
}

}  // namespace cxr
