#include "core/dataset/film_index.h"

#include <span>

#include "core/base/sha256.h"
#include "core/sqlite/database.h"

namespace cxr {
namespace {

constexpr DatabaseKind kKind{"film index", "make one with precordia-cli dataset index", "delete it and index again",
                             0x50524346 /* "PRCF" */, 1, R"sql(
CREATE TABLE film(path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
  format TEXT NOT NULL, modality TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, view TEXT NOT NULL,
  spacing_row_mm REAL, spacing_column_mm REAL, spacing_source TEXT NOT NULL, patient TEXT NOT NULL, sex TEXT NOT NULL,
  age_years REAL, site TEXT NOT NULL, fold INTEGER NOT NULL, problem TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE label(path TEXT NOT NULL, class TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY(path, class)) WITHOUT ROWID;
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX film_view ON film(view);
INSERT INTO setting VALUES('salt', lower(hex(randomblob(32))));
)sql"};

constexpr const char* kColumns =
    "path, bytes, mtime_ns, sha256, format, modality, width, height, view, spacing_row_mm, spacing_column_mm, spacing_source, "
    "patient, sex, age_years, site, fold, problem";

IndexedFilm filmOf(const Statement& row) {
    IndexedFilm film;
    int next = 0;
    film.path = row.text(next++);
    film.bytes = row.number(next++);
    film.mtimeNs = row.number(next++);
    for (std::string* text : {&film.sha256, &film.format, &film.modality}) *text = row.text(next++);
    film.width = static_cast<int>(row.number(next++));
    film.height = static_cast<int>(row.number(next++));
    film.view = row.text(next++);
    film.spacingRowMm = row.real(next++).value_or(0);
    film.spacingColumnMm = row.real(next++).value_or(0);
    for (std::string* text : {&film.spacingSource, &film.patient, &film.sex}) *text = row.text(next++);
    film.ageYears = row.real(next++);
    film.site = row.text(next++);
    film.fold = static_cast<int>(row.number(next++));
    film.problem = row.text(next);
    return film;
}

}  // namespace

Result<FilmIndex> FilmIndex::openOrCreate(const std::filesystem::path& file) { return of(Database::openOrCreate(file, kKind)); }
Result<FilmIndex> FilmIndex::open(const std::filesystem::path& file) { return of(Database::open(file, kKind)); }

Result<FilmIndex> FilmIndex::of(Result<Database> database) {
    if (!database.isOk()) return std::move(database).error();
    FilmIndex index(std::move(database).value());
    Statement salt = index.m_database.statement("SELECT value FROM setting WHERE key = 'salt'");
    if (!salt.isOk() || salt.step() != SQLITE_ROW) return index.m_database.failure();
    index.m_salt = salt.text(0);
    return index;
}

Result<Done> FilmIndex::begin() { return m_database.execute("BEGIN IMMEDIATE"); }
Result<Done> FilmIndex::commit() { return m_database.execute("COMMIT"); }

Result<Done> FilmIndex::put(const IndexedFilm& film) {
    if (auto removed = remove(film.path); !removed.isOk()) return removed;
    Statement row = m_database.statement(std::string("INSERT INTO film(") + kColumns + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!row.isOk()) return m_database.failure();
    row.bind(film.path);
    row.bind(film.bytes);
    row.bind(film.mtimeNs);
    for (const std::string* text : {&film.sha256, &film.format, &film.modality}) row.bind(*text);
    row.bind(std::int64_t{film.width});
    row.bind(std::int64_t{film.height});
    row.bind(film.view);
    row.bindKnown(film.spacingRowMm, film.spacingRowMm > 0);
    row.bindKnown(film.spacingColumnMm, film.spacingColumnMm > 0);
    for (const std::string* text : {&film.spacingSource, &film.patient, &film.sex}) row.bind(*text);
    row.bindKnown(film.ageYears.value_or(0), film.ageYears.has_value());
    row.bind(film.site);
    row.bind(std::int64_t{film.fold});
    row.bind(film.problem);
    if (row.step() != SQLITE_DONE) return m_database.failure();
    for (const auto& [name, value] : film.labels) {
        Statement label = m_database.statement("INSERT INTO label(path, class, value) VALUES(?,?,?)");
        if (!label.isOk()) return m_database.failure();
        label.bind(film.path);
        label.bind(name);
        label.bindKnown(value, true);
        if (label.step() != SQLITE_DONE) return m_database.failure();
    }
    return Done{};
}

Result<Done> FilmIndex::remove(const std::string& path) {
    for (const char* sql : {"DELETE FROM label WHERE path = ?", "DELETE FROM film WHERE path = ?"}) {
        Statement row = m_database.statement(sql);
        if (!row.isOk()) return m_database.failure();
        row.bind(path);
        if (row.step() != SQLITE_DONE) return m_database.failure();
    }
    return Done{};
}

Result<std::vector<IndexedFilm>> FilmIndex::films(const std::string& view) {
    Statement rows = m_database.statement(std::string("SELECT ") + kColumns + " FROM film WHERE ? = '' OR view = ? ORDER BY path");
    Statement labels = m_database.statement("SELECT path, class, value FROM label ORDER BY path, class");
    if (!rows.isOk() || !labels.isOk()) return m_database.failure();
    rows.bind(view);
    rows.bind(view);
    std::vector<IndexedFilm> films;
    int code = rows.step();
    for (; code == SQLITE_ROW; code = rows.step()) films.push_back(filmOf(rows));
    if (code != SQLITE_DONE) return m_database.failure();
    auto film = films.begin();  // both are sorted by path
    for (code = labels.step(); code == SQLITE_ROW; code = labels.step()) {
        const std::string path = labels.text(0);
        while (film != films.end() && film->path < path) ++film;
        if (film != films.end() && film->path == path) film->labels.emplace_back(labels.text(1), labels.real(2).value_or(0));
    }
    if (code != SQLITE_DONE) return m_database.failure();
    return films;
}

std::string FilmIndex::pseudonym(const std::string& patientId) const {
    if (patientId.empty()) return {};
    const std::string text = m_salt + patientId;
    return sha256Hex(std::as_bytes(std::span(text))).substr(0, 16);
}

}  // namespace cxr
