#include "core/io/dicom_luts.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cxr {
namespace {

constexpr TagNumber kPadding = 0x00280120, kPaddingLimit = 0x00280121, kCenter = 0x00281050, kWidth = 0x00281051,
                    kIntercept = 0x00281052, kSlope = 0x00281053, kRescaleType = 0x00281054, kExplanation = 0x00281055,
                    kFunction = 0x00281056, kModalityLut = 0x00283000, kVoiLut = 0x00283010, kLutShape = 0x20500020;
constexpr double kLargest = 1e12;  // beyond this a window or slope is a writing error, not a value
const DcmTagKey kLutDescriptor(0x0028, 0x3002), kLutExplanation(0x0028, 0x3003), kLutType(0x0028, 0x3004),
    kLutData(0x0028, 0x3006);

struct Descriptor {
    int entries = 0;
    int firstInput = 0;
    int bits = 16;
};

// Three numbers, of which the second is signed when the LUT's input is (C.11.1.1); written as US or SS by turns.
std::optional<Descriptor> readDescriptor(DcmItem& item, const DcmTagKey& tag, bool isInputSigned) {
    std::array<int, 3> numbers{};
    for (unsigned long i = 0; i < 3; ++i) {
        Uint16 asUnsigned = 0;
        Sint16 asSigned = 0;
        if (item.findAndGetUint16(tag, asUnsigned, i).good()) {
            numbers[i] = asUnsigned;
        } else if (item.findAndGetSint16(tag, asSigned, i).good()) {
            numbers[i] = static_cast<Uint16>(asSigned);
        } else {
            return std::nullopt;
        }
    }
    const int entries = numbers[0] == 0 ? 65536 : numbers[0];
    const int first = isInputSigned ? static_cast<Sint16>(numbers[1]) : numbers[1];
    if (numbers[2] < 8 || numbers[2] > 16) return std::nullopt;
    return Descriptor{entries, first, numbers[2]};
}

// LUT Data as 16-bit numbers, whether stored as US, OW or, with 8-bit entries, packed in bytes.
std::vector<std::uint16_t> readEntries(DcmItem& item, const DcmTagKey& tag, int entries) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    const auto wanted = static_cast<std::size_t>(entries);
    Uint16* words = nullptr;
    Uint8* bytes = nullptr;
    const std::size_t length = element->getLength();
    const bool isWords = element->getUint16Array(words).good() && words != nullptr;
    if (isWords && length / 2 >= wanted) return {words, words + wanted};
    if (isWords && length >= wanted) {
        std::vector<std::uint16_t> values(wanted);
        for (std::size_t i = 0; i < wanted; ++i)
            values[i] = static_cast<std::uint16_t>(words[i / 2] >> (i % 2 * 8) & 0xFF);
        return values;
    }
    if (!isWords && element->getUint8Array(bytes).good() && bytes != nullptr && length >= wanted)
        return {bytes, bytes + wanted};
    return {};
}

std::shared_ptr<const LookupTable> readTable(const DicomHeader& header, DcmItem& item, bool isInputSigned) {
    const auto descriptor = readDescriptor(item, kLutDescriptor, isInputSigned);
    if (!descriptor) return nullptr;
    auto table = std::make_shared<LookupTable>();
    table->values = readEntries(item, kLutData, descriptor->entries);
    if (table->values.empty()) return nullptr;
    table->firstInput = descriptor->firstInput;
    table->bitsPerEntry = descriptor->bits;
    const std::uint16_t largest = *std::max_element(table->values.begin(), table->values.end());
    while (table->bitsPerEntry < 16 && largest >> table->bitsPerEntry != 0) ++table->bitsPerEntry;
    table->explanation = header.textIn(item, 0x00283003);
    return table;
}

void fillModality(const DicomHeader& header, const PixelFormat& format, Image& image) {
    const auto items = header.items(kModalityLut);
    if (!items.empty() && format.bitsStored <= 16 && format.kind == NumberKind::Integer) {
        image.modality.table = readTable(header, *items.front(), format.isSigned);
        image.modality.units = header.textIn(*items.front(), 0x00283004);
        if (image.modality.table) return;
        image.notes.emplace_back("The header's Modality LUT is damaged and was not applied.");
    }
    const double slope = header.number(kSlope).value_or(1), intercept = header.number(kIntercept).value_or(0);
    if (slope == 0 || std::abs(slope) > kLargest || std::abs(intercept) > kLargest) {
        image.notes.emplace_back("The header's rescale slope and intercept make no sense and were not applied.");
        return;
    }
    image.modality.slope = slope;
    image.modality.intercept = intercept;
    image.modality.units = header.text(kRescaleType);
}

// The range of modality values is signed when a rescale can make it so; the VOI LUT's first input follows (C.11.2.1.1).
bool isModalitySigned(const PixelFormat& format, const ModalityTransform& modality) {
    if (modality.table) return false;
    const double largest = std::ldexp(1.0, format.bitsStored) - 1;
    const double low = format.isSigned ? -(largest + 1) / 2 : 0, high = format.isSigned ? (largest - 1) / 2 : largest;
    return std::min(modality.slope * low, modality.slope * high) + modality.intercept < 0;
}

void addVoiTables(const DicomHeader& header, const PixelFormat& format, Image& image) {
    int number = 0;
    for (DcmItem* item : header.items(kVoiLut)) {
        ++number;
        auto table = readTable(header, *item, isModalitySigned(format, image.modality));
        if (!table) {
            image.notes.push_back("VOI LUT " + std::to_string(number) + " of the header is damaged and was left out.");
            continue;
        }
        const std::string name = table->explanation.empty() ? "LUT " + std::to_string(number) : table->explanation;
        image.presets.push_back({name, {.center = 0, .width = 1, .function = VoiFunction::Linear, .table = table}});
    }
}

