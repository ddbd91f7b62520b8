#include "core/sqlite/database.h"

namespace cxr {
namespace {

constexpr int kBusyMs = 5000;

}  // namespace

void Statement::bind(const std::string& text) {
    sqlite3_bind_text(m_statement.get(), ++m_bound, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void Statement::bind(std::int64_t number) { sqlite3_bind_int64(m_statement.get(), ++m_bound, number); }

void Statement::bindKnown(double number, bool isKnown) {
    if (isKnown) {
        sqlite3_bind_double(m_statement.get(), ++m_bound, number);
    } else {
        sqlite3_bind_null(m_statement.get(), ++m_bound);
    }
}

std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column)));
}

std::optional<double> Statement::real(int column) const {
    if (sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL) return std::nullopt;
    return sqlite3_column_double(m_statement.get(), column);
}

Result<Database> Database::opened(const std::filesystem::path& file, const DatabaseKind& kind, int flags) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::shared_ptr<sqlite3> owned(handle, [](sqlite3* d) { sqlite3_close_v2(d); });
    if (code != SQLITE_OK) {
        return Error{ErrorCode::WriteFailed,
                     std::string("the ") + kind.name + " cannot be opened; check the folder and its permissions"};
    }
    sqlite3_busy_timeout(handle, kBusyMs);
    Database database(owned, kind);
    const auto recognised = database.recognise((flags & SQLITE_OPEN_CREATE) != 0);
    if (!recognised.isOk()) return recognised.error();
    return database;
}

Result<Database> Database::openOrCreate(const std::filesystem::path& file, const DatabaseKind& kind) {
    return opened(file, kind, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Database> Database::open(const std::filesystem::path& file, const DatabaseKind& kind) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return Error{ErrorCode::NotFound, std::string("there is no such ") + kind.name + "; " + kind.make};
    }
    auto database = opened(file, kind, SQLITE_OPEN_READWRITE);  // read-write: a journal that a kill left is rolled back
    if (!database.isOk() && database.error().code == ErrorCode::WriteFailed) return opened(file, kind, SQLITE_OPEN_READONLY);
    return database;
}

Statement Database::statement(const std::string& sql) const {
    Statement statement;
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(m_handle.get(), sql.c_str(), -1, &made, nullptr) == SQLITE_OK) statement.m_statement.reset(made);
    return statement;
}

Result<Done> Database::execute(const char* sql) {
    if (sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Done{};
    const Error error = failure();
    if (sqlite3_get_autocommit(m_handle.get()) == 0) sqlite3_exec(m_handle.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return error;
}

Error Database::failure() const {
    const std::string name = m_kind.name;
    const int code = sqlite3_errcode(m_handle.get());
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        return {ErrorCode::Corrupt, "this file is no " + name + ", or is damaged; " + m_kind.remedy};
    }
    if (code == SQLITE_BUSY) return {ErrorCode::WriteFailed, "another program is writing this " + name + "; wait for its end"};
    return {ErrorCode::WriteFailed, name + ": " + sqlite3_errmsg(m_handle.get())};
}

// Another program may be making the same file: whether it is still empty is asked again under the lock.
Result<Done> Database::makeTables() {
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun.isOk()) return begun;
    const auto facts = readFacts();
    if (!facts.isOk()) return facts.error();
    if (facts.value().tables > 0) return execute("COMMIT");
    const std::string sql = m_kind.tables + ("PRAGMA application_id = " + std::to_string(m_kind.applicationId)) +
                            ";PRAGMA user_version = " + std::to_string(m_kind.version) + ";COMMIT;";
    return execute(sql.c_str());
}

Result<Database::Facts> Database::readFacts() const {
    Statement row = statement("SELECT (SELECT application_id FROM pragma_application_id), "
                              "(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)");
    if (!row.isOk() || row.step() != SQLITE_ROW) return failure();
    return Facts{row.number(0), row.number(1), row.number(2)};
}

Result<Done> Database::recognise(bool mayCreate) {
    auto facts = readFacts();
    if (facts.isOk() && facts.value().tables == 0 && mayCreate) {
        if (auto made = makeTables(); !made.isOk()) return made;
        facts = readFacts();
    }
    if (!facts.isOk()) return facts.error();
    if (facts.value().applicationId != m_kind.applicationId) {
        return Error{ErrorCode::Corrupt, std::string("this SQLite file is no ") + m_kind.name + "; name another file"};
    }
    if (facts.value().version != m_kind.version) {
        return Error{ErrorCode::Unsupported,
                     std::string("this ") + m_kind.name + " was made by another version of the program; name a new file"};
    }
    return Done{};
}

}  // namespace cxr
