#include "app/cli/commands/deidentify.h"

#include <cstdio>
#include <filesystem>

#include "app/cli/prior_options.h"
#include "app/cli/progress_bar.h"
#include "core/pipeline/deidentify_run.h"
#include "core/pipeline/shipped_heart_region.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAutomatic = "auto";
constexpr const char* kModified = "modified";

struct Arguments {
    std::vector<std::string> inputs;
    std::string out, key, dates, cleanPixels, findText;
    PriorOptions heartSpot;
    DeidentifyOptions options;
};

Result<std::vector<fs::path>> filesOf(const std::vector<std::string>& inputs) {
    std::vector<fs::path> files;
    for (const std::string& input : inputs) {
        std::error_code ignored;
        if (!fs::exists(input, ignored)) return Error{ErrorCode::NotFound, "there is no file or folder " + input};
        const std::vector<fs::path> inside = listDicomFiles(input);
        if (inside.empty()) return Error{ErrorCode::NotFound, "there is no DICOM file in " + input};
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

Result<DeidentifyPlan> planOf(const Arguments& arguments) {
    DeidentifyPlan plan;
    plan.options = arguments.options;
    if (!arguments.dates.empty()) plan.options.dates = arguments.dates == kModified ? DateHandling::Modify : DateHandling::Keep;
    plan.isKeyKept = !arguments.key.empty();
    if (arguments.cleanPixels == kAutomatic) {
        plan.text = TextCleaning::Automatic;
    } else if (!arguments.cleanPixels.empty()) {
        Result<FilmBoxes> boxes = readFilmBoxes(arguments.cleanPixels);
        if (!boxes.isOk()) return boxes.error();
        plan.text = TextCleaning::Confirmed;
        plan.boxes = std::move(boxes).value();
    }
    if (arguments.heartSpot.prior.empty()) return plan;
    Result<PriorSpec> spec = arguments.heartSpot.spec();
    if (!spec.isOk()) return spec.error();
    plan.heartSpot = std::move(spec).value();
    if (!arguments.heartSpot.region.empty()) {
        Result<cv::Mat> region = readHeartRegion(arguments.heartSpot.region);
        if (!region.isOk()) return region.error();
        plan.heartRegion = std::move(region).value();
    }
    return plan;
}

std::string sentence(const std::string& text) { return text + (text.ends_with('.') ? "" : "."); }

int runFindText(const Arguments& arguments, const std::vector<fs::path>& files, const RunContext& context) {
    ProgressBar bar("deidentify");
    FilmBoxes boxes;
    std::size_t count = 0;
    bool hasFailed = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.isCancelled()) return kInterrupted;
        const Result<std::vector<TextBox>> found = findTextOn(files[i], {context.stop, {}});
        if (!found.isOk()) {
            hasFailed = true;
            bar.print("precordia-cli: " + files[i].string() + ": " + sentence(found.error().message));
        } else if (!found.value().empty()) {
            boxes[files[i]] = found.value();
            count += found.value().size();
        }
        bar.show(static_cast<double>(i + 1) / static_cast<double>(files.size()), std::to_string(i + 1) + "/" + std::to_string(files.size()));
    }
    const Result<Done> written = writeFilmBoxes(arguments.findText, boxes);
    if (!written.isOk()) return complain(written.error());
    std::printf("%zu lines of writing on %zu of %zu files; look at them, then use --clean-pixels %s\n", count, boxes.size(), files.size(),
                arguments.findText.c_str());
    return hasFailed ? kSomeFailed : kAllWell;
}

