#include "core/corrections/correction_store.h"

namespace cxr {
namespace {

constexpr DatabaseKind kKind{"file of corrections", "it is made when a film is corrected", "delete it to begin a new one",
                             0x50524345 /* "PRCE" */, 1,
                             "CREATE TABLE film(sha256 TEXT PRIMARY KEY, saved_at TEXT NOT NULL, corrections TEXT NOT NULL) WITHOUT ROWID;"};

}  // namespace

Result<CorrectionStore> CorrectionStore::openOrCreate(const std::filesystem::path& file) {
    auto database = Database::openOrCreate(file, kKind);
    if (!database.isOk()) return std::move(database).error();
    CorrectionStore store(std::move(database).value());
    // Not while another program reads; the other kind of journal is slower and as safe.
    (void)store.m_database.execute("PRAGMA journal_mode = WAL");
    const auto set = store.m_database.execute("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON");
    if (!set.isOk()) return set.error();
    return store;
}

Result<std::optional<KeptCorrections>> CorrectionStore::find(const std::string& filmSha256) {
    Statement row = m_database.statement("SELECT saved_at, corrections FROM film WHERE sha256 = ?");
    if (!row.isOk()) return m_database.failure();
    row.bind(filmSha256);
    const int code = row.step();
    if (code == SQLITE_DONE) return std::optional<KeptCorrections>{};
    if (code != SQLITE_ROW) return m_database.failure();
    auto corrections = correctionsOfJson(row.text(1));
    if (!corrections.isOk()) return corrections.error();
    return std::optional(KeptCorrections{std::move(corrections).value(), row.text(0)});
}

Result<Done> CorrectionStore::put(const std::string& filmSha256, const Corrections& corrections) {
    Statement row = m_database.statement(
        corrections.isEmpty() ? "DELETE FROM film WHERE sha256 = ?"
                              : "INSERT OR REPLACE INTO film VALUES(?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?)");
    if (!row.isOk()) return m_database.failure();
    row.bind(filmSha256);
    if (!corrections.isEmpty()) row.bind(toJson(corrections));
    if (row.step() != SQLITE_DONE) return m_database.failure();
    return Done{};
}

Result<Done> CorrectionStore::removeAll() { return m_database.execute("DELETE FROM film; VACUUM"); }

Result<std::int64_t> CorrectionStore::count() {
    Statement row = m_database.statement("SELECT count(*) FROM film");
    if (!row.isOk() || row.step() != SQLITE_ROW) return m_database.failure();
    return row.number(0);
}

}  // namespace cxr
