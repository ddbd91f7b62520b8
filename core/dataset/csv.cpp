#include "core/dataset/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/atomic_file.h"

namespace cxr {
namespace {

constexpr std::int64_t kMaxFileBytes = 1LL << 30;
constexpr std::size_t kMaxCellBytes = 1U << 20;
constexpr std::size_t kMaxColumns = 4096;

bool isBlank(char c) { return c == ' ' || c == '\t'; }

// What cannot be text for us, said once for the whole file.
std::optional<std::string> unreadableText(const std::string& text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "is UTF-16; save it as UTF-8";
    const std::size_t nul = text.find('\0');
    if (nul == std::string::npos) return std::nullopt;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    return "line " + std::to_string(line) + " holds a NUL byte: this is no text file; save the list as CSV in UTF-8";
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
}

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

Result<CsvReader> CsvReader::open(const std::filesystem::path& file) {
    auto text = readWholeFile(file, kMaxFileBytes);
    if (!text.isOk()) return std::move(text).error();
    return parse(std::move(text).value(), file.filename().string());
}

Result<CsvReader> CsvReader::parse(std::string text, const std::string& name) {
    CsvReader reader;
    reader.m_name = name;
    if (const auto reason = unreadableText(text)) return Error{ErrorCode::Corrupt, name + " " + *reason};
    reader.m_at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    reader.m_text = std::make_shared<const std::string>(std::move(text));
    auto row = reader.readRow();
    if (!row.isOk()) return std::move(row).error();
    if (!row.value()) return Error{ErrorCode::Corrupt, name + " is empty; its first line must name the columns"};
    for (const std::string& cell : reader.m_cells) reader.m_header.emplace_back(trimmed(cell));
    return reader;
}

int CsvReader::column(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
        const auto found = std::find_if(m_header.begin(), m_header.end(), [&](const std::string& title) {
            return lowerCase(title) == lowerCase(name);
        });
        if (found != m_header.end()) return static_cast<int>(found - m_header.begin());
    }
    return -1;
}

Result<int> CsvReader::requiredColumn(const std::vector<std::string>& names) const {
    const int index = column(names);
    if (index >= 0) return index;
    return Error{ErrorCode::Corrupt, m_name + " line 1: there is no column \"" + names.front() + "\"; add it or check the header"};
}

Result<bool> CsvReader::next() {
    auto row = readRow();
    if (!row.isOk() || !row.value() || m_cells.size() <= m_header.size()) return row;
    for (std::size_t i = m_header.size(); i < m_cells.size(); ++i) {
        if (trimmed(m_cells[i]).empty()) continue;
        return corrupt("has " + std::to_string(m_cells.size()) + " cells, the header " + std::to_string(m_header.size()) +
                       "; put cells that hold commas into quotes");
    }
    return row;
}

std::string_view CsvReader::cell(int column) const {
    if (column < 0 || static_cast<std::size_t>(column) >= m_cells.size()) return {};
    return trimmed(m_cells[static_cast<std::size_t>(column)]);
}

Result<std::optional<double>> CsvReader::number(int column) const {
    const std::string_view text = cell(column);
    if (text.empty()) return std::optional<double>{};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(value)) return std::optional<double>{value};
    return corrupt("column \"" + m_header[static_cast<std::size_t>(column)] + "\" holds no number; correct it or leave it empty");
}

Error CsvReader::corrupt(const std::string& message) const {
    return {ErrorCode::Corrupt, m_name + " line " + std::to_string(m_line) + ": " + message};
}

// Steps over the end of a row, if it is one.
bool CsvReader::endOfRow() {
    const std::string& text = *m_text;
    if (m_at >= text.size()) return true;
    if (text[m_at] != '\n' && text[m_at] != '\r') return false;
    m_at += text[m_at] == '\r' && m_at + 1 < text.size() && text[m_at + 1] == '\n' ? 2 : 1;
    ++m_nextLine;
    return true;
}

// false when the file ended before a row began.
Result<bool> CsvReader::readRow() {
    const std::string& text = *m_text;
    while (m_at < text.size() && (text[m_at] == '\n' || text[m_at] == '\r')) endOfRow();
    m_cells.clear();
    m_line = m_nextLine;
    if (m_at >= text.size()) return false;
    while (true) {
        if (m_cells.size() == kMaxColumns) return corrupt("has more than 4096 cells; this is no list of films");
        auto isLast = readCell(m_cells.emplace_back());
        if (!isLast.isOk()) return isLast;
        if (isLast.value()) return true;
    }
}

// One cell and the comma or row end behind it; true if the row ended.
Result<bool> CsvReader::readCell(std::string& cell) {
    const std::string& text = *m_text;
    const bool isQuoted = m_at < text.size() && text[m_at] == '"';
    if (isQuoted) {
        for (++m_at;; ++m_at) {
            if (m_at >= text.size()) return corrupt("a quote opens here and never closes; close it or double it");
            if (text[m_at] == '"') {
                if (m_at + 1 >= text.size() || text[m_at + 1] != '"') break;
                ++m_at;
            }
            if (text[m_at] == '\n') ++m_nextLine;
            if (cell.size() == kMaxCellBytes) return corrupt("a cell is longer than 1 MiB; look for a quote that does not close");
            cell += text[m_at];
        }
        ++m_at;
    } else {
        const std::size_t end = std::min(text.find_first_of(",\r\n", m_at), text.size());
        if (end - m_at > kMaxCellBytes) return corrupt("a cell is longer than 1 MiB; this is no list of films");
        cell = text.substr(m_at, end - m_at);
        m_at = end;
    }
    if (m_at < text.size() && text[m_at] == ',') {
        ++m_at;
        return false;
    }
    if (endOfRow()) return true;
    return corrupt("text follows a closing quote; double the quotes inside a quoted cell");
}

}  // namespace cxr
