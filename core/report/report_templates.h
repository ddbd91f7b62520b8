// Drafts of impressions: texts with places that a report fills. A reader edits what comes out; nothing of it is the program's word.
//   built in  core/report/templates.json, one text for each language
//   own       a JSON file of the same form in the user's data folder: [{"id", "when", "language", "name", "text"}]
//   places    {ctr} {verdict} {heart_width} {chest_width} {findings} {cardiomegaly} {view} {spacing} {reason} {date};
//             what was not measured is said so, other braces stay
// Pure functions, but for readTemplates and writeTemplates; thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/report/report.h"

namespace cxr {

struct ReportTemplate {
    std::string id;    // of the built-in ones; the user's have their name
    std::string when;  // "normal", "borderline", "enlarged", "not-measured", "ap", "findings"; empty: whenever the reader wants
    ReportLanguage language = ReportLanguage::English;
    std::string name, text;
    bool operator==(const ReportTemplate&) const = default;
};

const std::vector<ReportTemplate>& builtInTemplates();
// The built-in one for what was found, in the report's language.
const ReportTemplate& suggestedTemplate(const Report& report);
// Built-in by id ("enlarged-heart") or one of `own` by name; null: there is none in this language.
const ReportTemplate* findTemplate(const std::string& name, ReportLanguage language, const std::vector<ReportTemplate>& own = {});

// The text with its places filled, in the report's language.
std::string filled(const std::string& text, const Report& report);
// "{ctr}", "{verdict}", ...: for tooltips and help.
std::vector<std::string> templatePlaces();

inline constexpr std::size_t kMostTemplates = 200;
// No file: none. fails Corrupt: not of this form, or more than kMostTemplates; as readWholeFile.
Result<std::vector<ReportTemplate>> readTemplates(const std::filesystem::path& file);
// Whole or not at all. fails WriteFailed
Result<Done> writeTemplates(const std::vector<ReportTemplate>& templates, const std::filesystem::path& file);

}  // namespace cxr
