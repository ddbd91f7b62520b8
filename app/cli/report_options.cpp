#include "app/cli/report_options.h"

#include "core/base/atomic_file.h"
#include "core/report/report_templates.h"
#include "core/report/report_text.h"

namespace cxr::cli {

void IdentityOptions::addTo(CLI::App& verb) {
    CLI::Option* name = verb.add_option("--pseudonym", pseudonym, "Write this instead of the patient's name and number");
    verb.add_flag("--no-identity", noIdentity, "Leave the patient out")->excludes(name);
}

ReportOptions IdentityOptions::options() const {
    ReportOptions options;
    options.pseudonym = pseudonym;
    if (!pseudonym.empty()) options.identity = PatientIdentity::Pseudonym;
    if (noIdentity) options.identity = PatientIdentity::None;
    return options;
}

void ReaderOptions::addTo(CLI::App& verb) {
    verb.add_option("--language", language, "Language of PDF and HTML: en or de; data (JSON, CSV, FHIR, DICOM) stay English (en)")->check(CLI::IsMember({"en", "de"}));
    verb.add_option("--reader", reader, "Name for the line of signature");
    verb.add_option("--template", draft, "Draft the impression: auto (by what was found), or a template's id such as enlarged-heart");
}

void ReaderOptions::addTextsTo(CLI::App& verb) {
    CLI::Option* file = verb.add_option("--impression", impressionFile, "Text file (UTF-8) with the impression; places such as {ctr} are filled");
    CLI::Option* text = verb.add_option("--impression-text", impressionText, "The impression itself; places such as {ctr} are filled");
    file->excludes(text)->excludes(verb.get_option("--template"));
    text->excludes(verb.get_option("--template"));
    verb.add_option("--question", question, "Clinical question");
    verb.add_option("--comparison", comparison, "Which earlier films it was compared with");
}

Result<Done> ReaderOptions::apply(ReportRequest& request) const {
    ReaderText& text = request.report.text;
    text.language = languageOfCode(language).value_or(ReportLanguage::English);
    text.reader = reader;
    text.question = question;
    text.comparison = comparison;
    text.impression = impressionText;
    if (!impressionFile.empty()) {
        const Result<std::string> read = readWholeFile(impressionFile, static_cast<std::int64_t>(kMostReaderBytes));
        if (!read.isOk()) return read.error();
        text.impression = read.value();
    }
    for (std::string* one : {&text.reader, &text.question, &text.comparison, &text.impression}) *one = validUtf8(*one);
    while (!text.impression.empty() && text.impression.back() == '\n') text.impression.pop_back();
    request.draft = draft;
    if (draft.empty() || draft == "auto" || findTemplate(draft, text.language) != nullptr) return Done{};
    std::string known;
    for (const ReportTemplate& one : builtInTemplates()) {
        if (one.language == text.language) known += ", " + one.id;
    }
    return Error{ErrorCode::InvalidArgument, "there is no template " + draft + "; choose auto" + known};
}

void HeartSpotOptions::addTo(CLI::App& verb) {
    prior.prior = defaultPrior().name();
    prior.addTo(verb, false);
    CLI::Option* option = verb.get_option("--prior");
    option->description(option->get_description() + "; none leaves HeartSpot out (" + prior.prior + ")");
}

Result<Done> HeartSpotOptions::apply(ReportRequest& request) const {
    if (prior.prior == "none") return Done{};
    const Result<PriorSpec> spec = prior.spec();
    if (!spec.isOk()) return spec.error();
    request.prior = spec.value();
    if (!spec.value().heart || prior.region == kSegmentRegion) return Done{};
    if (prior.region.empty()) {
        Result<cv::Mat> region = defaultHeartRegion();
        if (region.isOk()) request.heartRegion = std::move(region).value();  // else the film's own heart
        return Done{};
    }
    Result<cv::Mat> region = readHeartRegion(prior.region);
    if (!region.isOk()) return region.error();
    request.heartRegion = std::move(region).value();
    return Done{};
}

}  // namespace cxr::cli
