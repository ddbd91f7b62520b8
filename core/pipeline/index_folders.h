// Brings an archive's index (core/dataset/film_index.h) up to date: reads films that are new or changed in size or time, drops
// films that are gone, and takes labels, patients and views from lists that core/dataset/film_table.h knows.
//   A film that cannot be read gets a row that says why, and is read again when it changes.
//   Masks beside a site's image/ folder are no films.
//   thread rule  call from a worker
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"

namespace cxr {

struct IndexSummary {
    std::size_t films = 0;       // in these folders now
    std::size_t read = 0;        // opened in this run
    std::size_t unreadable = 0;  // of those that were opened
    std::size_t removed = 0;     // rows of files that are gone
    std::vector<std::string> notes;  // lists that could not be read, pictures that are missing
};

// A killed or cancelled run keeps what it has read. fails NotFound (a folder), Cancelled, and as FilmIndex does.
Result<IndexSummary> indexFolders(const std::filesystem::path& indexFile, const std::vector<std::filesystem::path>& folders,
                                  const RunContext& context);

}  // namespace cxr
