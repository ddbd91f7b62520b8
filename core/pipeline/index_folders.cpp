#include "core/pipeline/index_folders.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <unordered_map>

#include "core/dataset/film_index.h"
#include "core/dataset/film_table.h"
#include "core/dataset/film_words.h"
#include "core/io/image_reader.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilmsPerCommit = 32;

// What lists say, by absolute path.
struct ListedFilms {
    std::unordered_map<std::string, IndexedFilm> films;
    std::vector<std::string> notes;
};

std::string keyOf(const fs::path& path) {
    std::error_code failed;
    const fs::path whole = fs::weakly_canonical(path, failed);
    return failed ? fs::absolute(path).lexically_normal().string() : whole.string();
}

void addTable(const FilmTable& table, const FilmIndex& index, ListedFilms& listed) {
    for (const FilmRecord& record : table.films) {
        IndexedFilm film;
        film.view = record.view;
        film.patient = index.pseudonym(record.group());
        film.sex = record.sex;
        film.ageYears = record.ageYears;
        film.site = record.site;
        film.fold = record.fold;
        film.spacingRowMm = record.storedSpacingYMm();
        film.spacingColumnMm = record.storedSpacingXMm();
        for (std::size_t c = 0; c < record.labels.size(); ++c) {
            if (!std::isnan(record.labels[c])) film.labels.emplace_back(table.classes[c], record.labels[c]);
        }
        std::sort(film.labels.begin(), film.labels.end());
        listed.films.try_emplace(keyOf(record.path), std::move(film));
    }
}

// Folders of one data set that may hold the same file names: each is read with the list by itself.
std::vector<std::vector<std::string>> pictureFolders(const fs::path& folder, const std::string& layout) {
    if (layout != "ours") return {};
    std::vector<std::vector<std::string>> names;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        if (it->is_directory()) names.push_back({it->path().filename().string()});
    }
    return names;
}

Result<ListedFilms> readLists(const fs::path& folder, const FilmIndex& index, const RunContext& context) {
    ListedFilms listed;
    const auto first = readFilmTable(folder, {}, context);
    if (!first.isOk()) {
        if (first.error().code == ErrorCode::Cancelled) return first.error();
        if (first.error().code != ErrorCode::NotFound) listed.notes.push_back(first.error().message);
        return listed;
    }
    addTable(first.value(), index, listed);
    listed.notes = first.value().notes;
    for (const auto& names : pictureFolders(folder, first.value().layout)) {
        FilmTableOptions options;
        options.imageFolders = names;
        if (const auto more = readFilmTable(folder, options, context); more.isOk()) addTable(more.value(), index, listed);
    }
    return listed;
}

bool isMask(const fs::path& file) {
    const std::string folder = file.parent_path().filename().string();
    const bool isOrgan = folder == "heart" || folder == "left_lung" || folder == "right_lung";
    return isOrgan && fs::is_directory(file.parent_path().parent_path() / "image");
}

std::string viewWord(ViewPosition view) {
    switch (view) {
        case ViewPosition::PA: return "PA";
        case ViewPosition::AP: return "AP";
        case ViewPosition::Lateral: return "LATERAL";
        default: return "";
    }
}

// Everything that the file itself says.
IndexedFilm readFilm(const fs::path& file, const FilmIndex& index, const RunContext& context) {
    IndexedFilm film;
    const auto read = readImage(file, {}, RunContext{context.stop, {}});
    if (!read.isOk()) {
        film.problem = read.error().message;
        return film;
    }
    const Image& image = *read.value();
    film.sha256 = image.sourceSha256;
    film.format = image.encoding.format;
    film.modality = image.study.modality;
    film.width = image.width();
    film.height = image.height();
    film.view = viewWord(image.view);
    if (image.spacing.isKnown()) {
        film.spacingRowMm = image.spacing.rowMm;
        film.spacingColumnMm = image.spacing.columnMm;
        film.spacingSource = toString(image.spacing.source);
    }
    film.patient = index.pseudonym(image.patient.id);
    film.sex = sexFrom(image.patient.sex);
    film.ageYears = ageFrom(image.patient.age);
    return film;
}

// Lists win where they know something; labels, site and fold come from lists only.
void take(IndexedFilm& film, const ListedFilms& listed) {
    const auto found = listed.films.find(film.path);
    const IndexedFilm said = found == listed.films.end() ? IndexedFilm{} : found->second;
    film.labels = said.labels;
    film.site = said.site;
    film.fold = said.fold;
    if (!said.view.empty() && !(said.view == "FRONTAL" && (film.view == "PA" || film.view == "AP"))) film.view = said.view;
    if (!said.patient.empty()) film.patient = said.patient;
    if (!said.sex.empty()) film.sex = said.sex;
    if (said.ageYears) film.ageYears = said.ageYears;
    if (film.problem.empty() && said.spacingRowMm > 0 && said.spacingColumnMm > 0) {
        film.spacingRowMm = said.spacingRowMm;
        film.spacingColumnMm = said.spacingColumnMm;
        film.spacingSource = "data set";
    }
}

