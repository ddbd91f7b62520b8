// The film that results are about, as its file says: whose it is, which study, and how other objects refer to it.
//   copied    Patient, General Study, Patient Study and Clinical Trial modules byte by byte, with their character set;
//             nothing is invented. What a module must have and the film has not is written empty. Values that are no
//             valid DICOM are left out (valid_values.h), and `notes` says which.
//   refused   a film that is no DICOM file, or has no study, series or instance UID: results could not say what they
//             are about
// Read by any thread once made.   DICOM PS3.3 C.7.1, C.7.2
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

class DcmItem;

namespace cxr {

class SourceFilm {
  public:
    // `sha256`: of the file when it was opened; empty: not asked.
    // fails NotFound, TooLarge, Corrupt, Unsupported (see "refused"), InvalidArgument (the file is another one by now)
    static Result<SourceFilm> read(const std::filesystem::path& file, const std::string& sha256 = {});
    SourceFilm(SourceFilm&&) noexcept;
    SourceFilm& operator=(SourceFilm&&) noexcept;
    ~SourceFilm();

    std::string sopClassUid, sopInstanceUid, studyUid, seriesUid, modality;
    std::vector<std::string> notes;  // what of the header was left out, one sentence each; no values
    [[nodiscard]] DcmItem& header() const;

  private:
    struct State;
    explicit SourceFilm(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace cxr
