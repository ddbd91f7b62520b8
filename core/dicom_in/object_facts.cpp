#include "core/dicom_in/object_facts.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "core/dicom_in/object_reader.h"

namespace cxr {
namespace {

constexpr std::size_t kStartBytes = 64 * 1024;
constexpr const char* kThisProgram = "Precordia";  // as core/dicom_out writes it

std::string isoDate(const std::string& date) {
    const bool isPlain = date.size() == 8 && date.find_first_not_of("0123456789") == std::string::npos;
    return isPlain ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2) : date;
}

// "Family^Given" -> "Family, Given".
std::string shownName(std::string name) {
    name = name.substr(0, name.find('='));
    name.erase(name.find_last_not_of('^') + 1);
    if (const std::size_t at = name.find('^'); at != std::string::npos) name.replace(at, 1, ", ");
    std::replace(name.begin(), name.end(), '^', ' ');
    return name;
}

// From wherever objects keep their references; each once.
std::vector<std::string> filmsOf(const ObjectReader& read) {
    std::vector<std::string> films;
    std::set<std::string> known;  // a hostile object refers to a million
    const auto add = [&](const std::vector<std::string>& more) {
        for (const std::string& one : more) {
            if (known.insert(one).second) films.push_back(one);
        }
    };
    add(read.references(read.root(), DCM_ReferencedSeriesSequence));
    for (const DcmTagKey& sequence : {DCM_CurrentRequestedProcedureEvidenceSequence, DCM_PertinentOtherEvidenceSequence}) {
        for (DcmItem* study : read.items(read.root(), sequence)) add(read.references(*study, DCM_ReferencedSeriesSequence));
    }
    add(read.references(read.root(), DCM_SourceInstanceSequence));
    add(read.references(read.root(), DCM_SourceImageSequence));
    return films;
}

std::string firstOf(std::initializer_list<std::string> texts) {
    for (const std::string& one : texts) {
        if (!one.empty()) return one;
    }
    return {};
}

}  // namespace

bool ObjectFacts::isAbout(const std::string& filmUid) const {
    return !filmUid.empty() && std::find(films.begin(), films.end(), filmUid) != films.end();
}

ObjectFacts ObjectReader::facts() const {
    ObjectFacts facts;
    const auto said = [this](const DcmTagKey& tag) { return text(root(), tag); };
    facts.sopClassUid = said(DCM_SOPClassUID);
    facts.kind = objectKindOf(facts.sopClassUid);
    facts.sopInstanceUid = said(DCM_SOPInstanceUID);
    facts.label = firstOf({said(DCM_ContentLabel), said(DCM_DocumentTitle), meaning(root(), DCM_ConceptNameCodeSequence)});
    facts.description = said(DCM_ContentDescription);
    facts.creator = firstOf({shownName(said(DCM_ContentCreatorName)), said(DCM_Manufacturer)});
    facts.date = isoDate(firstOf({said(DCM_PresentationCreationDate), said(DCM_ContentDate), said(DCM_SeriesDate), said(DCM_StudyDate)}));
    facts.series = said(DCM_SeriesDescription);
    facts.isOwn = said(DCM_Manufacturer) == kThisProgram && said(DCM_ManufacturerModelName) == kThisProgram;
    facts.films = filmsOf(*this);
    facts.notes = m_header->notes();
    return facts;
}

Result<ObjectFacts> readObjectFacts(const std::filesystem::path& file) {
    const Result<ObjectReader> reader = ObjectReader::open(file);
    if (!reader.isOk()) return reader.error();
    return reader.value().facts();
}

ObjectKind kindOfFile(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::is_regular_file(file, code)) return ObjectKind::Film;
    std::vector<std::uint8_t> start(kStartBytes);
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    const Bytes bytes(start);
    if (!looksLikeDicom(bytes)) return ObjectKind::Film;
    // (0002,0002) of the meta header, else (0008,0016): the first UI of that tag in either byte order.
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const std::string_view tag : {std::string_view("\x02\0\x02\0UI", 6), std::string_view("\x08\0\x16\0UI", 6)}) {
        const std::size_t at = all.find(tag);
        if (at == std::string_view::npos || at + 8 > all.size()) continue;
        const std::size_t length = readU16(bytes, at + 6, ByteOrder::Little);
        std::string uid(all.substr(at + 8, std::min<std::size_t>(length, 64)));
        uid.erase(std::min(uid.find('\0'), uid.size()));
        while (!uid.empty() && uid.back() == ' ') uid.pop_back();
        return objectKindOf(uid);
    }
    return ObjectKind::Film;
}

std::string nameOf(const ObjectFacts& facts) {
    std::string words = objectWords(facts.sopClassUid);
    words = words.empty() ? "object" : words.substr(words.find(' ') + 1);
    if (!facts.label.empty()) words += " \"" + facts.label + "\"";
    if (!facts.creator.empty()) words += " by " + facts.creator;
    if (!facts.date.empty()) words += " of " + facts.date;
    return words;
}

}  // namespace cxr
