#include "core/dicom_out/valid_values.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/dicom_out/copied_tags.h"

namespace cxr {
namespace {

constexpr auto kAlwaysKept = std::to_array<TagNumber>({0x00080005, 0x00100010, 0x00100020, 0x00100021, 0x00080050, 0x0020000D, 0x00200010});
// Beside kCopiedTags and kNeededTags: what single objects take over.
constexpr auto kPlaceTags = std::to_array<TagNumber>({0x00180015, 0x00200060, 0x00200020});

DcmTagKey keyOf(TagNumber tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }

std::string valueOf(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    item.findAndGetOFStringArray(tag, value);
    return {value.c_str(), value.size()};
}

bool areDigits(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

// "2021.03.04" -> "20210304", "10:11:12.5" -> "101112.5"; nullopt: another form.
std::optional<std::string> modernForm(DcmEVR vr, const std::string& value) {
    if (vr == EVR_DA && value.size() == 10 && value[4] == '.' && value[7] == '.') {
        const std::string plain = value.substr(0, 4) + value.substr(5, 2) + value.substr(8);
        if (areDigits(plain)) return plain;
    }
    if (vr == EVR_TM && value.size() >= 8 && value[2] == ':' && value[5] == ':') return value.substr(0, 2) + value.substr(3, 2) + value.substr(6);
    return std::nullopt;
}

// Letters of 7 bits only: others count differently in each character set.
bool isShortEnough(const std::string& value, std::size_t most) {
    const bool isPlain = std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return !isPlain || value.size() <= most;
}

bool isValid(DcmElement& element, const std::string& value) {
    switch (element.ident()) {
        case EVR_LO: return isShortEnough(value, 64);
        case EVR_SH: return isShortEnough(value, 16);
        case EVR_AS:
        case EVR_CS:
        case EVR_DA:
        case EVR_TM:
        case EVR_DS:
        case EVR_IS:
        case EVR_UI: return element.checkValue().good();
        default: return true;
    }
}

bool isSequenceValid(DcmItem& item);

bool isElementValid(DcmItem& item, DcmElement& element) {
    if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(&element)) {
        for (unsigned long i = 0; i < sequence->card(); ++i) {
            if (!isSequenceValid(*sequence->getItem(i))) return false;
        }
        return true;
    }
    const std::string value = valueOf(item, element.getTag());
    if (value.empty()) return true;
    if (element.getTag() == DCM_PatientSex && value != "M" && value != "F" && value != "O") return false;
    return isValid(element, value);
}

bool isCodeWhole(DcmItem& item) {
    const auto has = [&item](const DcmTagKey& tag) { return item.tagExistsWithValue(tag); };
    const bool hasValue = has(DCM_CodeValue) || has(DCM_LongCodeValue) || has(DCM_URNCodeValue);
    if (!hasValue && !has(DCM_CodeMeaning)) return true;  // no code
    return hasValue && has(DCM_CodeMeaning) && (has(DCM_CodingSchemeDesignator) || has(DCM_URNCodeValue));
}

bool isSequenceValid(DcmItem& item) {
    if (!isCodeWhole(item)) return false;
    for (unsigned long i = 0; i < item.card(); ++i) {
        if (!isElementValid(item, *item.getElement(i))) return false;
    }
    return true;
}

// "PatientBirthDate" -> "Patient Birth Date".
std::string nameOf(const DcmTagKey& tag) {
    std::string name;
    for (const char c : std::string(DcmTag(tag).getTagName())) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0 && !name.empty() && std::islower(static_cast<unsigned char>(name.back())) != 0) name += ' ';
        name += c;
    }
    return name;
}

}  // namespace

std::vector<std::string> leaveOutInvalid(DcmItem& header) {
    std::vector<TagNumber> tags(kCopiedTags.begin(), kCopiedTags.end());
    tags.insert(tags.end(), kNeededTags.begin(), kNeededTags.end());
    tags.insert(tags.end(), kPlaceTags.begin(), kPlaceTags.end());
    std::vector<std::string> sentences;
    for (const TagNumber tag : tags) {
        DcmElement* element = nullptr;
        const bool isKept = std::find(kAlwaysKept.begin(), kAlwaysKept.end(), tag) != kAlwaysKept.end();
        if (isKept || header.findAndGetElement(keyOf(tag), element).bad() || element == nullptr) continue;
        if (const auto modern = modernForm(element->ident(), valueOf(header, keyOf(tag)))) element->putString(modern->c_str());
        if (isElementValid(header, *element)) continue;
        sentences.push_back("The film's " + nameOf(keyOf(tag)) + " is no valid DICOM; the objects do without it.");
        header.findAndDeleteElement(keyOf(tag));
    }
    return sentences;
}

}  // namespace cxr
