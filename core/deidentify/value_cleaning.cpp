#include "core/deidentify/value_cleaning.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <set>
#include <sstream>

#include "core/deidentify/table_data.h"

namespace cxr {
namespace {

bool isDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

const Words& safeWords() {
    static const Words words = [] {
        Words found;
        std::istringstream lines(kSafeWords);
        std::string line, word;
        while (std::getline(lines, line)) {
            if (line.starts_with('#')) continue;
            std::istringstream row(line);
            while (row >> word) found.insert(word);
        }
        return found;
    }();
    return words;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return std::string(text);
}

int numberAt(const std::string& digits, std::size_t from, std::size_t count) {
    return std::stoi(digits.substr(from, count));
}

// One value; what stands behind the day (of a DT) stays.
std::optional<std::string> movedValue(const std::string& raw, bool isDateTime, int days) {
    std::string value = trimmed(raw);
    if (value.empty()) return value;
    if (!isDateTime && value.size() == 10 && value[4] == '.' && value[7] == '.') value.erase(7, 1).erase(4, 1);
    if (value.find_first_not_of("0123456789.+-") != std::string::npos) return std::nullopt;
    if (value.size() < 8 || !isDigits(std::string_view(value).substr(0, 8)) || (!isDateTime && value.size() != 8)) return std::nullopt;
    using namespace std::chrono;
    const year_month_day day{year(numberAt(value, 0, 4)), month(static_cast<unsigned>(numberAt(value, 4, 2))),
                             std::chrono::day(static_cast<unsigned>(numberAt(value, 6, 2)))};
    if (!day.ok()) return std::nullopt;
    const year_month_day moved{sys_days(day) + std::chrono::days(days)};
    if (static_cast<int>(moved.year()) < 1000) return std::nullopt;
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02u", static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
                  static_cast<unsigned>(moved.day()));
    return text.data() + value.substr(8);
}

}  // namespace

std::string dummyText(std::string_view vr) {
    if (vr == "DA") return "19000101";
    if (vr == "TM") return "000000";
    if (vr == "DT") return "19000101000000";
    if (vr == "AS") return "000Y";
    if (vr == "DS" || vr == "IS") return "0";
    if (vr == "UR") return "urn:removed";
    return isTextVr(vr) ? "REMOVED" : "";
}

bool isTextVr(std::string_view vr) {
    static constexpr std::array<std::string_view, 10> kTexts{"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"};
    return std::find(kTexts.begin(), kTexts.end(), vr) != kTexts.end();
}

bool isDateVr(std::string_view vr) { return vr == "DA" || vr == "DT" || vr == "TM"; }

std::optional<std::string> movedDate(std::string_view vr, const std::string& value, int days) {
    if (vr == "TM") {
        const bool isTime = value.find_first_not_of("0123456789.: \\") == std::string::npos;
        return isTime ? std::optional<std::string>(value) : std::nullopt;
    }
    std::string result;
    std::size_t begin = 0;
    while (begin <= value.size()) {
        const std::size_t end = std::min(value.find('\\', begin), value.size());
        const auto moved = movedValue(value.substr(begin, end - begin), vr == "DT", days);
        if (!moved) return std::nullopt;
        result += (begin > 0 ? "\\" : "") + *moved;
        begin = end + 1;
    }
    return result;
}

std::string upperCase(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
        return c < 0x80 ? static_cast<char>(std::toupper(c)) : static_cast<char>(c);
    });
    return upper;
}

bool isHarmlessWord(std::string_view word) {
    if (isDigits(word)) return word.size() <= 2;
    return safeWords().contains(upperCase(word));
}

std::string harmlessWords(std::string_view text, const Words& more) {
    std::string kept, word;
    const auto finish = [&] {
        if (!word.empty() && (isHarmlessWord(word) || more.contains(upperCase(word)))) kept += (kept.empty() ? "" : " ") + word;
        word.clear();
    };
    for (const char c : text) {
        // Bytes beyond ASCII belong to their word, so that no piece of one is taken for a word.
        if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80) word += c;
        else finish();
    }
    finish();
    return kept;
}

bool isStandardCode(std::string_view scheme, std::string_view value) {
    if (scheme == "DCM") return isDigits(value) && value.size() == 6;
    if (scheme == "SCT") return isDigits(value) && value.size() >= 6 && value.size() <= 18;
    if (scheme == "SRT" || scheme == "SNM3" || scheme == "99SDM") {
        const auto isHex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
        return value.size() == 7 && std::isupper(static_cast<unsigned char>(value[0])) && value[1] == '-' &&
               std::all_of(value.begin() + 2, value.end(), isHex);
    }
    return false;
}

}  // namespace cxr
