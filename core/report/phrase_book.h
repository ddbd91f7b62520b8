// The words of a report in a reader's language. English is what the program thinks in: sentences are made where they are found
// out (core/measure, core/io, ...), stay English as data (JSON, FHIR, DICOM), and are translated whole where a report is laid out.
//   file     core/report/phrases_de.txt, compiled in: blocks of two lines, English and its translation, separated by empty
//            lines; "#" begins a comment. Parts that differ from film to film are numbered:
//              {0}   words of the catalogue, translated too     {0#}  a number      {0=}  names, taken over as they are
//   matching the phrase with most fixed letters wins; several sentences in one text are translated one by one
//   unknown  what the catalogue does not know stays English, whole: never half a sentence
// Immutable; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <array>
#include <map>
#include <optional>

#include "core/base/result.h"

namespace cxr {

enum class ReportLanguage { English, German };
inline constexpr std::array<ReportLanguage, 2> kReportLanguages{ReportLanguage::English, ReportLanguage::German};

const char* codeOf(ReportLanguage language);  // "en", "de": BCP 47
const char* nameOf(ReportLanguage language);  // "English", "Deutsch": in the language itself
std::optional<ReportLanguage> languageOfCode(std::string_view code);

struct Phrase {
    std::string english, other;
};

// fails InvalidArgument: a block that is no pair, or whose numbered parts differ; the message names the English line.
Result<std::vector<Phrase>> parsePhrases(std::string_view text);
// The catalogue that is compiled in. English has none.
const std::vector<Phrase>& phrasesOf(ReportLanguage language);

class PhraseBook {
  public:
    static const PhraseBook& of(ReportLanguage language);
    explicit PhraseBook(ReportLanguage language, std::vector<Phrase> phrases = {});

    [[nodiscard]] ReportLanguage language() const { return m_language; }
    // Text of the program in this language.
    [[nodiscard]] std::string say(const std::string& english) const;
    // The same where it is known; always in English.
    [[nodiscard]] std::optional<std::string> find(const std::string& english) const;
    // "0.57" -> "0,57", "17,520" -> "17.520".
    [[nodiscard]] std::string numbers(std::string_view text) const;
    // "2026-11-21" -> "21.11.2026", "2026-11-21T23:05:09+01:00" -> "21.11.2026, 23:05"; other text stays.
    [[nodiscard]] std::string date(const std::string& iso) const;

  private:
    struct Piece {
        std::string literal;  // before the hole
        int hole = -1;        // -1: none, the end
        char kind = ' ';      // ' ', '#', '='
    };
    struct Pattern {
        std::vector<Piece> pieces;
        std::vector<Piece> other;
        std::size_t letters = 0;
    };
    using Holes = std::array<std::string, 10>;
    static std::vector<Piece> piecesOf(const std::string& text);
    [[nodiscard]] std::optional<std::string> translated(std::string_view text, int depth) const;
    [[nodiscard]] std::optional<std::string> bySentences(std::string_view text, int depth) const;
    [[nodiscard]] bool matches(const Pattern& pattern, std::size_t piece, std::string_view text, Holes& holes, int depth) const;
    [[nodiscard]] bool fills(const Piece& piece, std::string_view text, Holes& holes, int depth) const;

    ReportLanguage m_language;
    std::map<std::string, std::string, std::less<>> m_exact;
    std::vector<Pattern> m_patterns;  // by falling number of fixed letters
};

}  // namespace cxr
