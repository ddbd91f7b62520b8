#include "app/cli/commands/info.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/io/header_text.h"
#include "core/io/image_reader.h"

namespace cxr::cli {
namespace {

struct InfoOptions {
    std::string file;
    bool json = false;
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

int runInfo(const InfoOptions& options, const RunContext& context) {
    const Result<ImagePtr> image = readImage(options.file, {}, context);
    if (!image.isOk()) return complain(image.error());
    const std::vector<NamedFact> facts = describe(*image.value());
    const std::string text = options.json ? asJson(facts) : asText(facts);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kAllWell;
}

}  // namespace

void addInfo(CLI::App& program, CommandRun& chosen) {
    auto options = std::make_shared<InfoOptions>();
    CLI::App* verb = program.add_subcommand("info", "What the header of a film says, and what we made of it");
    verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
    verb->add_flag("--json", options->json, "As JSON");
    verb->footer(example("precordia-cli info film.dcm"));
    verb->callback([options, &chosen] {
        chosen = [options](const RunContext& context) { return runInfo(*options, context); };
    });
}

}  // namespace cxr::cli
