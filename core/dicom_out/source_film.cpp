#include "core/dicom_out/source_film.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/dicom_out/copied_tags.h"
#include "core/dicom_out/valid_values.h"
#include "core/io/dicom_header.h"
#include "core/io/dicom_prescan.h"

namespace cxr {
namespace {

constexpr const char* kOtherExports = "; write a PDF, an HTML page or a picture instead";

std::vector<TagNumber> wantedTags() {
    std::vector<TagNumber> tags(kCopiedTags.begin(), kCopiedTags.end());
    tags.insert(tags.end(), kNeededTags.begin(), kNeededTags.end());
    return tags;
}

// Which of the identifiers that a result refers to is missing; empty: none.
std::string missingIdentifier(const SourceFilm& film) {
    if (film.studyUid.empty()) return "Study Instance UID";
    if (film.seriesUid.empty()) return "Series Instance UID";
    if (film.sopClassUid.empty()) return "SOP Class UID";
    return film.sopInstanceUid.empty() ? "SOP Instance UID" : "";
}

}  // namespace

struct SourceFilm::State {
    DicomHeader header;
};

SourceFilm::SourceFilm(std::unique_ptr<State> state) : m_state(std::move(state)) {}
SourceFilm::SourceFilm(SourceFilm&&) noexcept = default;
SourceFilm& SourceFilm::operator=(SourceFilm&&) noexcept = default;
SourceFilm::~SourceFilm() = default;

DcmItem& SourceFilm::header() const { return m_state->header.root(); }

Result<SourceFilm> SourceFilm::read(const std::filesystem::path& file, const std::string& sha256) {
    const Result<std::string> whole = readWholeFile(file);
    if (!whole.isOk()) return whole.error();
    const std::string& content = whole.value();
    if (!sha256.empty() && sha256Hex(std::as_bytes(std::span(content))) != sha256)
        return Error{ErrorCode::InvalidArgument, "the film's file has changed since it was opened; open it again"};
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    if (!looksLikeDicom(bytes))
        return Error{ErrorCode::Unsupported,
                     std::string("the film is no DICOM file, so it has no patient, study and instance that DICOM "
                                 "results could belong to") +
                         kOtherExports};
    const Result<DicomLayout> layout = prescanDicom(bytes, {});
    if (!layout.isOk()) return layout.error();
    Result<DicomHeader> header = DicomHeader::parse(layout.value(), wantedTags());
    if (!header.isOk()) return header.error();
    SourceFilm film(std::make_unique<State>(State{std::move(header).value()}));
    const DicomHeader& said = film.m_state->header;
    film.sopClassUid = said.text(0x00080016);
    film.sopInstanceUid = said.text(0x00080018);
    film.studyUid = said.text(0x0020000D);
    film.seriesUid = said.text(0x0020000E);
    film.modality = said.text(0x00080060);
    if (const std::string missing = missingIdentifier(film); !missing.empty())
        return Error{ErrorCode::Unsupported,
                     "the film has no " + missing + ", which DICOM results need to refer to it" + kOtherExports};
    film.notes = leaveOutInvalid(film.header());
    return film;
}

}  // namespace cxr
