// The index of an archive: an SQLite file with one row a film, so that a second look at 100,000 films reads only what changed.
//   tables   film   path (key), bytes, mtime_ns, sha256, format, modality, width, height, view, spacing_row_mm,
//                   spacing_column_mm, spacing_source, patient (pseudonym), sex, age_years, site, fold, problem
//            label  path, class, value          setting  key, value (the pseudonyms' salt)
//   patient  first 16 hex digits of SHA-256(salt, id): the same person has the same pseudonym inside one index only. The
//            salt is in the file: who has the file can test whether an id he knows is in it. Never a name, never a birth date.
//   kill     work is committed in transactions; what was not committed is read again by the next run
//   thread rule, fails  as core/sqlite/database.h
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/sqlite/database.h"

namespace cxr {

struct IndexedFilm {
    std::string path;             // absolute
    std::int64_t bytes = 0, mtimeNs = 0;
    std::string sha256;           // of the file; empty with a problem
    std::string format, modality;  // "DICOM", "PNG", ...; "CR", "DX", ...
    int width = 0, height = 0;
    std::string view;             // "PA", "AP", "FRONTAL", "LATERAL", ""
    double spacingRowMm = 0, spacingColumnMm = 0;  // 0 = unknown
    std::string spacingSource;    // core/image's words; "data set" from a list
    std::string patient;          // pseudonym; empty = unknown
    std::string sex;
    std::optional<double> ageYears;
    std::string site;
    int fold = -1;
    std::string problem;          // why the film could not be read; empty if it could
    std::vector<std::pair<std::string, double>> labels;  // known ones, by class
    bool operator==(const IndexedFilm&) const = default;
};

class FilmIndex {
  public:
    // Makes the file where there is none.
    static Result<FilmIndex> openOrCreate(const std::filesystem::path& file);
    // For reading. fails NotFound.
    static Result<FilmIndex> open(const std::filesystem::path& file);

    // What is put and removed between the two is written together or not at all.
    Result<Done> begin();
    Result<Done> commit();
    // Inserts or replaces, labels included.
    Result<Done> put(const IndexedFilm& film);
    Result<Done> remove(const std::string& path);
    // Sorted by path; empty view: all.
    Result<std::vector<IndexedFilm>> films(const std::string& view = {});
    // Sixteen hex digits; empty for an empty id.
    [[nodiscard]] std::string pseudonym(const std::string& patientId) const;

  private:
    explicit FilmIndex(Database database) : m_database(std::move(database)) {}
    static Result<FilmIndex> of(Result<Database> database);

    Database m_database;
    std::string m_salt;
};

}  // namespace cxr
