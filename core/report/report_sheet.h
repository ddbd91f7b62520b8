// A report as it is laid out, in the reader's language: every word that HTML and PDF print is here, and they add none.
//   Names that are not the program's own (patient, film, model, institution) and the reader's text are taken over as they are.
// Pure function; thread-safe. The sheet points at the report's pictures: it must not outlive the report.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/report/report.h"

namespace cxr {

struct SheetRow {
    std::string label, value;
    bool isCode = false;  // a hash: print it small, it may break anywhere
};

struct SheetSection {
    std::string title;
    std::vector<SheetRow> rows;
    [[nodiscard]] bool isEmpty() const { return rows.empty(); }
};

// One row of the findings' table.
struct SheetFinding {
    std::string name, probability, result, limit, auc, predictive, prevalence;
    bool isPositive = false;
};
struct SheetFindings {
    std::string title;      // "Findings of the network"
    std::string statement;  // whose they are, and at which operating point
    std::string legend;     // what the columns mean
    std::array<std::string, 7> columns;
    std::vector<SheetFinding> rows;  // by falling probability; empty: no network judged the film
    std::size_t positives = 0;
    std::string others;     // "10 other findings stay below their limits; ..." for where only the positive ones are printed
};

struct SheetPicture {
    std::string title, alt, caption;
    const std::vector<std::byte>* png = nullptr;  // null: none
    SheetSection facts;                           // of a map
};

struct SheetText {
    std::string title, text;
};

struct ReportSheet {
    std::string language;  // "en"
    std::string title, notice, program, created, film, filmHash, subject;
    std::string patientTitle, noPatient;
    std::vector<SheetRow> patient;
    std::string verdict, verdictKind;  // the second: normal, borderline, enlarged, uncertain
    SheetSection measurement;          // with view and the origin of lengths
    std::string agreement;             // the readings of cardiomegaly in one sentence; may be empty
    SheetFindings findings;
    SheetPicture annotated;
    std::vector<SheetPicture> maps, pictures;
    SheetSection notes;                // label empty
    std::string moreNotes;             // "more notes on the following pages"
    SheetSection techniqueInShort;
    std::vector<SheetText> reader;     // question, comparison, impression: those that were written
    std::string impressionTitle, noImpression, impressionFollows;
    std::string readerLabel, readerName, dateLabel, signatureLabel, unsignedNote;
    SheetSection modelsInShort;        // name, version and the first digits of the weights' hash
    // What follows the first page.
    std::string details;
    std::vector<SheetSection> more;    // cardiomegaly, view, technique, models, settings, HeartSpot
    std::string heartSpot;             // its sentence
    std::string itemColumn, valueColumn;
    std::string page;                  // "Page {0} of {1}"
};

ReportSheet sheetOf(const Report& report);
// "Page 2 of 3".
std::string pageText(const ReportSheet& sheet, int page, int pages);

}  // namespace cxr
