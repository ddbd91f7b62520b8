#include "app/cli/dicom_results.h"

#include <algorithm>

#include "app/cli/command.h"
#include "ui/print/report_pdf.h"
#include "ui/print/rgb_picture.h"

namespace cxr::cli {
FilmResults filmResults(const FilmReport& made) {
    FilmResults results;
    results.image = made.analysis.image;
    results.voi = results.image->defaultVoi;
    results.chest = made.analysis.chest;
    results.model = made.analysis.model;
    results.judgement = made.analysis.judgement;
    results.verdict = made.report.verdict;
    results.notes = made.report.notes;
    results.impression = made.report.text.impression;
    results.reader = made.report.text.reader;
    for (const ExplainedMap& map : made.maps) {
        results.maps.push_back(std::make_shared<const Heatmap>(map.shown));
        results.boxes.insert(results.boxes.end(), map.report.boxes.begin(), map.report.boxes.end());
    }
    results.picture = ui::rgbPicture(made.picture);
    results.pdf = ui::reportPdf(made.report);
    return results;
}

Result<ObjectFiles> writeDicomResults(const std::filesystem::path& film, const FilmReport& made,
                                      const std::filesystem::path& folder, const RunContext& context) {
    const Result<SourceFilm> source = SourceFilm::read(film, made.analysis.image->sourceSha256);
    if (!source.isOk()) return source.error();
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return Error{ErrorCode::WriteFailed, "the folder " + folder.string() + " cannot be made: " + problem.message()};
    std::vector<ResultKind> kinds(kResultKinds.begin(), kResultKinds.end());
    if (made.maps.empty()) std::erase(kinds, ResultKind::ParametricMap);
    return writeObjects(source.value(), filmResults(made), newObjectRun(programVersion()), kinds, folder, {}, context);
}

}  // namespace cxr::cli
