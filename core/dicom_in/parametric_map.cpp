#include "core/dicom_in/parametric_map.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/dicom_in/object_reader.h"
#include "core/engine/explain_methods.h"

namespace cxr {
namespace {

constexpr TagNumber kIntegers = 0x7FE00010, kFloats = 0x7FE00008, kDoubles = 0x7FE00009;

struct Mapping {
    double slope = 1, intercept = 0;
    std::string quantity, unit, explanation;
};

// From the first frame's functional groups, or those that all share.
Mapping mappingOf(const ObjectReader& read) {
    Mapping mapping;
    for (const DcmTagKey& groups : {DCM_SharedFunctionalGroupsSequence, DCM_PerFrameFunctionalGroupsSequence}) {
        DcmItem* group = read.firstItem(read.root(), groups);
        DcmItem* item = group == nullptr ? nullptr : read.firstItem(*group, DCM_RealWorldValueMappingSequence);
        if (item == nullptr) continue;
        mapping.slope = read.number(*item, DCM_RealWorldValueSlope).value_or(1);
        mapping.intercept = read.number(*item, DCM_RealWorldValueIntercept).value_or(0);
        mapping.unit = read.meaning(*item, DCM_MeasurementUnitsCodeSequence);
        mapping.explanation = read.text(*item, DCM_LUTExplanation);
        if (DcmItem* quantity = read.firstItem(*item, DCM_QuantityDefinitionSequence))
            mapping.quantity = read.meaning(*quantity, DCM_ConceptCodeSequence);
        break;
    }
    return mapping;
}

// Stored number `index` of the first frame.
double storedAt(Bytes data, std::size_t index, TagNumber tag, bool isSigned, ByteOrder order) {
    if (tag == kFloats) return std::bit_cast<float>(readU32(data, 4 * index, order));
    if (tag == kDoubles) {
        const std::uint64_t first = readU32(data, 8 * index, order), second = readU32(data, 8 * index + 4, order);
        const std::uint64_t bits = order == ByteOrder::Little ? second << 32 | first : first << 32 | second;
        return std::bit_cast<double>(bits);
    }
    const std::uint16_t word = readU16(data, 2 * index, order);
    return isSigned ? static_cast<double>(static_cast<std::int16_t>(word)) : word;
}

std::size_t bytesOf(TagNumber tag) { return tag == kIntegers ? 2 : tag == kFloats ? 4 : 8; }

struct Padding {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    [[nodiscard]] bool has(double value) const { return value >= low && value <= high; }
};

Padding paddingOf(const ObjectReader& read) {
    static const DcmTagKey kFloat(0x0028, 0x0122), kDouble(0x0028, 0x0123), kFloatLimit(0x0028, 0x0124), kDoubleLimit(0x0028, 0x0125);
    auto value = read.number(read.root(), kFloat);
    if (!value) value = read.number(read.root(), kDouble);
    if (!value) value = read.number(read.root(), DCM_PixelPaddingValue);
    if (!value) return {};
    auto limit = read.number(read.root(), kFloatLimit);
    if (!limit) limit = read.number(read.root(), kDoubleLimit);
    return {std::min(*value, limit.value_or(*value)), std::max(*value, limit.value_or(*value))};
}

// The method that our own maps name in their description; the map is shown in its colours then.
ExplainMethod methodIn(const std::string& description) {
    for (const ExplainMethodInfo& info : explainMethods()) {
        if (description.rfind(info.name + " of ", 0) == 0) return info.method;
    }
    return ExplainMethod::Occlusion;
}

Result<Done> check(const ObjectReader& read, std::int64_t rows, std::int64_t columns) {
    const PixelLocation& pixels = read.layout().pixels;
    if (rows < 1 || columns < 1) return Error{ErrorCode::Corrupt, "it has no rows and columns"};
    if (rows * columns > ReadLimits{}.maxPixels) return Error{ErrorCode::TooLarge, "it claims too many pixels"};
    const TagNumber tag = pixels.element.tag;
    if (tag != kIntegers && tag != kFloats && tag != kDoubles) return Error{ErrorCode::Corrupt, "it holds no values"};
    if (pixels.element.hasUndefinedLength || read.layout().syntax->codec != PixelCodec::Raw)
        return Error{ErrorCode::Unsupported, "its values are compressed, which this program does not read in maps"};
    if (tag == kIntegers && read.integer(read.root(), DCM_BitsAllocated).value_or(0) != 16)
        return Error{ErrorCode::Unsupported, "its values are neither floats nor 16-bit numbers"};
    if (static_cast<std::int64_t>(pixels.element.length()) < rows * columns * static_cast<std::int64_t>(bytesOf(tag)))
        return Error{ErrorCode::Corrupt, "it is too short for its rows and columns"};
    return Done{};
}

// Values, `seen` and the range.
void fillValues(const ObjectReader& read, const Mapping& mapping, Heatmap& map, FilmMap& film) {
    const Bytes data = read.layout().valueOf(read.layout().pixels.element);
    const TagNumber tag = read.layout().pixels.element.tag;
    const bool isSigned = read.integer(read.root(), DCM_PixelRepresentation).value_or(0) == 1;
    const Padding padding = paddingOf(read);
    const std::size_t count = static_cast<std::size_t>(map.plane.width) * static_cast<std::size_t>(map.plane.height);
    map.plane.values.assign(count, 0);
    map.seen.assign(count, 0);
    film.low = std::numeric_limits<double>::max();
    film.high = std::numeric_limits<double>::lowest();
    for (std::size_t i = 0; i < count; ++i) {
        const double stored = storedAt(data, i, tag, isSigned, read.layout().order);
        const double value = stored * mapping.slope + mapping.intercept;
        if (!std::isfinite(value) || std::abs(value) > std::numeric_limits<float>::max() || padding.has(stored)) continue;
        map.plane.values[i] = static_cast<float>(value);
        map.seen[i] = 1;
        film.low = std::min(film.low, value);
        film.high = std::max(film.high, value);
    }
}

}  // namespace

Result<FilmMap> readParametricMap(const std::filesystem::path& file, int rows, int columns) {
    const Result<ObjectReader> opened = ObjectReader::open(file, ObjectKind::ParametricMap);
    if (!opened.isOk()) return opened.error();
    const ObjectReader& read = opened.value();
    const int height = read.integer(read.root(), DCM_Rows).value_or(0), width = read.integer(read.root(), DCM_Columns).value_or(0);
    if (const auto checked = check(read, height, width); !checked.isOk()) return checked.error();
    if (rows > 0 && (height != rows || width != columns))
        return Error{ErrorCode::Unsupported, "it has " + std::to_string(width) + " x " + std::to_string(height) + " pixels and the film " +
                                                 std::to_string(columns) + " x " + std::to_string(rows) + ": it cannot be laid on it pixel by pixel"};
    const Mapping mapping = mappingOf(read);
    FilmMap film{nullptr, read.facts(), mapping.quantity, mapping.unit, mapping.explanation, 0, 0};
    Heatmap map;
    map.plane.width = width;
    map.plane.height = height;
    map.grid = {{0, 0}, {static_cast<double>(width), 0}, {0, static_cast<double>(height)}};
    map.method = methodIn(film.facts.description);
    map.className = film.facts.label;
    map.model.name = film.facts.creator;
    fillValues(read, mapping, map, film);
    if (film.low > film.high) return Error{ErrorCode::Corrupt, "none of its values is a number"};
    map.isSigned = film.low < 0;
    film.map = std::make_shared<const Heatmap>(std::move(map));
    return film;
}

}  // namespace cxr
