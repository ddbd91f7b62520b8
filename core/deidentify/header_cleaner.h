// Carries the rule table out on a data set: every attribute at every depth gets what profile.csv says for the chosen options.
//   beyond the table  private attributes, attributes that DCMTK's dictionary does not know, groups 0000, 0002 and 0004, group
//                     lengths and whole overlays are removed; persons' names that the table does not name are emptied; UIDs
//                     that it does not name and that belong to no standard object are mapped as well; what was written as UN
//                     is read by the dictionary; texts that still hold a word of the patient's identity are replaced
//   dates             moved by the patient's number of days; a date that cannot be read is treated as the basic profile says
//   reports           by default one dummy comment takes the place of the content; with the option the tree stays, cleaned; titles
//                     are cleaned in any case
//   descriptors       harmless words stay (value_cleaning.h); codes stay if their scheme is one of the standard's
// DICOM PS3.15 annex E. An instance belongs to one object and one thread.
#pragma once

#include <string>

#include "core/deidentify/identity_words.h"
#include "core/deidentify/options.h"
#include "core/deidentify/profile.h"
#include "core/deidentify/pseudonyms.h"

class DcmDataset;
class DcmElement;
class DcmItem;
class DcmSequenceOfItems;

namespace cxr {

// What was done to one object; numbers of attributes, nested ones included.
struct CleaningCounts {
    int removed = 0, removedPrivate = 0, removedUnknown = 0;
    int emptied = 0, replaced = 0;  // replaced: dummies
    int mappedUids = 0;             // UIDs, not attributes
    int movedDates = 0, cleanedTexts = 0;
    int foundByWord = 0;  // texts that the table keeps, replaced because a word of the identity was in them
};

class HeaderCleaner {
  public:
    HeaderCleaner(const DeidentifyOptions& options, const Pseudonyms& pseudonyms);

    // Cleans `dataSet` and notes in it what was done, but for the picture (deidentify.h).
    CleaningCounts clean(DcmDataset& dataSet);

    [[nodiscard]] const std::string& patientCode() const { return m_patientCode; }
    [[nodiscard]] std::size_t identityWordCount() const { return m_words.count(); }

  private:
    enum class Mode {
        Normal,
        Dummies,  // inside a sequence that gets dummies: every leaf is replaced
        Codes,    // inside a cleaned sequence: texts keep harmless words, codes only of standard schemes
        Content,  // inside a cleaned report: the same, and what gives it its form (structured_content.h)
    };
    void findPatient(DcmDataset& dataSet);
    void cleanItem(DcmItem& item, Mode mode, bool isFilmLevel);
    void cleanElement(DcmItem& item, DcmElement& element, Mode mode, bool isFilmLevel);
    void withoutRule(DcmItem& item, DcmElement& element, Mode mode);
    void carryOut(DeidentifyAction action, DcmItem& item, DcmElement& element, const ProfileRule& rule, bool isFilmLevel);
    void keep(DcmItem& item, DcmElement& element, Mode mode);
    void cleanValue(DcmItem& item, DcmElement& element, const ProfileRule& rule, bool isFilmLevel);
    void empty(DcmItem& item, DcmElement& element, const std::string& vr);
    void dummy(DcmItem& item, DcmElement& element, const std::string& vr);
    void mapUids(DcmElement& element);
    void keepWords(DcmItem& item, DcmElement& element);
    void cleanContent(DcmSequenceOfItems& content);
    void keepContent(DcmElement& element);
    void cleanTitle(DcmItem& item, DcmSequenceOfItems& title);
    void remove(DcmItem& item, DcmElement& element, int& counter);
    bool removeForeignCode(DcmSequenceOfItems& sequence, unsigned long index);
    void removeWordsOfIdentity(DcmElement& element);

    DeidentifyOptions m_options;
    const Pseudonyms& m_pseudonyms;
    std::string m_patientCode;
    int m_dayShift = 0;
    IdentityWords m_words;
    const DcmItem* m_root = nullptr;
    CleaningCounts m_counts;
};

// True for UIDs of the standard itself (classes, transfer syntaxes, well-known frames of reference).
bool isStandardUid(std::string_view uid);

}  // namespace cxr
