// Where corrections of films are kept between sittings: an SQLite file with one row a film.
//   table    film: sha256 (of the film's file; key), saved_at (UTC, "2026-11-21T20:14:05Z"), corrections (JSON)
//   kill     what put() has written outlives the program (write-ahead log); after a power failure the newest may be missing,
//            the file is whole
//   privacy  a film is known by its hash only: who does not have the film cannot tell whose corrections these are
//   thread rule, fails  as core/sqlite/database.h
#pragma once

#include <optional>
#include <string>

#include "core/corrections/corrections.h"
#include "core/sqlite/database.h"

namespace cxr {

struct KeptCorrections {
    Corrections corrections;
    std::string savedAt;
};

class CorrectionStore {
  public:
    static Result<CorrectionStore> openOrCreate(const std::filesystem::path& file);

    // nullopt: nothing is kept for this film.
    Result<std::optional<KeptCorrections>> find(const std::string& filmSha256);
    // Replaces what was kept; empty corrections remove it.
    Result<Done> put(const std::string& filmSha256, const Corrections& corrections);
    Result<Done> removeAll();
    Result<std::int64_t> count();

  private:
    explicit CorrectionStore(Database database) : m_database(std::move(database)) {}

    Database m_database;
};

}  // namespace cxr
