// The work of `analyze`: every film to <stem>.report.html, <stem>.report.json and <stem>.overlay.png in one folder.
//   A film that fails is told about and skipped; a film that is done already (journal) is not done again.
//   `jobs` films are in work at a time: they overlap reading, painting and writing; the network takes one at a time.
//   thread rule  run() from the main thread; a PaintingSession must live
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "app/cli/analysis_journal.h"
#include "app/cli/film_report.h"
#include "app/cli/progress_bar.h"

namespace cxr::cli {

struct BatchFilm {
    std::filesystem::path file;
    std::string stem;   // of its files in the output folder; no two films have the same
    bool done = false, skipped = false;
    std::string csv, json;  // of the summaries, when done
    std::string error;      // one sentence, when failed
};

// Films with the stems of their outputs: the file's own stem, "-2", "-3", ... behind it where that is taken.
std::vector<BatchFilm> namedFilms(const std::vector<std::filesystem::path>& files);

class FilmBatch {
  public:
    // `settings`: text that changes when the same film would give another result.
    FilmBatch(std::filesystem::path folder, ReportRequest request, std::string settings, AnalysisJournal& journal);

    // Fills in what became of each film. fails Cancelled, WriteFailed (the folder, not a single film).
    Result<Done> run(std::vector<BatchFilm>& films, int jobs, const RunContext& context);

  private:
    void work(std::vector<BatchFilm>& films, const RunContext& context);
    Result<Done> one(BatchFilm& film, const RunContext& context);
    Result<JournalEntry> analyse(const BatchFilm& film, const RunContext& context) const;
    void finished(const BatchFilm& film, std::size_t all);

    std::filesystem::path m_folder;
    ReportRequest m_request;
    std::string m_settings;
    AnalysisJournal& m_journal;
    ProgressBar m_bar;
    std::atomic<std::size_t> m_next{0}, m_finished{0};
};

}  // namespace cxr::cli
