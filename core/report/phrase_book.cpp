#include "core/report/phrase_book.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <set>

#include "core/report/phrase_data.h"

namespace cxr {
namespace {

constexpr int kDeepest = 6;        // phrases inside phrases
constexpr int kMostLookUps = 2000;  // of parts of one text: whoever writes a thousand commas into a header waits no longer
constexpr std::size_t kLongest = 4000;

thread_local int t_lookUps = 0;  // of the text that this thread translates

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

bool hasLetter(std::string_view text) { return std::any_of(text.begin(), text.end(), isLetter); }

// "0.57", "< 0.1 %", "-2.1e-05", "17,520".
bool isNumber(std::string_view text) {
    const bool isOfThese = std::all_of(text.begin(), text.end(), [](char c) { return isDigit(c) || std::string_view("<>%+-., e").find(c) != std::string_view::npos; });
    return isOfThese && std::any_of(text.begin(), text.end(), isDigit) && text.front() != ' ' && text.back() != ' ' && text.front() != 'e';
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
}

// Where a numbered part begins at `at`: its number, kind and length; length 0: none.
struct HoleAt {
    int number = -1;
    char kind = ' ';
    std::size_t length = 0;
};
HoleAt holeAt(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size() || text[at] != '{' || !isDigit(text[at + 1])) return {};
    if (text[at + 2] == '}') return {text[at + 1] - '0', ' ', 3};
    const bool hasKind = at + 3 < text.size() && (text[at + 2] == '#' || text[at + 2] == '=') && text[at + 3] == '}';
    return hasKind ? HoleAt{text[at + 1] - '0', text[at + 2], 4} : HoleAt{};
}

std::multiset<int> holesOf(std::string_view text) {
    std::multiset<int> holes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (const HoleAt hole = holeAt(text, at); hole.length > 0) holes.insert(hole.number);
    }
    return holes;
}

Error badPhrase(const std::string& english, const char* why) { return {ErrorCode::InvalidArgument, "the phrase \"" + english + "\" " + why}; }

}  // namespace

const char* codeOf(ReportLanguage language) { return language == ReportLanguage::German ? "de" : "en"; }
const char* nameOf(ReportLanguage language) { return language == ReportLanguage::German ? "Deutsch" : "English"; }

std::optional<ReportLanguage> languageOfCode(std::string_view code) {
    for (const ReportLanguage language : kReportLanguages) {
        if (code == codeOf(language)) return language;
    }
    return std::nullopt;
}

Result<std::vector<Phrase>> parsePhrases(std::string_view text) {
    std::vector<Phrase> phrases;
    std::set<std::string> known;
    std::string english;
    bool isOpen = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line(trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('#')) continue;
        if (line.empty() && isOpen) return badPhrase(english, "has no translation");
        if (line.empty()) continue;
        if (!isOpen) {
            english = line;
            isOpen = true;
            if (!known.insert(english).second) return badPhrase(english, "stands there twice");
            continue;
        }
        if (holesOf(english) != holesOf(line)) return badPhrase(english, "and its translation have different numbered parts");
        phrases.push_back({english, line});
        isOpen = false;
    }
    if (isOpen) return badPhrase(english, "has no translation");
    return phrases;
}

const std::vector<Phrase>& phrasesOf(ReportLanguage language) {
    static const std::vector<Phrase> none;
    if (language == ReportLanguage::English) return none;
    static const std::vector<Phrase> german = [] {
        auto parsed = parsePhrases(kGermanPhrases);
        assert(parsed.isOk());  // tests/core/report/tst_phrases reads it first
        return parsed.isOk() ? std::move(parsed).value() : std::vector<Phrase>{};
    }();
    return german;
}

const PhraseBook& PhraseBook::of(ReportLanguage language) {
    static const PhraseBook english(ReportLanguage::English);
    if (language == ReportLanguage::English) return english;
    static const PhraseBook german(ReportLanguage::German, phrasesOf(ReportLanguage::German));
    return german;
}

PhraseBook::PhraseBook(ReportLanguage language, std::vector<Phrase> phrases) : m_language(language) {
    for (Phrase& phrase : phrases) {
        if (holesOf(phrase.english).empty()) {
            m_exact.emplace(std::move(phrase.english), std::move(phrase.other));
            continue;
        }
        Pattern pattern{piecesOf(phrase.english), piecesOf(phrase.other)};
        for (const Piece& piece : pattern.pieces) pattern.letters += piece.literal.size();
        m_patterns.push_back(std::move(pattern));
    }
    std::stable_sort(m_patterns.begin(), m_patterns.end(), [](const Pattern& a, const Pattern& b) { return a.letters > b.letters; });
}

