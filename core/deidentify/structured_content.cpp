#include "core/deidentify/structured_content.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "core/deidentify/dicom_object.h"
#include "core/deidentify/value_cleaning.h"

namespace cxr {
namespace {

// PS3.3 C.17.3, C.18; by name, because their numbers differ in meaning elsewhere.
constexpr std::array kTerms{"TEXT",        "NUM",      "CODE",       "DATETIME", "DATE",      "TIME",       "UIDREF",    "PNAME",     "COMPOSITE",
                            "IMAGE",       "WAVEFORM", "SCOORD",     "SCOORD3D", "TCOORD",    "CONTAINER",  "TABLE",     "CONTAINS",  "HAS OBS CONTEXT",
                            "HAS ACQ CONTEXT", "HAS CONCEPT MOD", "HAS PROPERTIES", "INFERRED FROM", "SELECTED FROM", "SEPARATE",  "CONTINUOUS", "POINT",
                            "MULTIPOINT",  "POLYLINE", "POLYGON",    "CIRCLE",   "ELLIPSE",   "ELLIPSOID",  "SEGMENT",   "MULTISEGMENT", "BEGIN",
                            "END",         "DCMR",     "VOLUME",     "FRAME"};
constexpr std::array<TagNumber, 7> kTagsOfForm{0x0040A010, 0x0040A040, 0x0040A050, 0x00700023, 0x0040A130, 0x00080105, 0x00480301};
constexpr TagNumber kTemplate = 0x0040DB00, kContext = 0x0008010F;

// Words of reports beyond those of descriptions (safe_words.txt). They are kept apart: a patient may have one of them as a
// name, and is searched for by it.
const Words& reportWords() {
    static const Words words{
        "ACTIVITY",  "ALGORITHM",   "ANATOMICAL", "ANSWER",       "AREA",         "ARTIFICIAL",  "ATELECTASIS",  "BORDERLINE", "CAD",        "CARDIOTHORACIC",
        "CASE",      "CERTAINTY",   "COMMENT",    "CONCLUSION",   "CONSOLIDATION", "CONTENT",    "CONTRIBUTION", "COUNTRY",    "DEGREE",     "DESCENDANTS",
        "DESCRIPTION", "DEVICE",    "DIAMETER",   "DISEASE",      "DRAWN",        "EDEMA",       "EFFUSION",     "EMPHYSEMA",  "ENLARGED",   "EXPLANATION",
        "FIBROSIS",  "FINDING",     "FOLLOW",     "GROUP",        "HAS",          "HERNIA",      "IDENTIFIER",   "IMPRESSION", "INFILTRATE", "INFILTRATION",
        "INNER",     "INTELLIGENCE", "INTERPRETATION", "ITEM",    "LANGUAGE",     "LENGTH",      "LIBRARY",      "LIKELIHOOD", "MAP",        "MASS",
        "MEASUREMENT", "MEASUREMENTS", "METHOD",  "MILLIMETER",   "MODEL",        "NAME",        "NARROW",       "NEGATIVE",   "NETWORK",    "NODULE",
        "OBSERVER",  "OPERATING",   "ORGANIZATION", "OUTLINES",   "PARAMETERS",   "PATIENT",     "PERCENT",      "PERSON",     "PIXELS",     "PLEURAL",
        "PNEUMONIA", "PNEUMOTHORAX", "POINT",     "POSITIVE",     "PROBABILITY",  "PROCESSING",  "QUALITY",      "RATIO",      "REFERENCE",  "REPORT",
        "REPORTED",  "RESULT",      "SEGMENTATION", "SENSITIVITY", "SEVERITY",    "SITE",        "SIZE",         "SOURCE",     "SPECIFICITY", "STRUCTURE",
        "SUBJECT",   "SUMMARY",     "THICKENING", "THRESHOLD",    "TRACKING",     "TYPE",        "UID",          "UNIQUE",     "UNITS",      "UP",
        "VALUE",     "VERSION",     "WIDE",       "WIDTH",        "DIAGNOSTIC",   "CLASS",       "OPERATION",    "AT",         "BY"};
    return words;
}

bool allOf(std::string_view text, bool (*test)(char)) { return !text.empty() && std::all_of(text.begin(), text.end(), test); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool isSmall(char c) { return c >= 'a' && c <= 'z'; }

// "en", "en-US".
bool isLanguage(std::string_view value) {
    if (value.size() != 2 && value.size() != 5) return false;
    return allOf(value.substr(0, 2), isSmall) && (value.size() == 2 || (value[2] == '-' && allOf(value.substr(3), isCapital)));
}

// Units: letters and signs; what stands in braces is an annotation, a text.
bool isUnit(std::string_view value) {
    if (value.empty() || value.size() > 16) return false;
    std::string outside;
    while (!value.empty()) {
        const std::size_t open = std::min(value.find('{'), value.size());
        outside += value.substr(0, open);
        if (open == value.size()) break;
        const std::size_t close = value.find('}', open);
        if (close == std::string_view::npos) return false;
        const std::string_view note = value.substr(open + 1, close - open - 1);
        if (harmlessReportWords(note) != note) return false;
        value.remove_prefix(close + 1);
    }
    static const std::set<std::string, std::less<>> kUnits{"",     "1",   "%",    "mm",  "cm",   "m",   "um",     "mm2",    "cm2",  "cm3", "mm3", "ml", "mL", "l",
                                                           "g",    "kg",  "mg",   "s",   "ms",   "min", "h",      "d",      "mo",   "a",   "wk",  "deg", "rad",
                                                           "[hnsf'U]", "kg/m2", "g/cm3", "mGy", "Gy", "dGy.cm2", "mGy.cm2", "uGy.m2", "kV", "kVp", "mA", "mA.s",
                                                           "uA.s", "Hz",  "mm[Hg]", "/min", "Cel", "m2", "HU", "[ppm]"};
    return kUnits.contains(outside);
}

bool isKnownValue(std::string_view scheme, std::string_view value) {
    if (isStandardCode(scheme, value)) return true;
    if (scheme == "UCUM") return isUnit(value);
    if (scheme == "LN") {  // LOINC: a number with a check digit
        return value.size() >= 3 && value.size() <= 9 && value[value.size() - 2] == '-' && isDigit(value.back()) &&
               allOf(value.substr(0, value.size() - 2), isDigit);
    }
    if (scheme == "UMLS") return value.size() == 8 && value[0] == 'C' && allOf(value.substr(1), isDigit);
    if (scheme == "RADLEX") return value.starts_with("RID") && value.size() <= 9 && allOf(value.substr(3), isDigit);
    if (scheme == "RFC5646" || scheme == "RFC3066" || scheme == "RFC1766") return isLanguage(value);
    if (scheme == "ISO3166_1") return value.size() == 2 && allOf(value, isCapital);
    constexpr std::string_view kOurs = "urn:oid:2.25.";
    return scheme == "99PRECORDIA" && value.starts_with(kOurs) && allOf(value.substr(kOurs.size()), isDigit);
}

std::string valueOf(DcmItem& code) {
    for (const DcmTagKey& tag : {DCM_CodeValue, DCM_LongCodeValue, DCM_URNCodeValue}) {
        if (std::string value = textIn(code, tag); !value.empty()) return value;
    }
    return {};
}

DcmItem* codeIn(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* code = nullptr;
    return item.findAndGetSequenceItem(sequence, code).good() ? code : nullptr;
}

// A sequence that is there holds known codes only.
bool hasKnownCodes(DcmItem& item, const DcmTagKey& tag) {
    DcmSequenceOfItems* sequence = nullptr;
    if (item.findAndGetSequence(tag, sequence).bad() || sequence == nullptr) return true;
    for (unsigned long i = 0; i < sequence->card(); ++i) {
        if (!isKnownCode(*sequence->getItem(i))) return false;
    }
    return true;
}

// TID 1007 and 1008 say who was examined; CID 7455 and others how large he is.
bool isAboutPatient(const std::string& value, bool retainPatient) {
    static const std::set<std::string> kIdentity{"121022", "121023", "121024", "121025", "121026", "121027", "121028", "121029", "121030", "121031", "121036", "121037"};
    static const std::set<std::string> kCharacteristics{"121032",   "121033",    "121034",    "27113001", "50373000", "29463-7",  "8302-2",   "3141-9", "3137-7",
                                                        "397669002", "263495000", "248152002", "60621009", "30525-0",  "424144002"};
    return kIdentity.contains(value) || (!retainPatient && kCharacteristics.contains(value));
}

}  // namespace

bool isKnownCode(DcmItem& code) { return isKnownValue(textIn(code, DCM_CodingSchemeDesignator), valueOf(code)); }

bool mayStayInReport(DcmItem& item, bool retainPatient) {
    if (!isTermOfForm(0x0040A040, textIn(item, DCM_ValueType)) && !item.tagExists(DCM_ReferencedContentItemIdentifier)) return false;
    DcmItem* concept_ = codeIn(item, DCM_ConceptNameCodeSequence);
    if (concept_ != nullptr && isAboutPatient(valueOf(*concept_), retainPatient)) return false;
    if (!hasKnownCodes(item, DCM_ConceptNameCodeSequence) || !hasKnownCodes(item, DCM_ConceptCodeSequence)) return false;
    DcmItem* measured = codeIn(item, DCM_MeasuredValueSequence);
    return measured == nullptr || hasKnownCodes(*measured, DCM_MeasurementUnitsCodeSequence);
}

void makePlaceholder(DcmItem& item) {
    const std::string relationship = textIn(item, DCM_RelationshipType);
    item.clear();
    item.putAndInsertString(DCM_RelationshipType, isTermOfForm(0x0040A010, relationship) ? relationship.c_str() : "CONTAINS");
    item.putAndInsertString(DCM_ValueType, "TEXT");
    DcmItem* code = nullptr;
    if (item.findOrCreateSequenceItem(DCM_ConceptNameCodeSequence, code, 0).good()) {
        code->putAndInsertString(DCM_CodeValue, "121106");
        code->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
        code->putAndInsertString(DCM_CodeMeaning, "Comment");
    }
    item.putAndInsertString(DCM_TextValue, dummyText("UT").c_str());
}

std::string harmlessReportWords(std::string_view text) { return harmlessWords(text, reportWords()); }

bool isTermOfForm(TagNumber tag, std::string_view value) {
    if (tag == kTemplate || tag == kContext) return value.size() <= 5 && allOf(value, isDigit);
    if (std::find(kTagsOfForm.begin(), kTagsOfForm.end(), tag) == kTagsOfForm.end()) return false;
    return std::find(kTerms.begin(), kTerms.end(), value) != kTerms.end();
}

}  // namespace cxr
