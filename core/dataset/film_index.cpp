#include "core/dataset/film_index.h"

#include <sqlite3.h>

#include <span>

#include "core/base/sha256.h"

namespace cxr {
namespace {

constexpr int kApplicationId = 0x50524346;  // "PRCF", in the file's header
constexpr int kVersion = 1;
constexpr int kBusyMs = 5000;

constexpr const char* kSchema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE film(path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
  format TEXT NOT NULL, modality TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, view TEXT NOT NULL,
  spacing_row_mm REAL, spacing_column_mm REAL, spacing_source TEXT NOT NULL, patient TEXT NOT NULL, sex TEXT NOT NULL,
  age_years REAL, site TEXT NOT NULL, fold INTEGER NOT NULL, problem TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE label(path TEXT NOT NULL, class TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY(path, class)) WITHOUT ROWID;
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX film_view ON film(view);
INSERT INTO setting VALUES('salt', lower(hex(randomblob(32))));
PRAGMA application_id = 1347568454;
PRAGMA user_version = 1;
COMMIT;
)sql";
static_assert(kApplicationId == 1347568454);

constexpr const char* kColumns =
    "path, bytes, mtime_ns, sha256, format, modality, width, height, view, spacing_row_mm, spacing_column_mm, spacing_source, "
    "patient, sex, age_years, site, fold, problem";

// One prepared statement; parameters are bound in order, from 1.
class Statement {
  public:
    Statement(sqlite3* database, const std::string& sql) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v2(database, sql.c_str(), -1, &made, nullptr) != SQLITE_OK) made = nullptr;
        m_statement.reset(made);
    }
    [[nodiscard]] bool isOk() const { return m_statement != nullptr; }
    void bind(const std::string& text) {
        sqlite3_bind_text(m_statement.get(), ++m_bound, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
    void bind(std::int64_t number) { sqlite3_bind_int64(m_statement.get(), ++m_bound, number); }
    // Unknown (0 or absent) as NULL.
    void bindKnown(double number, bool isKnown) {
        if (isKnown) sqlite3_bind_double(m_statement.get(), ++m_bound, number);
        else sqlite3_bind_null(m_statement.get(), ++m_bound);
    }
    // SQLITE_ROW, SQLITE_DONE or an error code.
    int step() { return sqlite3_step(m_statement.get()); }
    [[nodiscard]] std::string text(int column) const {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
        return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column)));
    }
    [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
    [[nodiscard]] std::optional<double> real(int column) const {
        if (sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL) return std::nullopt;
        return sqlite3_column_double(m_statement.get(), column);
    }

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bound = 0;
};

Result<std::shared_ptr<sqlite3>> openDatabase(const std::filesystem::path& file, int flags) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    std::shared_ptr<sqlite3> database(opened, [](sqlite3* d) { sqlite3_close_v2(d); });
    if (code != SQLITE_OK) return Error{ErrorCode::WriteFailed, "the index cannot be opened; check the folder and its permissions"};
    sqlite3_busy_timeout(opened, kBusyMs);
    return database;
}

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

Result<FilmIndex> FilmIndex::openOrCreate(const std::filesystem::path& file) {
    auto database = openDatabase(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!database.isOk()) return std::move(database).error();
    FilmIndex index(std::move(database).value());
    const auto prepared = index.prepare(true);
    if (!prepared.isOk()) return prepared.error();
    return index;
}

Result<FilmIndex> FilmIndex::open(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return Error{ErrorCode::NotFound, "there is no such index; make one with precordia-cli dataset index"};
    }
    auto database = openDatabase(file, SQLITE_OPEN_READWRITE);  // read-write: a journal that a kill left is rolled back
    if (!database.isOk()) database = openDatabase(file, SQLITE_OPEN_READONLY);
    if (!database.isOk()) return std::move(database).error();
    FilmIndex index(std::move(database).value());
    const auto prepared = index.prepare(false);
    if (!prepared.isOk()) return prepared.error();
    return index;
}

