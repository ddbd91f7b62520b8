// The journal of `analyze`: which films of an output folder are done, so that a killed run goes on where it was.
//   <out>/precordia-analyze.jsonl, one JSON object a line, appended and flushed to disk after a film's files are complete:
//     {"film": absolute path, "sha256": of the film, "settings": what else decides the result,
//      "outputs": [file names in <out>], "csv": row of the summary, "json": the report}
//   A last line that was cut off by a kill is ignored: that film is done again.
// Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cxr::cli {

struct JournalEntry {
    std::string film, sha256, settings;
    std::vector<std::string> outputs;
    std::string csv, json;
};

class AnalysisJournal {
  public:
    // resume: keeps the entries that are there; else the journal begins anew. fails WriteFailed.
    static Result<std::unique_ptr<AnalysisJournal>> open(const std::filesystem::path& folder, bool resume);
    ~AnalysisJournal();
    AnalysisJournal(const AnalysisJournal&) = delete;
    AnalysisJournal& operator=(const AnalysisJournal&) = delete;

    // The entry of this film, if film and settings are the same and all its files are there; else null.
    [[nodiscard]] const JournalEntry* find(const std::string& film, const std::string& sha256, const std::string& settings) const;
    Result<Done> append(const JournalEntry& entry);

  private:
    AnalysisJournal(std::filesystem::path folder, int descriptor) : m_folder(std::move(folder)), m_descriptor(descriptor) {}
    void load(const std::string& text);

    std::filesystem::path m_folder;
    int m_descriptor = -1;
    std::map<std::string, JournalEntry> m_entries;  // of earlier runs, by film
    std::mutex m_mutex;                             // writing
};

}  // namespace cxr::cli