VoiFunction functionNamed(const std::string& name, std::vector<std::string>& notes) {
    if (name == "LINEAR_EXACT") return VoiFunction::LinearExact;
    if (name == "SIGMOID") return VoiFunction::Sigmoid;
    if (!name.empty() && name != "LINEAR")
        notes.emplace_back("The header's VOI LUT Function is not known; windows are linear.");
    return VoiFunction::Linear;
}

void addWindows(const DicomHeader& header, Image& image) {
    const auto centers = header.numbers(kCenter), widths = header.numbers(kWidth);
    const auto names = header.texts(kExplanation);
    const std::size_t stated = std::max(header.texts(kCenter).size(), header.texts(kWidth).size());
    const VoiFunction function = functionNamed(header.text(kFunction), image.notes);
    const double narrowest = function == VoiFunction::Linear ? 1 : 1e-9;
    std::size_t used = 0;
    for (std::size_t i = 0; centers.size() == widths.size() && i < centers.size(); ++i) {
        if (widths[i] < narrowest || widths[i] > kLargest || std::abs(centers[i]) > kLargest) continue;
        const bool isNamed = i < names.size() && !names[i].empty();
        image.presets.push_back({isNamed ? names[i] : "Window " + std::to_string(i + 1),
                                 {.center = centers[i], .width = widths[i], .function = function, .table = nullptr}});
        ++used;
    }
    if (used < stated) image.notes.emplace_back("A window of the header makes no sense and was left out.");
}

int paddingNumber(int raw, const PixelFormat& format) {
    return format.isSigned ? static_cast<std::int16_t>(raw) : static_cast<std::uint16_t>(raw);
}

void fillPadding(const DicomHeader& header, const PixelFormat& format, Image& image) {
    const auto value = header.integer(kPadding);
    if (!value || format.bitsStored > 16 || format.kind != NumberKind::Integer) return;
    const int first = paddingNumber(*value, format);
    const int second = paddingNumber(header.integer(kPaddingLimit).value_or(*value), format);
    image.padding = PaddingRange{std::min(first, second), std::max(first, second)};
}

void fillPresentation(const DicomHeader& header, const PixelFormat& format, Image& image) {
    const bool isMono1 = format.photometric == "MONOCHROME1";
    const std::string shape = header.text(kLutShape);
    const bool saysInverse = shape == "INVERSE", saysIdentity = shape == "IDENTITY";
    image.isInverse = isMono1 || saysInverse;
    if ((isMono1 && saysIdentity) || (!isMono1 && saysInverse)) {
        image.notes.push_back("The header contradicts itself about black and white (" + format.photometric +
                              ", Presentation LUT Shape " + shape + "); low values are shown bright.");
    }
}

std::vector<std::uint16_t> readChannel(DcmItem& item, TagNumber descriptorTag, TagNumber dataTag,
                                       Descriptor& descriptor) {
    const DcmTagKey describes(static_cast<Uint16>(descriptorTag >> 16), static_cast<Uint16>(descriptorTag & 0xFFFF));
    const DcmTagKey data(static_cast<Uint16>(dataTag >> 16), static_cast<Uint16>(dataTag & 0xFFFF));
    const auto read = readDescriptor(item, describes, false);
    if (!read) return {};
    descriptor = *read;
    auto values = readEntries(item, data, descriptor.entries);
    const bool isEightBit =
        !values.empty() && *std::max_element(values.begin(), values.end()) <= 0xFF && descriptor.bits == 8;
    if (isEightBit)
        std::transform(values.begin(), values.end(), values.begin(), [](std::uint16_t v) { return v * 257; });
    return values;
}

}  // namespace

void fillPixelChain(const DicomHeader& header, const PixelFormat& format, Image& image) {
    if (format.samplesPerPixel > 1 || format.photometric == "PALETTE COLOR") return;  // gray stages only
    fillModality(header, format, image);
    addVoiTables(header, format, image);
    addWindows(header, image);
    fillPadding(header, format, image);
    fillPresentation(header, format, image);
}

std::shared_ptr<const LookupTable> readLookupTable(const DicomHeader& header, DcmItem& item, bool isInputSigned) {
    return readTable(header, item, isInputSigned);
}

Result<GrayPalette> readPalette(const DicomHeader& header, const PixelFormat& format) {
    GrayPalette palette;
    if (format.photometric != "PALETTE COLOR") return palette;
    std::array<std::vector<std::uint16_t>, 3> channels;
    Descriptor descriptor;
    for (TagNumber i = 0; i < 3; ++i) {
        channels[i] = readChannel(header.root(), 0x00281101 + i, 0x00281201 + i, descriptor);
        if (channels[i].empty())
            return Error{ErrorCode::Unsupported, "its colour palette is missing, damaged or segmented"};
    }
    palette.firstInput = format.isSigned ? static_cast<Sint16>(descriptor.firstInput) : descriptor.firstInput;
    const std::size_t count = std::min({channels[0].size(), channels[1].size(), channels[2].size()});
    palette.values.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned sum = 299U * channels[0][i] + 587U * channels[1][i] + 114U * channels[2][i];
        palette.values[i] = static_cast<std::uint16_t>((sum + 500) / 1000);
    }
    return palette;
}

}  // namespace cxr
