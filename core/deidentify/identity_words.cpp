#include "core/deidentify/identity_words.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/deidentify/value_cleaning.h"

namespace cxr {
namespace {

constexpr std::size_t kShortestName = 3, kShortestNumber = 4;
constexpr std::size_t kLongestValue = 4096;

// Identifiers of patient, visit, order and study.
const std::array<DcmTagKey, 9> kNumberTags{
    DCM_PatientID,        DcmTagKey(0x0010, 0x1000),  // Other Patient IDs (retired)
    DCM_AccessionNumber,  DCM_StudyID,
    DCM_AdmissionID,      DCM_PatientBirthDate,
    DcmTagKey(0x0010, 0x1090), DCM_PatientTelephoneNumbers,
    DCM_RequestedProcedureID};

bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80; }

std::string valueOf(DcmElement& element) {
    OFString text;
    if (element.getLength() > kLongestValue || element.getOFStringArray(text).bad()) return {};
    return {text.c_str(), text.size()};
}

template <typename Visit>
void eachWord(std::string_view text, Visit visit) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        if (!isWordByte(text[begin])) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < text.size() && isWordByte(text[end])) ++end;
        visit(text.substr(begin, end - begin));
        begin = end;
    }
}

}  // namespace

IdentityWords IdentityWords::of(DcmItem& original) {
    IdentityWords words;
    words.collect(original);
    return words;
}

void IdentityWords::collect(DcmItem& item) {
    for (unsigned long i = 0; i < item.card(); ++i) {
        DcmElement* element = item.getElement(i);
        if (element->ident() == EVR_SQ) {
            auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element);
            for (unsigned long k = 0; sequence != nullptr && k < sequence->card(); ++k) collect(*sequence->getItem(k));
        } else if (element->ident() == EVR_PN) {
            addName(valueOf(*element));
        } else if (std::find(kNumberTags.begin(), kNumberTags.end(), DcmTagKey(element->getTag())) != kNumberTags.end()) {
            addNumber(valueOf(*element));
        }
    }
}

void IdentityWords::addName(std::string_view name) {
    eachWord(name, [&](std::string_view word) {
        if (word.size() >= kShortestName && !isHarmlessWord(word)) m_names.insert(upperCase(word));
    });
}

void IdentityWords::addNumber(std::string_view number) {
    while (!number.empty() && (number.back() == ' ' || number.back() == '\0')) number.remove_suffix(1);
    while (!number.empty() && number.front() == ' ') number.remove_prefix(1);
    if (number.size() >= kShortestNumber && !isHarmlessWord(number)) m_numbers.insert(upperCase(number));
}

bool IdentityWords::isIdentifier(std::string_view number) const { return m_numbers.contains(upperCase(number)); }

bool IdentityWords::occurIn(std::string_view text) const {
    const std::string upper = upperCase(text);
    const auto isInside = [&](const std::string& number) { return upper.find(number) != std::string::npos; };
    if (std::any_of(m_numbers.begin(), m_numbers.end(), isInside)) return true;
    bool isFound = false;
    eachWord(upper, [&](std::string_view word) { isFound = isFound || m_names.contains(std::string(word)); });
    return isFound;
}

}  // namespace cxr
