#include "core/deidentify/header_cleaner.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/deidentify/dicom_object.h"
#include "core/deidentify/method_codes.h"
#include "core/deidentify/structured_content.h"
#include "core/deidentify/value_cleaning.h"

namespace cxr {
namespace {

constexpr TagNumber kPatientName = 0x00100010, kPatientId = 0x00100020;
constexpr TagNumber kCharacterSet = 0x00080005, kModality = 0x00080060;
constexpr TagNumber kContent = 0x0040A730, kConceptName = 0x0040A043;

TagNumber numberOf(const DcmElement& element) {
    return static_cast<TagNumber>(element.getGTag()) << 16 | element.getETag();
}

DcmTag tagOf(TagNumber tag, const std::string& vr) {
    return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF), DcmVR(vr.c_str())};
}

void setText(DcmElement& element, const std::string& text) {
    element.putOFStringArray(OFString(text.data(), text.size()));
}

std::string vrOf(DcmElement& element) { return DcmVR(element.ident()).getVRName(); }

bool isUnknownVr(const DcmElement& element) {
    const DcmEVR vr = element.ident();
    return vr == EVR_UN || vr == EVR_UNKNOWN || vr == EVR_UNKNOWN2B;
}

DcmSequenceOfItems* sequenceOf(DcmElement& element) {
    return element.ident() == EVR_SQ ? dynamic_cast<DcmSequenceOfItems*>(&element) : nullptr;
}

// Extended Offset Table and its Lengths, Float, Double Float and Pixel Data.
bool isPixelTag(TagNumber tag) {
    static constexpr std::array<TagNumber, 6> kPixels{0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00008, 0x7FE00009, 0x7FE00010};
    return std::find(kPixels.begin(), kPixels.end(), tag) != kPixels.end();
}
bool isOverlayGroup(TagNumber tag) { return tag >> 24 == 0x60; }

bool isHousekeeping(TagNumber tag) {
    const TagNumber group = tag >> 16;
    return (tag & 0xFFFF) == 0 || group < 0x0008 || group == 0xFFFF;
}

// Names of classes, coding schemes and templates: the same for every patient.
bool isDefinitionUid(TagNumber tag) {
    const std::string keyword = keywordInDictionary(tag);
    for (const char* part : {"Class", "TransferSyntax", "CodingScheme", "ContextUID", "MappingResource", "Template"}) {
        if (keyword.find(part) != std::string::npos) return true;
    }
    return false;
}

bool isFilm(const std::string& sopClass) {
    static const std::array<std::string, 4> kFilms{"1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1",
                                                   "1.2.840.10008.5.1.4.1.1.1.1.1", "1.2.840.10008.5.1.4.1.1.7"};
    return std::find(kFilms.begin(), kFilms.end(), sopClass) != kFilms.end();
}

}  // namespace

bool isStandardUid(std::string_view uid) { return uid.starts_with("1.2.840.10008."); }

HeaderCleaner::HeaderCleaner(const DeidentifyOptions& options, const Pseudonyms& pseudonyms)
    : m_options(options), m_pseudonyms(pseudonyms) {}

CleaningCounts HeaderCleaner::clean(DcmDataset& dataSet) {
    m_counts = {};
    m_root = &dataSet;
    m_words = IdentityWords::of(dataSet);
    findPatient(dataSet);
    cleanItem(dataSet, Mode::Normal, isFilm(textIn(dataSet, DCM_SOPClassUID)));
    dataSet.putAndInsertString(DCM_PatientIdentityRemoved, "YES");
    dataSet.putAndInsertString(DCM_LongitudinalTemporalInformationModified, longitudinalInformation(m_options.dates));
    return m_counts;
}

// One patient has one code and one number of days, whatever else differs between the objects.
void HeaderCleaner::findPatient(DcmDataset& dataSet) {
    std::string identity = textIn(dataSet, DCM_PatientID);
    if (!identity.empty()) identity = "id " + identity + " of " + textIn(dataSet, DCM_IssuerOfPatientID);
    if (identity.empty()) identity = textIn(dataSet, DCM_PatientName);
    if (identity.empty()) identity = "study " + textIn(dataSet, DCM_StudyInstanceUID);
    m_patientCode = m_pseudonyms.patientCode(identity);
    m_dayShift = m_pseudonyms.dayShift(identity);
}

