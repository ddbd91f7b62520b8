// `report FILE --dicom DIR` and `--fhir OUT`: a film's results as DICOM objects and as FHIR resources.
//   thread rule  any thread; a PaintingSession must live
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/film_report.h"
#include "core/base/result.h"
#include "core/dicom_out/result_objects.h"

namespace cxr::cli {

// Everything that objects are made of.
FilmResults filmResults(const FilmReport& made);

// sr.dcm, seg.dcm, pmap.dcm (with explanations), gsps.dcm, sc.dcm and pdf.dcm into `folder`, which is made if it is
// absent. fails as SourceFilm::read and writeObjects do.
Result<ObjectFiles> writeDicomResults(const std::filesystem::path& film, const FilmReport& made,
                                      const std::filesystem::path& folder, const RunContext& context = {});

}  // namespace cxr::cli