std::vector<PhraseBook::Piece> PhraseBook::piecesOf(const std::string& text) {
    std::vector<Piece> pieces(1);
    for (std::size_t at = 0; at < text.size();) {
        const HoleAt hole = holeAt(text, at);
        if (hole.length == 0) {
            pieces.back().literal += text[at++];
            continue;
        }
        pieces.back().hole = hole.number;
        pieces.back().kind = hole.kind;
        pieces.emplace_back();
        at += hole.length;
    }
    return pieces;
}

std::string PhraseBook::say(const std::string& english) const {
    if (m_language == ReportLanguage::English) return english;
    return find(english).value_or(english);
}

std::optional<std::string> PhraseBook::find(const std::string& english) const {
    if (m_language == ReportLanguage::English) return english;
    if (english.size() > kLongest) return std::nullopt;
    t_lookUps = 0;
    return translated(english, 0);
}

std::optional<std::string> PhraseBook::translated(std::string_view text, int depth) const {
    if (text.empty() || isNumber(text) || !hasLetter(text)) return numbers(text);
    if (const auto exact = m_exact.find(text); exact != m_exact.end()) return exact->second;
    if (depth >= kDeepest || ++t_lookUps > kMostLookUps) return std::nullopt;
    for (const Pattern& pattern : m_patterns) {
        Holes holes;
        if (!matches(pattern, 0, text, holes, depth)) continue;
        std::string result;
        for (const Piece& piece : pattern.other) {
            result += piece.literal;
            if (piece.hole >= 0) result += holes[static_cast<std::size_t>(piece.hole)];
        }
        return result;
    }
    return bySentences(text, depth);
}

// "One. Two." is what "One." and "Two." are.
std::optional<std::string> PhraseBook::bySentences(std::string_view text, int depth) const {
    for (std::size_t at = text.find(". "); at != std::string_view::npos; at = text.find(". ", at + 1)) {
        const auto first = translated(text.substr(0, at + 1), depth + 1);
        if (!first) continue;
        if (const auto rest = translated(text.substr(at + 2), depth + 1)) return *first + " " + *rest;
    }
    return std::nullopt;
}

bool PhraseBook::fills(const Piece& piece, std::string_view text, Holes& holes, int depth) const {
    if (text.empty() || (piece.kind == '#' && !isNumber(text))) return false;
    std::string& hole = holes[static_cast<std::size_t>(piece.hole)];
    if (piece.kind == '=') {
        hole = text;
    } else if (piece.kind == '#') {
        hole = numbers(text);
    } else {
        const auto words = translated(text, depth + 1);
        if (!words) return false;
        hole = *words;
    }
    return true;
}

// Shortest parts first; what follows a part decides where it ends.
bool PhraseBook::matches(const Pattern& pattern, std::size_t index, std::string_view text, Holes& holes, int depth) const {
    const Piece& piece = pattern.pieces[index];
    if (!text.starts_with(piece.literal)) return false;
    text.remove_prefix(piece.literal.size());
    if (piece.hole < 0) return text.empty();
    const Piece& next = pattern.pieces[index + 1];
    const bool isLast = next.hole < 0 && next.literal.empty();
    if (isLast) return fills(piece, text, holes, depth);
    for (std::size_t end = text.find(next.literal, 1); end != std::string_view::npos; end = text.find(next.literal, end + 1)) {
        if (piece.kind == '#' && !isNumber(text.substr(0, end))) {
            if (end > 24) return false;
            continue;
        }
        if (matches(pattern, index + 1, text.substr(end), holes, depth) && fills(piece, text.substr(0, end), holes, depth)) return true;
    }
    return false;
}

std::string PhraseBook::numbers(std::string_view text) const {
    std::string result(text);
    if (m_language == ReportLanguage::English) return result;
    for (std::size_t i = 1; i + 1 < result.size(); ++i) {
        if (!isDigit(text[i - 1]) || !isDigit(text[i + 1])) continue;
        if (text[i] == '.') result[i] = ',';
        if (text[i] == ',') result[i] = '.';
    }
    return result;
}

std::string PhraseBook::date(const std::string& iso) const {
    const bool isDate = iso.size() >= 10 && iso[4] == '-' && iso[7] == '-' && isDigit(iso[0]) && isDigit(iso[9]);
    if (!isDate || (iso.size() > 10 && iso[10] != 'T')) return iso;
    const std::string time = iso.size() >= 16 ? iso.substr(11, 5) : std::string();
    if (m_language == ReportLanguage::English) return iso.substr(0, 10) + (time.empty() ? "" : ", " + time);
    return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4) + (time.empty() ? "" : ", " + time);
}

}  // namespace cxr