void HeaderCleaner::cleanItem(DcmItem& item, Mode mode, bool isFilmLevel) {
    std::vector<DcmElement*> elements;
    for (unsigned long i = 0; i < item.card(); ++i) elements.push_back(item.getElement(i));
    for (DcmElement* element : elements) {
        if (isUnknownVr(*element)) {
            std::unique_ptr<DcmElement> known = knownElement(*element);
            // The rules that leave nothing of the value need no known VR; anything else must be readable.
            if (known != nullptr && item.insert(known.get(), OFTrue).good()) element = known.release();
        }
        cleanElement(item, *element, mode, isFilmLevel);
    }
}

void HeaderCleaner::cleanElement(DcmItem& item, DcmElement& element, Mode mode, bool isFilmLevel) {
    const TagNumber tag = numberOf(element);
    if (isPixelTag(tag) && &item == m_root) return;
    if ((tag >> 16) % 2 == 1) return remove(item, element, m_counts.removedPrivate);
    DcmSequenceOfItems* title = tag == kConceptName && &item == m_root ? sequenceOf(element) : nullptr;
    if (title != nullptr) return cleanTitle(item, *title);
    const ProfileRule* rule = findProfileRule(tag);
    if (rule == nullptr && (isHousekeeping(tag) || isOverlayGroup(tag))) return remove(item, element, m_counts.removed);
    if (rule == nullptr) return withoutRule(item, element, mode);
    if (isHousekeeping(tag)) return remove(item, element, m_counts.removed);
    const DeidentifyAction action = rule->actionFor(m_options, isFilmLevel);
    if (action == DeidentifyAction::Keep && isUnknownVr(element)) return remove(item, element, m_counts.removedUnknown);
    const bool isHarsher = mode == Mode::Dummies && (action == DeidentifyAction::Keep || action == DeidentifyAction::Clean);
    if (isHarsher) return dummy(item, element, rule->vr);
    const bool isInside = mode == Mode::Codes || mode == Mode::Content;
    if (isInside && action == DeidentifyAction::Keep) return keep(item, element, mode);
    if (mode == Mode::Content && action == DeidentifyAction::MapUid && sequenceOf(element) != nullptr) return keep(item, element, mode);
    carryOut(action, item, element, *rule, isFilmLevel);
}

void HeaderCleaner::withoutRule(DcmItem& item, DcmElement& element, Mode mode) {
    const TagNumber tag = numberOf(element);
    const std::string known = vrInDictionary(tag);
    if (known.empty()) return remove(item, element, m_counts.removedUnknown);
    const std::string vr = vrOf(element);
    if (isUnknownVr(element) || (isTextVr(known) && !isTextVr(vr))) return remove(item, element, m_counts.removedUnknown);
    if (tag == kCharacterSet) return;
    if (mode == Mode::Dummies && vr != "SQ" && vr != "UI") return dummy(item, element, known);
    if (vr == "PN") return empty(item, element, known);
    keep(item, element, mode);
}

void HeaderCleaner::carryOut(DeidentifyAction action, DcmItem& item, DcmElement& element, const ProfileRule& rule, bool isFilmLevel) {
    const TagNumber tag = numberOf(element);
    if (tag == kPatientName || tag == kPatientId) {
        if (action == DeidentifyAction::Keep) return;
        item.putAndInsertString(tagOf(tag, rule.vr), m_patientCode.c_str());
        ++m_counts.replaced;
        return;
    }
    switch (action) {
        case DeidentifyAction::Remove: return remove(item, element, m_counts.removed);
        case DeidentifyAction::Empty: return empty(item, element, rule.vr);
        case DeidentifyAction::Dummy: return dummy(item, element, rule.vr);
        case DeidentifyAction::Keep: return element.ident() == EVR_UI ? void() : keep(item, element, Mode::Normal);
        case DeidentifyAction::Clean: return cleanValue(item, element, rule, isFilmLevel);
        case DeidentifyAction::MapUid: break;
    }
    if (sequenceOf(element) != nullptr) return keep(item, element, Mode::Normal);
    if (element.ident() != EVR_UI) return dummy(item, element, rule.vr);
    mapUids(element);
}

