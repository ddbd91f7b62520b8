#include "core/pacs/query_texts.h"

#include <algorithm>
#include <cctype>

namespace cxr {
namespace {

constexpr std::size_t kMaxText = 64;  // of names and numbers in a query
constexpr std::size_t kMaxLine = 1024;
constexpr int kMaxLimit = 10'000;

bool isDate(const std::string& text) {
    if (text.size() != 8 || !std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) return false;
    const int month = std::stoi(text.substr(4, 2)), day = std::stoi(text.substr(6, 2));
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Bytes of the character that begins here; 0: no UTF-8.
std::size_t characterBytes(const std::string& text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t count = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (count == 0 || at + count > text.size()) return 0;
    for (std::size_t k = 1; k < count; ++k) {
        if ((static_cast<unsigned char>(text[at + k]) & 0xC0) != 0x80) return 0;
    }
    return count;
}

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

}  // namespace

std::string namePattern(const std::string& name) {
    std::string pattern = trimmed(name);
    if (pattern.empty()) return {};
    if (const std::size_t comma = pattern.find(','); comma != std::string::npos)
        pattern = trimmed(pattern.substr(0, comma)) + "^" + trimmed(pattern.substr(comma + 1));
    return pattern.find_first_of("*?") == std::string::npos ? pattern + "*" : pattern;
}

std::string dateRange(const std::string& from, const std::string& to) {
    if (from == to) return from;
    return from + "-" + to;
}

std::string problemOf(const StudyFilter& filter) {
    for (const std::string* text : {&filter.patientName, &filter.patientId, &filter.accession, &filter.modality}) {
        if (text->size() > kMaxText || text->find('\\') != std::string::npos) return "Search texts have at most 64 letters and no backslash.";
        if (std::any_of(text->begin(), text->end(), [](unsigned char c) { return c < 0x20; })) return "Search texts have no control characters.";
    }
    for (const std::string* date : {&filter.dateFrom, &filter.dateTo}) {
        if (!date->empty() && !isDate(*date)) return "Dates are written as eight digits: year, month, day.";
    }
    if (!filter.dateFrom.empty() && !filter.dateTo.empty() && filter.dateTo < filter.dateFrom) return "The last day is before the first.";
    if (filter.limit < 1 || filter.limit > kMaxLimit) return "The number of answers is 1 to 10000.";
    return {};
}

std::string problemOf(const WorklistFilter& filter) {
    if (filter.stationAe.size() > 16 || filter.stationAe.find('\\') != std::string::npos) return "A station's AE title has at most 16 letters and no backslash.";
    return problemOf(StudyFilter{filter.patientName, filter.patientId, filter.accession, filter.dateFrom, filter.dateTo, filter.modality, filter.limit});
}

bool isUid(const std::string& uid) {
    return !uid.empty() && uid.size() <= 64 && uid.find_first_not_of("0123456789.") == std::string::npos;
}

CodedText encodeText(const std::string& utf8) {
    std::string latin;
    bool isAscii = true;
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t count = characterBytes(utf8, i);
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (count == 1) {
            latin.push_back(utf8[i]);
        } else if (count == 2 && lead <= 0xC3) {
            latin.push_back(static_cast<char>((lead & 0x03) << 6 | (static_cast<unsigned char>(utf8[i + 1]) & 0x3F)));
            isAscii = false;
        } else {
            return {"ISO_IR 192", utf8};
        }
        i += count;
    }
    return {isAscii ? "" : "ISO_IR 100", latin};
}

std::string oneLine(const std::string& text) {
    std::string line;
    for (std::size_t i = 0; i < text.size() && line.size() < kMaxLine;) {
        const std::size_t count = characterBytes(text, i);
        const auto lead = static_cast<unsigned char>(text[i]);
        if (count == 0) line.push_back('?');
        else if (count == 1 && (lead < 0x20 || lead == 0x7F)) line.push_back(' ');
        else line.append(text, i, count);
        i += std::max<std::size_t>(count, 1);
    }
    return trimmed(line);
}

}  // namespace cxr
