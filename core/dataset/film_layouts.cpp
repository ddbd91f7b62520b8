#include "core/dataset/film_layouts.h"

#include <limits>
#include <unordered_map>

namespace cxr {

Result<float> labelFrom(const CsvReader& row, int column, BlankLabel blank) {
    constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
    const auto number = row.number(column);
    if (!number.isOk()) return number.error();
    if (!number.value()) return blank == BlankLabel::Negative ? 0.0F : unknown;
    const double value = *number.value();
    if (value == -1) return unknown;
    if (value == 0 || value == 1) return static_cast<float>(value);
    return row.corrupt("column \"" + row.header()[static_cast<std::size_t>(column)] + "\" must hold 0, 1, -1 or nothing; correct it");
}

namespace {

Result<LesionBox> boxOf(const CsvReader& row, const std::vector<int>& columns) {
    LesionBox box;
    box.className = canonicalClassName(std::string(row.cell(columns[1])));
    std::size_t next = 2;
    for (double* value : {&box.x, &box.y, &box.width, &box.height}) {
        const auto number = row.number(columns[next++]);
        if (!number.isOk()) return number.error();
        if (!number.value()) return row.corrupt("a box needs x, y, w and h; fill the cells");
        *value = *number.value();
    }
    if (box.width > 0 && box.height > 0) return box;
    return row.corrupt("a box needs a width and a height above 0; correct them");
}

}  // namespace

Result<Done> addBoxes(FilmTable& table, CsvReader& list, const std::vector<int>& columns) {
    std::unordered_map<std::string, std::size_t> filmOf;
    for (std::size_t i = 0; i < table.films.size(); ++i) filmOf[table.films[i].name] = i;
    std::set<std::string> unknown;
    std::size_t elsewhere = 0;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) break;
        auto box = boxOf(list, columns);
        if (!box.isOk()) return box.error();
        const auto film = filmOf.find(std::filesystem::path(list.cell(columns[0])).stem().string());
        if (table.classIndex(box.value().className) < 0) unknown.insert(box.value().className);
        else if (film == filmOf.end()) ++elsewhere;
        else table.films[film->second].boxes.push_back(std::move(box).value());
    }
    for (const std::string& name : unknown) table.notes.push_back("boxes of \"" + name + "\" were left out: no such class");
    if (elsewhere > 0) table.notes.push_back(std::to_string(elsewhere) + " boxes belong to films that are not in this table");
    return Done{};
}

}  // namespace cxr
