#include "app/cli/commands/models_merge.h"

#include <cstdio>

#include "core/pipeline/merge_packs.h"

namespace cxr::cli {
namespace {

struct MergeOptions {
    std::vector<std::string> packs;
    std::string out, id, name, version;
};

int runMerge(const MergeOptions& options, const RunContext& context) {
    const MergeRequest request{{options.packs.begin(), options.packs.end()}, options.out, options.id, options.name, options.version};
    const auto merged = mergePacks(request, context);
    if (!merged.isOk()) return complain(merged.error());
    std::printf("%s: an ensemble of %zu networks, not yet evaluated\n", merged.value().c_str(), options.packs.size());
    return kAllWell;
}

}  // namespace

void addModelsMerge(CLI::App& models, CommandRun& chosen) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* verb = models.add_subcommand("merge", "Makes one pack of several that read the same input: their networks answer together");
    verb->add_option("PACK", options->packs, "Folders of 2 to 32 packs")->required();
    verb->add_option("--out", options->out, "Folder of the new pack; must not exist")->required();
    verb->add_option("--id", options->id, "Its id (the folder's name)");
    verb->add_option("--name", options->name, "Its name for people (the first pack's)");
    verb->add_option("--version", options->version, "Its version (the first pack's)");
    verb->footer(example("precordia-cli models merge run0/chest14 run1/chest14 run2/chest14 --out chest14"));
    verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runMerge(*options, c); }; });
}

}  // namespace cxr::cli
