#include "app/cli/report_options.h"

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
