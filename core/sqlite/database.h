// An SQLite file of ours: opened, recognised by its application id and version, its tables made where there are none.
//   kill     what was committed stays; what was not is as if it had never been (SQLite's journal)
//   thread rule  one object in one thread; a second program that writes waits 5 s, then fails
//   fails    Corrupt (not this kind of file, or damaged), Unsupported (another version), WriteFailed, NotFound
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace cxr {

// What a file holds, and the words for it.
struct DatabaseKind {
    const char* name;         // "film index"
    const char* make;         // how a user gets one, for NotFound: "make one with precordia-cli dataset index"
    const char* remedy;       // for a damaged one: "delete it and index again"
    std::int64_t applicationId = 0, version = 0;  // in the file's header
    const char* tables = "";  // CREATE statements
};

// One prepared statement; parameters are bound in order, from 1.
class Statement {
  public:
    [[nodiscard]] bool isOk() const { return m_statement != nullptr; }
    void bind(const std::string& text);
    void bind(std::int64_t number);
    void bindKnown(double number, bool isKnown);  // NULL where it is not
    int step() { return sqlite3_step(m_statement.get()); }  // SQLITE_ROW, SQLITE_DONE or an error code
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
    [[nodiscard]] std::optional<double> real(int column) const;

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bound = 0;
};

class Database {
  public:
    // Makes file and tables where there are none.
    static Result<Database> openOrCreate(const std::filesystem::path& file, const DatabaseKind& kind);
    // A file that is there, for reading and, if the folder allows it, writing. fails NotFound.
    static Result<Database> open(const std::filesystem::path& file, const DatabaseKind& kind);

    // REQUIRES of what it returns: isOk() before use; else failure() says why.
    [[nodiscard]] Statement statement(const std::string& sql) const;
    // Rolls an open transaction back when it fails.
    Result<Done> execute(const char* sql);
    // What the last call of SQLite ran into, in one sentence.
    [[nodiscard]] Error failure() const;

  private:
    Database(std::shared_ptr<sqlite3> handle, const DatabaseKind& kind) : m_handle(std::move(handle)), m_kind(kind) {}
    static Result<Database> opened(const std::filesystem::path& file, const DatabaseKind& kind, int flags);
    struct Facts {
        std::int64_t applicationId = 0, version = 0, tables = 0;
    };
    Result<Facts> readFacts() const;
    Result<Done> recognise(bool mayCreate);
    Result<Done> makeTables();

    std::shared_ptr<sqlite3> m_handle;
    DatabaseKind m_kind;
};

}  // namespace cxr
