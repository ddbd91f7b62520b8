#include "app/cli/commands/info.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/study_listing.h"
#include "core/dicom_in/structured_report.h"
#include "core/io/header_text.h"
#include "core/io/image_reader.h"
#include "core/io/object_summary.h"

namespace cxr::cli {
namespace {

struct InfoOptions {
    std::string file;
    bool json = false;
    bool decode = false;
};

std::string asText(const std::vector<NamedFact>& facts) {
    std::size_t width = 0;
    for (const NamedFact& fact : facts) width = std::max(width, fact.label.size());
    std::string text;
    for (const NamedFact& fact : facts) {
        text += fact.label + ":" + std::string(width + 1 - fact.label.size(), ' ') + fact.value + "\n";
    }
    return text;
}

// A key that occurs more than once (notes) becomes a list.
std::string asJson(const std::vector<NamedFact>& facts) {
    nlohmann::ordered_json object;
    for (const NamedFact& fact : facts) {
        nlohmann::ordered_json& value = object[fact.key];
        if (value.is_null()) {
            value = fact.value;
        } else {
            if (!value.is_array()) value = nlohmann::ordered_json::array({value});
            value.push_back(fact.value);
        }
    }
    return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// Reports, segmentations and the like are told as what they are, even where they could be shown as a picture.
Result<std::vector<NamedFact>> factsOf(const InfoOptions& options, const RunContext& context) {
    Result<std::optional<std::vector<NamedFact>>> object = describeObject(options.file);
    if (object.isOk() && object.value()) return *std::move(object).value();
    const Result<ImagePtr> image = readImage(options.file, {}, context);
    if (!image.isOk()) return image.error();
    return describe(*image.value());
}

int listCollection(const InfoOptions& options, const RunContext& context) {
    const Result<StudyScan> scan = scanStudies({options.file}, {}, context);
    if (!scan.isOk()) return complain(scan.error());
    const Result<DecodeFailures> failures = options.decode ? decodeAll(scan.value(), context) : Result<DecodeFailures>(DecodeFailures{});
    if (!failures.isOk()) return complain(failures.error());
    const std::string text = options.json ? listingJson(scan.value(), failures.value()) : listingText(scan.value(), failures.value());
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (isAllWell(scan.value(), failures.value())) return kAllWell;
    return complain(scan.value().objects.empty() ? "there is no film or other DICOM object in " + options.file
                                                 : std::string("not every file of it can be used; the list says why"));
}

// A report's content as its tree, in place of the flat lines among the facts; empty: it is none, or cannot be read as one.
std::string contentTree(const std::string& file, std::vector<NamedFact>& facts) {
    const ObjectKind kind = kindOfFile(file);
    if (kind != ObjectKind::StructuredReport && kind != ObjectKind::KeyObjects) return {};
    const Result<StructuredReport> report = readStructuredReport(file);
    if (!report.isOk()) return {};
    std::erase_if(facts, [](const NamedFact& fact) { return fact.key == "content"; });
    return "\n" + reportText(report.value());
}

int runInfo(const InfoOptions& options, const RunContext& context) {
    if (isCollection(options.file)) return listCollection(options, context);
    Result<std::vector<NamedFact>> read = factsOf(options, context);
    if (!read.isOk()) return complain(read.error());
    std::vector<NamedFact> facts = std::move(read).value();
    const std::string tree = options.json ? std::string() : contentTree(options.file, facts);
    const std::string text = options.json ? asJson(facts) : asText(facts) + tree;
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kAllWell;
}

}  // namespace

void addInfo(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<InfoOptions>();
    CLI::App* verb = program.add_subcommand(
        "info", "What the header of a film says, and what we made of it; what other DICOM objects say; what a folder holds");
    verb->add_option(
            "FILE", options->file,
            "A film: DICOM, PNG, TIFF or JPEG; a DICOM report, segmentation, map, presentation state or document; or a folder, "
            "a DICOMDIR or a zip archive, of which patients, studies, series and objects are listed")
        ->required();
    verb->add_flag("--json", options->json, "As JSON");
    verb->add_flag("--decode", options->decode, "Of a folder, disc or archive: decode every film too, and say why where that fails");
    verb->footer(examples({"precordia-cli info film.dcm", "precordia-cli info /media/cdrom/DICOMDIR", "precordia-cli info --decode studies.zip"}));
    verb->callback(
        [options, &chosen] { chosen = [options](const RunContext& context) { return runInfo(*options, context); }; });
}

}  // namespace cxr::cli
