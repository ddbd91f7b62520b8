#include "core/dicom_in/pseudo_colour.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/dicom_in/object_reader.h"

namespace cxr {
namespace {

constexpr std::size_t kLargestProfile = 4U << 20;

struct Channel {
    TagNumber descriptor, data, segmented;
};
constexpr Channel kChannels[] = {{0x00281101, 0x00281201, 0x00281221}, {0x00281102, 0x00281202, 0x00281222}, {0x00281103, 0x00281203, 0x00281223}};

using Entries = std::vector<std::uint16_t>;

Error damaged() { return {ErrorCode::Corrupt, "its palette of colours is damaged"}; }

DcmTagKey keyOf(TagNumber tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }

// DCMTK keeps words in the order of this computer.
Entries wordsOf(Bytes bytes) {
    Entries words(bytes.size() / 2);
    std::memcpy(words.data(), bytes.data(), words.size() * 2);
    return words;
}

// Entries of 8 bits lie in bytes one after another, or in words.
Entries plainEntries(Bytes bytes, std::size_t count) {
    if (bytes.size() >= 2 * count) {
        Entries words = wordsOf(bytes);
        words.resize(count);
        return words;
    }
    return bytes.size() >= count ? Entries(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)) : Entries();
}

// From the last value to `end`, which is reached.
void addLine(Entries& entries, std::size_t length, std::uint16_t end) {
    const double start = entries.back();
    for (std::size_t i = 1; i <= length; ++i)
        entries.push_back(static_cast<std::uint16_t>(std::lround(start + (end - start) * static_cast<double>(i) / static_cast<double>(length))));
}

// Opcode, length, data: 0 is as many values as the length says, 1 a line to one value, 2 a copy of earlier segments.
Result<Entries> segmentedEntries(const Entries& coded, std::size_t count) {
    Entries entries;
    for (std::size_t at = 0; at + 2 < coded.size() && entries.size() < count;) {
        const std::uint16_t opcode = coded[at], length = coded[at + 1];
        at += 2;
        const std::size_t taken = opcode == 0 ? length : 1;
        if (opcode > 1) return Error{ErrorCode::Unsupported, "its palette of colours is made of segments that refer to others, which this program does not read"};
        if (taken > coded.size() - at || entries.size() + length > count || (opcode == 1 && entries.empty())) return damaged();
        if (opcode == 0) entries.insert(entries.end(), coded.begin() + static_cast<std::ptrdiff_t>(at), coded.begin() + static_cast<std::ptrdiff_t>(at + taken));
        if (opcode == 1) addLine(entries, length, coded[at]);
        at += taken;
    }
    if (entries.size() != count) return damaged();
    return entries;
}

// All entries of the three channels, 8 bits.
Result<std::vector<Rgb>> readTable(const ObjectReader& read) {
    std::vector<Rgb> table;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto descriptor = read.numbers(read.root(), keyOf(kChannels[channel].descriptor));
        if (descriptor.size() != 3 || (descriptor[2] != 8 && descriptor[2] != 16) || descriptor[0] < 0 || descriptor[0] > 65535) return damaged();
        const std::size_t count = descriptor[0] == 0 ? 65536 : static_cast<std::size_t>(descriptor[0]);
        Entries entries = plainEntries(elementBytes(read.root(), kChannels[channel].data), count);
        if (entries.empty()) {
            auto segmented = segmentedEntries(wordsOf(elementBytes(read.root(), kChannels[channel].segmented)), count);
            if (!segmented.isOk()) return segmented.error();
            entries = std::move(segmented).value();
        }
        if (channel > 0 && entries.size() != table.size()) return damaged();
        table.resize(entries.size());
        const bool isByte = descriptor[2] == 8 && *std::max_element(entries.begin(), entries.end()) <= 255;  // some say 8 and write 16
        const double white = isByte ? 255 : 65535;
        for (std::size_t i = 0; i < entries.size(); ++i)
            table[i][channel] = static_cast<std::uint8_t>(std::lround(entries[i] / white * 255));
    }
    return table;
}

}  // namespace

ValueColours::ValueColours(const ObjectReader& read) {
    auto table = readTable(read);
    if (!table.isOk()) return;
    m_colours = std::move(table).value();
    m_first = static_cast<int>(read.numbers(read.root(), keyOf(kChannels[0].descriptor))[1]);
}

std::optional<Rgb> ValueColours::of(int value) const {
    const int entry = value - m_first;
    if (entry < 0 || entry >= static_cast<int>(m_colours.size())) return std::nullopt;
    return m_colours[static_cast<std::size_t>(entry)];
}

Result<PseudoColour> readPseudoColour(const ObjectReader& read) {
    const auto table = readTable(read);
    if (!table.isOk()) return table.error();
    const auto last = static_cast<double>(table.value().size() - 1);
    PseudoColour palette;
    for (std::size_t gray = 0; gray < 256; ++gray)
        palette.colours[gray] = table.value()[static_cast<std::size_t>(std::lround(static_cast<double>(gray) * last / 255))];
    const Bytes profile = elementBytes(read.root(), 0x00282000);
    if (profile.size() <= kLargestProfile) palette.profile.assign(profile.begin(), profile.end());
    return palette;
}

}  // namespace cxr
