// The options of the verbs that write reports: whose name stands on them, the reader's own text and language, and which HeartSpot
// prior they tell about.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "app/cli/film_report.h"
#include "core/base/result.h"
#include "core/report/report.h"

namespace cxr::cli {

struct IdentityOptions {
    std::string pseudonym;
    bool noIdentity = false;

    void addTo(CLI::App& verb);  // --pseudonym X | --no-identity
    [[nodiscard]] ReportOptions options() const;
};

// The reader's text and the language around it.
struct ReaderOptions {
    std::string language = "en", reader, draft, impressionFile, impressionText, question, comparison;

    void addTo(CLI::App& verb);       // --language --reader --template
    void addTextsTo(CLI::App& verb);  // --impression --impression-text --question --comparison: of one film
    // Sets request.report.text and request.draft. fails NotFound, InvalidArgument (no such template)
    Result<Done> apply(ReportRequest& request) const;
};

struct HeartSpotOptions {
    PriorOptions prior;

    void addTo(CLI::App& verb);  // --prior and what belongs to it; "none" leaves HeartSpot out
    // Sets request.prior and request.heartRegion. fails as PriorOptions and readHeartRegion do.
    Result<Done> apply(ReportRequest& request) const;
};

}  // namespace cxr::cli
