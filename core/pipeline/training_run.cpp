// held_out.json.
#include "core/pipeline/training_run.h"

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"

namespace cxr {

namespace fs = std::filesystem;

namespace {
constexpr const char* kHeldOut = "held_out.json";
}

Result<TrainingRun> readTrainingRun(const fs::path& folder) {
    const auto text = readWholeFile(folder / kHeldOut, 1 << 26);
    if (!text.isOk()) return Error(text.error()).within("a run's " + std::string(kHeldOut));
    TrainingRun run;
    try {
        const auto json = nlohmann::json::parse(text.value());
        run = {folder / json.at("pack").get<std::string>(), json.at("films").get<std::set<std::string>>()};
    } catch (const nlohmann::json::exception&) {
        return Error{ErrorCode::Corrupt, "held_out.json of a run cannot be read; resume the run to write it again"};
    }
    if (!run.heldOut.empty()) return run;
    return Error{ErrorCode::InvalidArgument, "the run held no film out, so its pack has seen all of them; name a run of one fold"};
}

Result<std::vector<TrainingRun>> readTrainingRuns(const std::vector<std::string>& folders) {
    std::vector<TrainingRun> runs;
    for (const std::string& folder : folders) {
        Result<TrainingRun> run = readTrainingRun(folder);
        if (!run.isOk()) return std::move(run).error();
        runs.push_back(std::move(run).value());
    }
    return runs;
}

Result<Done> writeHeldOut(const fs::path& folder, const fs::path& pack, const std::vector<std::string>& films) {
    const nlohmann::json json{{"pack", pack.filename().string()}, {"films", films}};
    return writeFileAtomically(folder / kHeldOut, json.dump(1) + "\n");
}

}  // namespace cxr