// Sequences are cleaned inside; UIDs that name instances are mapped unless the user keeps them.
void HeaderCleaner::keep(DcmItem& item, DcmElement& element, Mode mode) {
    if (DcmSequenceOfItems* sequence = sequenceOf(element)) {
        for (unsigned long i = sequence->card(); i-- > 0;) {
            if ((mode == Mode::Codes || mode == Mode::Content) && removeForeignCode(*sequence, i)) continue;
            cleanItem(*sequence->getItem(i), mode, false);
        }
        return;
    }
    const std::string vr = vrOf(element);
    if (vr == "UI") {
        if (!m_options.retainUids && !isDefinitionUid(numberOf(element))) mapUids(element);
        return;
    }
    if (mode == Mode::Content) return keepContent(element);
    if (mode == Mode::Codes && isTextVr(vr)) return keepWords(item, element);
    if (isTextVr(vr) || vr == "IS") removeWordsOfIdentity(element);
}

// What the rule says without its C: the value cannot be cleaned.
void HeaderCleaner::cleanValue(DcmItem& item, DcmElement& element, const ProfileRule& rule, bool isFilmLevel) {
    const auto asBasic = [&] { carryOut(rule.actionFor({}, isFilmLevel), item, element, rule, isFilmLevel); };
    const std::string vr = vrOf(element);
    DcmSequenceOfItems* sequence = sequenceOf(element);
    if (sequence != nullptr && numberOf(element) == kContent) return cleanContent(*sequence);
    if (vr == "SQ") return keep(item, element, Mode::Codes);
    if (isDateVr(vr)) {
        const auto moved = m_options.dates == DateHandling::Modify ? movedDate(vr, textOf(element), m_dayShift) : std::nullopt;
        if (!moved) return asBasic();
        setText(element, *moved);
        ++m_counts.movedDates;
        return;
    }
    const std::string words = isTextVr(vr) ? harmlessWords(textOf(element)) : std::string();
    if (words.empty()) return asBasic();
    setText(element, words);
    ++m_counts.cleanedTexts;
}

void HeaderCleaner::empty(DcmItem& item, DcmElement& element, const std::string& vr) {
    item.insertEmptyElement(tagOf(numberOf(element), vr), OFTrue);
    ++m_counts.emptied;
}

void HeaderCleaner::dummy(DcmItem& item, DcmElement& element, const std::string& vr) {
    if (DcmSequenceOfItems* sequence = sequenceOf(element)) {
        const bool isContent = numberOf(element) == kContent;  // one comment in the place of all
        while (isContent && sequence->card() > 1) delete sequence->remove(sequence->card() - 1);
        for (unsigned long i = 0; i < sequence->card(); ++i) {
            if (isContent) makePlaceholder(*sequence->getItem(i));
            else cleanItem(*sequence->getItem(i), Mode::Dummies, false);
        }
        m_counts.replaced += isContent ? 1 : 0;
        return;
    }
    const TagNumber tag = numberOf(element);
    const DcmTag key = tagOf(tag, vr);
    ++m_counts.replaced;
    if (vr == "UI") {
        item.putAndInsertString(key, m_pseudonyms.uid(textOf(element)).c_str());
    } else if (const std::string text = dummyText(vr); !text.empty()) {
        item.putAndInsertString(key, text.c_str());
    } else if (vr == "US") {
        item.putAndInsertUint16(key, 0);
    } else if (vr == "UL") {
        item.putAndInsertUint32(key, 0);
    } else if (vr == "OB" || vr == "UN") {
        const std::array<Uint8, 2> zeros{};
        auto bytes = std::make_unique<DcmOtherByteOtherWord>(key);
        bytes->putUint8Array(zeros.data(), zeros.size());
        if (item.insert(bytes.get(), OFTrue).good()) static_cast<void>(bytes.release());
    } else {
        item.insertEmptyElement(key, OFTrue);
    }
}

void HeaderCleaner::mapUids(DcmElement& element) {
    const std::string value = textOf(element);
    std::string mapped;
    std::size_t begin = 0;
    while (begin <= value.size() && !value.empty()) {
        const std::size_t end = std::min(value.find('\\', begin), value.size());
        const std::string uid = value.substr(begin, end - begin);
        const bool isKept = uid.empty() || isStandardUid(uid);
        mapped += (begin > 0 ? "\\" : "") + (isKept ? uid : m_pseudonyms.uid(uid));
        m_counts.mappedUids += isKept ? 0 : 1;
        begin = end + 1;
    }
    setText(element, mapped);
}

