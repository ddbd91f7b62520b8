// Comma-separated values, RFC 4180: quoted cells may hold commas, line ends and doubled quotes; LF, CRLF or CR end a row;
// a UTF-8 byte order mark is skipped; empty lines are skipped. A row may be shorter than the header (the rest is empty) and
// longer only by empty cells, as the public chest X-ray lists are.
// Its own reader because the one C library that Debian has (libcsv) tells no line numbers.
//   limits       file 1 GiB, cell 1 MiB, 4096 columns
//   fails        NotFound, TooLarge, Corrupt: file, line and what to do; never what a cell holds (it may name a patient)
//   thread rule  one reader in one thread
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cxr {

class CsvReader {
  public:
    // Reads the file and its first row, the header.
    static Result<CsvReader> open(const std::filesystem::path& file);
    // From memory, for tests; `name` is used in messages.
    static Result<CsvReader> parse(std::string text, const std::string& name);

    [[nodiscard]] const std::vector<std::string>& header() const { return m_header; }
    // Index of the first of these names in the header, blanks and upper case ignored; -1 if there is none.
    [[nodiscard]] int column(const std::vector<std::string>& names) const;
    // The same; fails Corrupt.
    [[nodiscard]] Result<int> requiredColumn(const std::vector<std::string>& names) const;

    // Goes to the next row; false at the end.
    Result<bool> next();
    // The cell without blanks around it; empty for column -1.
    [[nodiscard]] std::string_view cell(int column) const;
    // nullopt for an empty cell or column -1; fails Corrupt for anything that is no finite number.
    [[nodiscard]] Result<std::optional<double>> number(int column) const;
    // The row's first line in the file, from 1.
    [[nodiscard]] std::size_t line() const { return m_line; }
    // "labels.csv line 17: <message>"
    [[nodiscard]] Error corrupt(const std::string& message) const;

  private:
    CsvReader() = default;
    Result<bool> readRow();
    Result<bool> readCell(std::string& cell);
    bool endOfRow();

    std::string m_name;
    std::shared_ptr<const std::string> m_text;
    std::size_t m_at = 0, m_nextLine = 1, m_line = 1;
    std::vector<std::string> m_header, m_cells;
};

// For names in headers and cells: without blanks at both ends.
std::string_view trimmed(std::string_view text);
std::string lowerCase(std::string_view text);

}  // namespace cxr
