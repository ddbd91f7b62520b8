#include "app/cli/commands/report.h"

#include <cstdio>

#include "app/cli/analysis_options.h"
#include "app/cli/dicom_results.h"
#include "app/cli/explain_options.h"
#include "app/cli/film_report.h"
#include "app/cli/judging_options.h"
#include "app/cli/painting.h"
#include "app/cli/progress_bar.h"
#include "app/cli/report_options.h"
#include "core/base/atomic_file.h"
#include "core/report/report_fhir.h"
#include "core/report/report_judgement.h"
#include "ui/print/findings_painter.h"

namespace cxr::cli {
namespace {

struct ReportCommandOptions {
    std::string file, pdf, html, dicom, fhir;
    IdentityOptions identity;
    HeartSpotOptions heartSpot;
    NetworkOptions network;
    JudgingOptions judging;
    ReportExplanations explanations;
    ReaderOptions reader;
};

// What the networks said that the report's reader would look for first.
void printJudgement(const Report& report) {
    if (!report.cardiomegaly.sentence.empty()) std::printf("%s\n", report.cardiomegaly.sentence.c_str());
    for (const FindingRow& row : diseaseRows(report)) {
        if (row.isPositive) std::printf("%s: %s, %s\n", row.label.c_str(), row.probability.c_str(), row.decision.c_str());
    }
    if (!report.judgement) return;
    for (const std::string& failure : report.judgement->failures()) remark(failure);
}

// What is wrong with the command line; empty: nothing.
std::string usageProblem(const ReportCommandOptions& options) {
    if (options.pdf.empty() && options.html.empty() && options.dicom.empty() && options.fhir.empty())
        return "say where the report shall go: --pdf OUT, --html OUT, --fhir OUT or --dicom FOLDER";
    if (!options.dicom.empty() && options.identity.options().identity != PatientIdentity::Banner)
        return "DICOM results belong to the film's patient: leave out --pseudonym and --no-identity, or de-identify the film first";
    return {};
}

int writeDicom(const ReportCommandOptions& options, const FilmReport& made, const RunContext& context) {
    const Result<ObjectFiles> files = writeDicomResults(options.file, made, options.dicom, context);
    if (!files.isOk()) return complain(files.error());
    for (const std::filesystem::path& file : files.value().written) std::printf("written: %s\n", file.c_str());
    for (const std::string& sentence : files.value().leftOut) remark(sentence);
    return kAllWell;
}

int runReport(const ReportCommandOptions& options, const RunContext& context) {
    if (const std::string problem = usageProblem(options); !problem.empty()) return complainUsage(problem);
    if (!options.dicom.empty()) {  // refused before the networks work
        const Result<SourceFilm> film = SourceFilm::read(options.file);
        if (!film.isOk()) return complain(film.error());
        for (const std::string& note : film.value().notes) remark(note);
    }
    ReportRequest request;
    request.analysis = options.network.analysis();
    request.report = options.identity.options();
    if (const Result<Done> chosen = options.heartSpot.apply(request); !chosen.isOk()) return complain(chosen.error());
    if (const Result<Done> chosen = options.judging.apply(request); !chosen.isOk()) return complain(chosen.error());
    if (const Result<Done> chosen = options.reader.apply(request); !chosen.isOk()) return complain(chosen.error());
    Result<std::vector<MapRequest>> maps = options.explanations.requests(*request.analysis.packs);
    if (!maps.isOk()) return complain(maps.error());
    request.maps = std::move(maps).value();
    const PaintingSession painting;
    ProgressBar bar("report");
    RunContext watched = context;
    watched.progress = [&bar](double done) { bar.show(done, ""); };
    const Result<FilmReport> made = reportFilm(options.file, request, watched);
    if (!made.isOk()) return complain(made.error());
    if (!options.pdf.empty()) {
        const Result<Done> written = ui::writeReportPdf(made.value().report, options.pdf);
        if (!written.isOk()) return complain(written.error());
    }
    if (!options.html.empty()) {
        const Result<Done> written = writeFileAtomically(options.html, reportHtml(made.value().report));
        if (!written.isOk()) return complain(written.error());
    }
    if (!options.fhir.empty()) {
        const std::string text = reportFhir(made.value().report, *made.value().analysis.image, request.report);
        const Result<Done> written = writeFileAtomically(options.fhir, std::string_view(text));
        if (!written.isOk()) return complain(written.error());
    }
    if (!options.dicom.empty()) {
        if (const int code = writeDicom(options, made.value(), context); code != kAllWell) return code;
    }
    std::printf("%s\n", made.value().report.verdict.c_str());
    printJudgement(made.value().report);
    for (const ReportMap& map : made.value().report.maps) std::printf("%s\n", lineOf(map).c_str());
    return kAllWell;
}

}  // namespace

void addReport(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<ReportCommandOptions>();
    CLI::App* verb = program.add_subcommand("report", "Finds heart and lungs in one film and writes its report");
    verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
    verb->add_option("--pdf", options->pdf, "Write the report as PDF to this file");
    verb->add_option("--html", options->html, "Write the report as one HTML file");
    verb->add_option("--dicom", options->dicom, "Write DICOM objects of the film's study to this folder: structured report, segmentation, presentation state, picture, PDF, maps");
    verb->add_option("--fhir", options->fhir, "Write the report as FHIR R4 JSON to this file");
    options->identity.addTo(*verb);
    options->reader.addTo(*verb);
    options->reader.addTextsTo(*verb);
    options->heartSpot.addTo(*verb);
    options->network.addTo(*verb);
    options->judging.addTo(*verb);
    options->explanations.addTo(*verb);
    verb->footer(examples({"precordia-cli report film.dcm --pdf report.pdf --pseudonym P-017", "precordia-cli report film.dcm --dicom results --explain Cardiomegaly",
                           "precordia-cli report film.dcm --pdf befund.pdf --language de --reader \"Dr. Weber\" --template auto",
                           "precordia-cli report film.dcm --pdf report.pdf --explain Cardiomegaly,Effusion:occlusion"}));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runReport(*options, context); };
    });
}

}  // namespace cxr::cli
