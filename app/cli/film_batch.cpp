#include "app/cli/film_batch.h"

#include <algorithm>
#include <thread>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/pipeline/film_results.h"

namespace cxr::cli {
namespace {

Result<Done> writeAll(const std::filesystem::path& folder, const std::string& stem, const Report& report) {
    const auto file = [&](const char* ending) { return folder / (stem + ending); };
    Result<Done> written = writeReport(report, ReportFormat::Html, file(".report.html"));
    if (written.isOk()) written = writeFileAtomically(file(".overlay.png"), std::span<const std::byte>(report.annotatedPng));
    if (written.isOk()) written = writeReport(report, ReportFormat::Json, file(".report.json"));
    return written;
}

}  // namespace

std::vector<BatchFilm> namedFilms(const std::vector<std::filesystem::path>& files) {
    std::set<std::string> taken;
    std::vector<BatchFilm> films;
    for (const std::filesystem::path& file : files) {
        const std::string stem = file.stem().string();
        std::string name = stem;
        for (int i = 2; !taken.insert(name).second; ++i) name = stem + "-" + std::to_string(i);
        BatchFilm film;
        film.file = file;
        film.stem = name;
        films.push_back(std::move(film));
    }
    return films;
}

FilmBatch::FilmBatch(std::filesystem::path folder, ReportRequest request, std::string settings, AnalysisJournal& journal)
    : m_folder(std::move(folder)), m_request(std::move(request)), m_settings(std::move(settings)), m_journal(journal),
      m_bar("analyze") {}

Result<Done> FilmBatch::run(std::vector<BatchFilm>& films, int jobs, const RunContext& context) {
    m_bar.show(0, "0/" + std::to_string(films.size()));
    {
        std::vector<std::jthread> workers;
        const int count = std::min<int>(jobs, static_cast<int>(films.size()));
        for (int i = 0; i < count; ++i) workers.emplace_back([&] { work(films, context); });
    }
    if (context.isCancelled()) return Error{ErrorCode::Cancelled, "stopped"};
    return Done{};
}

void FilmBatch::work(std::vector<BatchFilm>& films, const RunContext& context) {
    while (!context.isCancelled()) {
        const std::size_t index = m_next++;
        if (index >= films.size()) return;
        BatchFilm& film = films[index];
        const Result<Done> done = one(film, context);
        if (!done.isOk()) {
            film.error = done.error().message;
            if (done.error().code == ErrorCode::Cancelled) return;
            const char* stop = film.error.ends_with('.') ? "" : ".";
            m_bar.print("precordia-cli: " + film.file.string() + ": " + film.error + stop);
        }
        finished(film, films.size());
    }
}

void FilmBatch::finished(const BatchFilm& film, std::size_t all) {
    const std::size_t count = ++m_finished;
    m_bar.show(static_cast<double>(count) / static_cast<double>(all),
               std::to_string(count) + "/" + std::to_string(all) + " " + film.file.filename().string());
}

Result<Done> FilmBatch::one(BatchFilm& film, const RunContext& context) {
    const Result<std::string> sha256 = sha256OfFile(film.file);
    if (!sha256.isOk()) return sha256.error();
    const std::string path = std::filesystem::absolute(film.file).string();
    if (const JournalEntry* known = m_journal.find(path, sha256.value(), m_settings)) {
        film.done = film.skipped = true;
        film.csv = known->csv;
        film.json = known->json;
        return Done{};
    }
    Result<JournalEntry> entry = analyse(film, context);
    if (!entry.isOk()) return std::move(entry).error();
    JournalEntry complete = std::move(entry).value();
    complete.film = path;
    complete.sha256 = sha256.value();
    const Result<Done> noted = m_journal.append(complete);
    if (!noted.isOk()) return noted.error();
    film.done = true;
    film.csv = complete.csv;
    film.json = complete.json;
    return Done{};
}

Result<JournalEntry> FilmBatch::analyse(const BatchFilm& film, const RunContext& context) const {
    const Result<FilmReport> made = reportFilm(film.file, m_request, {context.stop, {}});
    if (!made.isOk()) return made.error();
    const Report& report = made.value().report;
    const Result<Done> written = writeAll(m_folder, film.stem, report);
    if (!written.isOk()) return written.error();
    JournalEntry entry;
    entry.settings = m_settings;
    for (const char* ending : {".report.html", ".report.json", ".overlay.png"}) entry.outputs.push_back(film.stem + ending);
    entry.csv = reportCsvRow(report);
    entry.json = reportJson(report);
    return entry;
}

}  // namespace cxr::cli