void HeaderCleaner::keepWords(DcmItem& item, DcmElement& element) {
    static const std::array<DcmTagKey, 4> kOfCodes{DCM_CodeValue, DCM_CodingSchemeDesignator, DCM_CodingSchemeVersion, DCM_MappingResource};
    if (std::find(kOfCodes.begin(), kOfCodes.end(), DcmTagKey(element.getTag())) != kOfCodes.end()) return;
    const std::string words = harmlessWords(textOf(element));
    ++m_counts.cleanedTexts;
    // A code keeps its value; its meaning must not be empty.
    if (words.empty() && DcmTagKey(element.getTag()) == DCM_CodeMeaning) return setText(element, dummyText("LO"));
    if (words.empty()) return empty(item, element, vrOf(element));
    setText(element, words);
}

void HeaderCleaner::cleanContent(DcmSequenceOfItems& content) {
    for (unsigned long i = 0; i < content.card(); ++i) {
        DcmItem& one = *content.getItem(i);
        if (mayStayInReport(one, m_options.retainPatient)) {
            cleanItem(one, Mode::Content, false);
        } else {
            makePlaceholder(one);
            ++m_counts.replaced;
        }
    }
}

// One value inside of a report. Numbers stay unless they are an identifier of the patient.
void HeaderCleaner::keepContent(DcmElement& element) {
    static const std::array<DcmTagKey, 4> kOfCodes{DCM_CodeValue, DCM_LongCodeValue, DCM_URNCodeValue, DCM_CodingSchemeDesignator};
    const TagNumber tag = numberOf(element);
    const std::string vr = vrOf(element), value = textOf(element);
    if (isTermOfForm(tag, value) || std::find(kOfCodes.begin(), kOfCodes.end(), DcmTagKey(element.getTag())) != kOfCodes.end()) return;
    if (vr == "DS" || vr == "IS") {
        if (!m_words.isIdentifier(value)) return;
        ++m_counts.foundByWord;
        return setText(element, dummyText(vr));
    }
    if (!isTextVr(vr)) return;
    const std::string words = harmlessReportWords(value);
    ++m_counts.cleanedTexts;
    setText(element, words.empty() || m_words.occurIn(words) ? dummyText(vr) : words);
}

// A report's own name: of a known scheme, or "Diagnostic imaging report".
void HeaderCleaner::cleanTitle(DcmItem& item, DcmSequenceOfItems& title) {
    for (unsigned long i = 0; i < title.card(); ++i) {
        DcmItem& code = *title.getItem(i);
        if (!isKnownCode(code)) {
            code.clear();
            code.putAndInsertString(DCM_CodeValue, "18748-4");
            code.putAndInsertString(DCM_CodingSchemeDesignator, "LN");
            code.putAndInsertString(DCM_CodeMeaning, "Diagnostic imaging report");
            ++m_counts.replaced;
        }
    }
    keep(item, title, Mode::Content);
}

void HeaderCleaner::remove(DcmItem& item, DcmElement& element, int& counter) {
    delete item.remove(&element);
    ++counter;
}

// Items that are codes of a hospital's own scheme.
bool HeaderCleaner::removeForeignCode(DcmSequenceOfItems& sequence, unsigned long index) {
    DcmItem& item = *sequence.getItem(index);
    const bool isCode = item.tagExists(DCM_CodeValue) || item.tagExists(DCM_CodingSchemeDesignator) ||
                        item.tagExists(DCM_LongCodeValue) || item.tagExists(DCM_URNCodeValue);
    if (!isCode || isKnownCode(item)) return false;
    delete sequence.remove(index);
    ++m_counts.removed;
    return true;
}

void HeaderCleaner::removeWordsOfIdentity(DcmElement& element) {
    const TagNumber tag = numberOf(element);
    const std::string value = textOf(element);
    const bool isFound = element.ident() == EVR_IS ? m_words.isIdentifier(value) : m_words.occurIn(value);
    if (tag == kModality || !isFound) return;
    setText(element, dummyText(vrOf(element)));
    ++m_counts.foundByWord;
}

}  // namespace cxr
