// How a verb of precordia-cli is made. A new verb is one pair of files, commands/<verb>.{h,cpp}, one line in
// CMakeLists.txt and one line in main.cpp:
//
//     // commands/info.h
//     void addInfo(CLI::App& program, CommandRun& chosen);   // info FILE [--json]
//
//     // commands/info.cpp
//     namespace { struct InfoOptions { std::string file; bool json = false; };
//                 int runInfo(const InfoOptions& options, const RunContext& context) { ... return kAllWell; } }
//     void addInfo(CLI::App& program, CommandRun& chosen) {
//         auto options = std::make_shared<InfoOptions>();
//         CLI::App* verb = program.add_subcommand("info", "What the header says, and what we made of it");
//         verb->add_option("FILE", options->file, "A film: DICOM, PNG, TIFF or JPEG")->required();
//         verb->add_flag("--json", options->json, "As JSON");
//         verb->footer(example("precordia-cli info film.dcm"));
//         verb->callback([options, &chosen] { chosen = [options](const RunContext& c) { return runInfo(*options, c); }; });
//     }
//
// A verb writes its result to stdout, everything else to stderr; each error is one sentence on one line; a file is
// written whole or not at all (core/base/atomic_file.h). Ctrl-C stops `context.stop`.
//   thread rule  main thread
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr::cli {

enum ExitCode : int {
    kAllWell = 0,
    kSomeFailed = 1,  // at least one film, or the command itself, failed; stderr says what
    kUsage = 2,       // the command line makes no sense
    kInterrupted = 130,
};

using CommandRun = std::function<int(const RunContext&)>;  // returns an ExitCode

// "Example:\n  <line>\n  <line>": the footer of a verb's --help.
std::string example(const std::string& line);
std::string examples(const std::vector<std::string>& lines);

// "precordia-cli: <message>." on stderr; one line. Returns kSomeFailed (kInterrupted for Cancelled), so that a verb can
// `return complain(error);`.
int complain(const Error& error);
int complain(const std::string& message);
// The same for a command line that parses but makes no sense; returns kUsage.
int complainUsage(const std::string& message);

// A line of remark on stderr, for example a note about a default that was chosen.
void remark(const std::string& line);

// CXR_VERSION, "0.1.0".
const char* programVersion();

}  // namespace cxr::cli
