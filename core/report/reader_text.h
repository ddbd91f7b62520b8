// What a reader adds to the report of a film in his own words. Plain values; any thread.
//   The program prints these words as they are, and never reads them.
#pragma once

#include <string>

#include "core/report/phrase_book.h"

namespace cxr {

struct ReaderText {
    ReportLanguage language = ReportLanguage::English;  // of the program's words around his
    std::string question;    // clinical question; one line
    std::string comparison;  // with which earlier films; one line
    std::string impression;  // paragraphs, separated by line feeds
    std::string reader;      // name for the line of signature

    [[nodiscard]] bool isEmpty() const { return question.empty() && comparison.empty() && impression.empty() && reader.empty(); }
    bool operator==(const ReaderText&) const = default;
};

// More is cut off where texts come in from outside: a page holds about 3,000 characters.
inline constexpr std::size_t kMostReaderBytes = 20'000;

}  // namespace cxr
