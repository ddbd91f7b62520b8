// The readers behind readFilmTable, one a layout, and what they share. Inside core/dataset only.
//   Each reads what its layout has; filtering by class and view, picture sizes and the check for missing pictures are done
//   once, in film_table.cpp.   thread rule  any thread
#pragma once

#include <set>

#include "core/dataset/csv.h"
#include "core/dataset/film_table.h"
#include "core/dataset/film_words.h"

namespace cxr {

// Where a layout was found: its folder, and the CSV files of it in reading order.
struct LayoutFiles {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> lists;
};

Result<FilmTable> readOurs(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);
Result<FilmTable> readNih(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);
Result<FilmTable> readChexpert(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);
Result<FilmTable> readMetadata(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);
Result<FilmTable> readSites(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);
Result<FilmTable> readPlain(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context);

// A label cell: 0, 1, -1 (uncertain: NaN), empty (as `blank` says). fails Corrupt.
Result<float> labelFrom(const CsvReader& row, int column, BlankLabel blank);

// Adds the boxes of a list to the films that it names; boxes of other films are counted in a note.
// columns: image, class, x, y, w, h. fails Corrupt
Result<Done> addBoxes(FilmTable& table, CsvReader& list, const std::vector<int>& columns);

}  // namespace cxr
