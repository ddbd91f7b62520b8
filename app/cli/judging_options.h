// The options of the verbs that let networks judge films: --packs --operating-point --prevalence.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "app/cli/film_report.h"
#include "core/base/result.h"

namespace cxr::cli {

struct JudgingOptions {
    std::string packs = "default";  // names with commas between
    std::string operatingPoint = kDefaultPoint;
    std::string prevalences;        // "Cardiomegaly=0.05,Edema=0.02"

    void addTo(CLI::App& verb);
    // Sets the request's packs, operating point and prevalences. fails as readPack does, InvalidArgument (two packs of
    // one role, a prevalence that is no share), Unsupported (a pack that no role takes).
    Result<Done> apply(ReportRequest& request) const;
};

// Role, name and hash of every pack that will judge: a text that changes when another network would.
std::string fingerprint(const std::vector<RolePack>& packs);

}  // namespace cxr::cli