Error FilmIndex::failure(const std::string& what) const {
    const int code = sqlite3_errcode(m_database.get());
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        return {ErrorCode::Corrupt, what + ": the file is no film index, or is damaged; delete it and index again"};
    }
    if (code == SQLITE_BUSY) return {ErrorCode::WriteFailed, what + ": another program is writing this index; wait for its end"};
    return {ErrorCode::WriteFailed, what + ": " + sqlite3_errmsg(m_database.get())};
}

Result<Done> FilmIndex::execute(const char* sql) {
    if (sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Done{};
    const Error error = failure("film index");
    if (sqlite3_get_autocommit(m_database.get()) == 0) sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return error;
}

Result<Done> FilmIndex::prepare(bool mayCreate) {
    Statement facts(m_database.get(),
                    "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), "
                    "(SELECT count(*) FROM sqlite_master)");
    if (!facts.isOk() || facts.step() != SQLITE_ROW) return failure("film index");
    const bool isEmpty = facts.number(2) == 0;
    if (isEmpty && mayCreate) {
        if (auto made = execute(kSchema); !made.isOk()) return made;
    } else if (facts.number(0) != kApplicationId) {
        return Error{ErrorCode::Corrupt, "this SQLite file is no film index; name another file"};
    } else if (facts.number(1) != kVersion) {
        return Error{ErrorCode::Unsupported, "this film index was made by another version of the program; index again into a new file"};
    }
    Statement salt(m_database.get(), "SELECT value FROM setting WHERE key = 'salt'");
    if (!salt.isOk() || salt.step() != SQLITE_ROW) return failure("film index");
    m_salt = salt.text(0);
    return Done{};
}

Result<Done> FilmIndex::begin() { return execute("BEGIN IMMEDIATE"); }
Result<Done> FilmIndex::commit() { return execute("COMMIT"); }

Result<Done> FilmIndex::put(const IndexedFilm& film) {
    if (auto removed = remove(film.path); !removed.isOk()) return removed;
    Statement row(m_database.get(), std::string("INSERT INTO film(") + kColumns + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!row.isOk()) return failure("film index");
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
    if (row.step() != SQLITE_DONE) return failure("film index");
    for (const auto& [name, value] : film.labels) {
        Statement label(m_database.get(), "INSERT INTO label(path, class, value) VALUES(?,?,?)");
        if (!label.isOk()) return failure("film index");
        label.bind(film.path);
        label.bind(name);
        label.bindKnown(value, true);
        if (label.step() != SQLITE_DONE) return failure("film index");
    }
    return Done{};
}

Result<Done> FilmIndex::remove(const std::string& path) {
    for (const char* sql : {"DELETE FROM label WHERE path = ?", "DELETE FROM film WHERE path = ?"}) {
        Statement row(m_database.get(), sql);
        if (!row.isOk()) return failure("film index");
        row.bind(path);
        if (row.step() != SQLITE_DONE) return failure("film index");
    }
    return Done{};
}

Result<std::vector<IndexedFilm>> FilmIndex::films(const std::string& view) {
    Statement rows(m_database.get(), std::string("SELECT ") + kColumns + " FROM film WHERE ? = '' OR view = ? ORDER BY path");
    Statement labels(m_database.get(), "SELECT path, class, value FROM label ORDER BY path, class");
    if (!rows.isOk() || !labels.isOk()) return failure("film index");
    rows.bind(view);
    rows.bind(view);
    std::vector<IndexedFilm> films;
    int code = rows.step();
    for (; code == SQLITE_ROW; code = rows.step()) films.push_back(filmOf(rows));
    if (code != SQLITE_DONE) return failure("film index");
    auto film = films.begin();  // both are sorted by path
    for (code = labels.step(); code == SQLITE_ROW; code = labels.step()) {
        const std::string path = labels.text(0);
        while (film != films.end() && film->path < path) ++film;
        if (film != films.end() && film->path == path) film->labels.emplace_back(labels.text(1), labels.real(2).value_or(0));
    }
    if (code != SQLITE_DONE) return failure("film index");
    return films;
}

std::string FilmIndex::pseudonym(const std::string& patientId) const {
    if (patientId.empty()) return {};
    const std::string text = m_salt + patientId;
    return sha256Hex(std::as_bytes(std::span(text))).substr(0, 16);
}

}  // namespace cxr