int runClean(const Arguments& arguments, const std::vector<fs::path>& files, const RunContext& context) {
    const Result<DeidentifyPlan> plan = planOf(arguments);
    if (!plan.isOk()) return complain(plan.error());
    const Result<Pseudonyms> pseudonyms = arguments.key.empty() ? Pseudonyms::withFreshKey() : Pseudonyms::withKeyFile(arguments.key);
    if (!pseudonyms.isOk()) return complain(pseudonyms.error());
    ProgressBar bar("deidentify");
    std::size_t done = 0;
    const auto onFile = [&](const DeidentifiedFile& file) {
        if (!file.error.empty()) bar.print("precordia-cli: " + file.input.string() + ": " + sentence(file.error));
        ++done;
        bar.show(static_cast<double>(done) / static_cast<double>(files.size()), std::to_string(done) + "/" + std::to_string(files.size()));
    };
    const Result<DeidentifySummary> summary = deidentifyFiles(files, arguments.out, plan.value(), pseudonyms.value(), onFile, context);
    if (!summary.isOk()) return complain(summary.error());
    std::printf("%d files written to %s, %d refused\n", summary.value().written(), arguments.out.c_str(), summary.value().refused());
    for (const PrivacyLayer& layer : summary.value().card) {
        std::printf("%s: %s %s\n", layer.title.c_str(), layer.done.c_str(), layer.notMeasured.c_str());
    }
    return summary.value().refused() > 0 ? kSomeFailed : kAllWell;
}

int runDeidentify(const Arguments& arguments, const RunContext& context) {
    if (arguments.out.empty() == arguments.findText.empty()) return complainUsage("give either --out DIR or --find-text FILE.csv");
    if (arguments.heartSpot.prior.empty() && !arguments.heartSpot.region.empty()) return complainUsage("--roi needs --heartspot");
    if (arguments.heartSpot.region == kSegmentRegion) return complainUsage("--roi takes a picture here");
    const Result<std::vector<fs::path>> files = filesOf(arguments.inputs);
    if (!files.isOk()) return complain(files.error());
    return arguments.findText.empty() ? runClean(arguments, files.value(), context) : runFindText(arguments, files.value(), context);
}

void addOptions(CLI::App& verb, Arguments& arguments) {
    verb.add_option("FILES", arguments.inputs, "DICOM files, or folders that hold some")->required();
    verb.add_option("--out", arguments.out, "Folder for the new files, deidentified.csv and deidentified.json");
    verb.add_option("--key", arguments.key, "File with the key that makes the new names; made if it is absent. Without it the key is discarded");
    verb.add_option("--retain-dates", arguments.dates, "modified (days moved by one number for each patient) or full; else dates are removed")
        ->check(CLI::IsMember({kModified, "full"}));
    verb.add_flag("--clean-descriptors", arguments.options.cleanDescriptors, "Keep the harmless words of descriptions");
    verb.add_flag("--clean-content", arguments.options.cleanContent, "Keep numbers, known codes and harmless words of reports (SR)");
    verb.add_flag("--retain-patient", arguments.options.retainPatient, "Keep sex, age, size, weight and the like");
    verb.add_flag("--retain-device", arguments.options.retainDevice, "Keep station, serial number and the like");
    verb.add_flag("--retain-institution", arguments.options.retainInstitution, "Keep the institution's name");
    verb.add_flag("--retain-uids", arguments.options.retainUids, "Keep UIDs; who has the originals can find them");
    verb.add_option("--find-text", arguments.findText, "Only look for burned-in text and write its boxes, FILE.csv");
    verb.add_option("--clean-pixels", arguments.cleanPixels, "Blacken burned-in text: auto (what is found) or the boxes of FILE.csv");
    verb.add_option("--heartspot", arguments.heartSpot.prior, "Write the HeartSpot picture of this prior instead of the film");
    verb.add_option("--roi", arguments.heartSpot.region, "Heart region for --heartspot: a gray picture; else the one that comes with the heart model");
}

}  // namespace

void addDeidentify(CLI::App& program, CommandRun& chosen) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = program.add_subcommand("deidentify", "Writes DICOM files without their patient's identity (DICOM PS3.15 annex E)");
    addOptions(*verb, *arguments);
    verb->footer(examples({"precordia-cli deidentify films/ --out clean/ --retain-dates modified --key project.key",
                           "precordia-cli deidentify films/ --find-text boxes.csv",
                           "precordia-cli deidentify films/ --out clean/ --clean-pixels boxes.csv --heartspot rhline+heart"}));
    verb->callback([arguments, &chosen] {
        chosen = [arguments](const RunContext& context) { return runDeidentify(*arguments, context); };
    });
}

}  // namespace cxr::cli