std::int64_t mtimeNs(const fs::path& file) {
    std::error_code failed;
    const auto time = fs::last_write_time(file, failed);
    if (failed) return 0;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(fs::file_time_type::clock::to_sys(time).time_since_epoch()).count();
}

// Writes in groups: a kill loses at most one.
class GroupedWriter {
  public:
    explicit GroupedWriter(FilmIndex& index) : m_index(index) {}
    Result<Done> put(const IndexedFilm& film) {
        if (auto begun = beginIfNeeded(); !begun.isOk()) return begun;
        if (auto written = m_index.put(film); !written.isOk()) return written;
        return ++m_inGroup < kFilmsPerCommit ? Result<Done>(Done{}) : finish();
    }
    Result<Done> remove(const std::string& path) {
        if (auto begun = beginIfNeeded(); !begun.isOk()) return begun;
        ++m_inGroup;
        return m_index.remove(path);
    }
    Result<Done> finish() {
        if (!m_isOpen) return Done{};
        m_isOpen = false;
        m_inGroup = 0;
        return m_index.commit();
    }

  private:
    Result<Done> beginIfNeeded() {
        if (m_isOpen) return Done{};
        auto begun = m_index.begin();
        m_isOpen = begun.isOk();
        return begun;
    }
    FilmIndex& m_index;
    bool m_isOpen = false;
    std::size_t m_inGroup = 0;
};

using KnownFilms = std::map<std::string, IndexedFilm>;

Result<Done> updateFilms(const std::vector<fs::path>& files, FilmIndex& index, GroupedWriter& writer, KnownFilms& known,
                         const ListedFilms& listed, IndexSummary& summary, const RunContext& context) {
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "indexing was stopped; what was read is kept"};
        const std::string path = keyOf(files[i]);
        std::error_code failed;
        const auto bytes = static_cast<std::int64_t>(fs::file_size(files[i], failed));
        const std::int64_t time = mtimeNs(files[i]);
        const auto old = known.find(path);
        const bool isSame = old != known.end() && old->second.bytes == bytes && old->second.mtimeNs == time;
        IndexedFilm film = isSame ? old->second : readFilm(files[i], index, context);
        if (!isSame && context.isCancelled()) continue;
        film.path = path;
        film.bytes = bytes;
        film.mtimeNs = time;
        take(film, listed);
        summary.read += isSame ? 0 : 1;
        summary.unreadable += !isSame && !film.problem.empty() ? 1 : 0;
        if (old == known.end() || film != old->second) {
            if (auto written = writer.put(film); !written.isOk()) return written;
        }
        if (old != known.end()) known.erase(old);
        context.report(static_cast<double>(i + 1) / static_cast<double>(files.size()));
    }
    return Done{};
}

// What is left of `known` under the folder is gone from the disk.
Result<Done> dropGone(const std::string& folder, GroupedWriter& writer, KnownFilms& known, IndexSummary& summary) {
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    for (auto film = known.lower_bound(prefix); film != known.end() && film->first.starts_with(prefix); film = known.erase(film)) {
        if (auto removed = writer.remove(film->first); !removed.isOk()) return removed;
        ++summary.removed;
    }
    return Done{};
}

Result<Done> indexOne(const fs::path& folder, FilmIndex& index, GroupedWriter& writer, KnownFilms& known, IndexSummary& summary,
                      const RunContext& context) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return Error{ErrorCode::NotFound, "there is no such folder to index; check the path"};
    const auto listed = readLists(folder, index, context);
    if (!listed.isOk()) return listed.error();
    summary.notes.insert(summary.notes.end(), listed.value().notes.begin(), listed.value().notes.end());
    std::vector<fs::path> files = listFilms(folder);
    std::erase_if(files, isMask);
    summary.films += files.size();
    if (auto done = updateFilms(files, index, writer, known, listed.value(), summary, context); !done.isOk()) return done;
    return dropGone(keyOf(folder), writer, known, summary);
}

}  // namespace

Result<IndexSummary> indexFolders(const fs::path& indexFile, const std::vector<fs::path>& folders, const RunContext& context) {
    auto opened = FilmIndex::openOrCreate(indexFile);
    if (!opened.isOk()) return std::move(opened).error();
    FilmIndex index = std::move(opened).value();
    auto rows = index.films();
    if (!rows.isOk()) return std::move(rows).error();
    KnownFilms known;
    for (const IndexedFilm& film : rows.value()) known.emplace(film.path, film);
    IndexSummary summary;
    GroupedWriter writer(index);
    Result<Done> outcome = Done{};
    for (std::size_t i = 0; i < folders.size() && outcome.isOk(); ++i) {
        const double begin = static_cast<double>(i) / static_cast<double>(folders.size());
        outcome = indexOne(folders[i], index, writer, known, summary, context.part(begin, begin + 1.0 / static_cast<double>(folders.size())));
    }
    const auto committed = writer.finish();
    if (!outcome.isOk()) return std::move(outcome).error();
    if (!committed.isOk()) return committed.error();
    return summary;
}

}  // namespace cxr
