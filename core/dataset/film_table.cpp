// Which layout a folder has, and what all layouts need after reading.
#include "core/dataset/film_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "core/dataset/film_layouts.h"
#include "core/dataset/picture_files.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

using LayoutReader = Result<FilmTable> (*)(const LayoutFiles&, const FilmTableOptions&, const RunContext&);

struct Layout {
    LayoutReader read = nullptr;
    LayoutFiles files;
};

bool hasColumns(const fs::path& csv, const std::vector<std::string>& names) {
    const auto list = CsvReader::open(csv);
    return list.isOk() && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
               return list.value().column({name}) >= 0;
           });
}

std::vector<fs::path> listsIn(const fs::path& folder) {
    std::vector<fs::path> lists;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        if (lowerCase(it->path().extension().string()) == ".csv") lists.push_back(it->path());
    }
    std::sort(lists.begin(), lists.end());
    return lists;
}

bool hasSites(const fs::path& folder) {
    if (fs::is_directory(folder / "image")) return true;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        if (fs::is_directory(it->path() / "image")) return true;
    }
    return false;
}

// What one list is by its name and header; null: a plain one, or none.
LayoutReader readerOf(const fs::path& list) {
    const std::string name = list.filename().string();
    if (name == "labels.csv" && hasColumns(list, {"image", "patient_id"}) && hasColumns(list, {"Atelectasis"})) return readOurs;
    if (name == "labels.csv" && fs::is_directory(list.parent_path() / "images_320")) return readOurs;
    if (name.starts_with("Data_Entry_2017")) return readNih;
    if (hasColumns(list, {"Path", "Frontal/Lateral"})) return readChexpert;
    if (name == "metadata.csv" && hasColumns(list, {"filename", "view"})) return readMetadata;
    return nullptr;
}

Result<Layout> recognise(const fs::path& folderOrCsv) {
    std::error_code ignored;
    if (fs::is_regular_file(folderOrCsv, ignored)) {
        const LayoutReader reader = readerOf(folderOrCsv);
        return Layout{reader != nullptr ? reader : readPlain, {fs::absolute(folderOrCsv).parent_path(), {folderOrCsv}}};
    }
    const fs::path folder = fs::absolute(folderOrCsv).lexically_normal();
    const fs::path base = folder.has_filename() ? folder : folder.parent_path();
    if (!fs::is_directory(base, ignored)) return Error{ErrorCode::NotFound, "there is no such data set folder; check the path"};
    const auto lists = listsIn(base);
    Layout layout{nullptr, {base, {}}};
    for (const fs::path& list : lists) {
        const LayoutReader reader = readerOf(list);
        if (reader == nullptr || (layout.read != nullptr && reader != layout.read)) continue;
        layout.read = reader;
        layout.files.lists.push_back(list);
    }
    if (layout.read != nullptr) return layout;
    if (hasSites(base)) return Layout{readSites, {base, {}}};
    if (lists.size() == 1) return Layout{readPlain, {base, lists}};
    return Error{ErrorCode::NotFound, lists.empty() ? "this folder has no list of films (CSV) and no <site>/image folders; add one"
                                                    : "this folder has several lists that are not known; name the CSV itself"};
}

Result<Done> checkMissing(FilmTable& table, const FilmTableOptions& options) {
    if (table.films.empty()) {
        std::string where;
        for (const std::string& folder : options.imageFolders) where += (where.empty() ? " in " : ", ") + folder;
        if (table.missingPictures == 0) return Error{ErrorCode::NotFound, "the list names no film" + where + "; check the list"};
        return Error{ErrorCode::NotFound, "none of the " + std::to_string(table.missingPictures) + " listed pictures is there" +
                                              where + "; unpack the pictures beside the list"};
    }
    if (table.missingPictures > 0) {
        table.notes.push_back(std::to_string(table.missingPictures) + " listed pictures are not there and were left out");
    }
    return Done{};
}

void readSizes(FilmTable& table) {
    for (FilmRecord& film : table.films) {
        if (const auto size = pngSize(film.path)) std::tie(film.widthPx, film.heightPx) = *size;
    }
}

std::vector<float> picked(const std::vector<float>& values, const std::vector<int>& from) {
    std::vector<float> result;
    for (const int index : from) result.push_back(index < 0 ? kUnknown : values[static_cast<std::size_t>(index)]);
    return result;
}

// The first name of two films, or kNowhere.
std::size_t firstRepeat(const std::vector<FilmRecord>& films) {
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (!names.insert(films[i].name).second) return i;
    }
    return kNowhere;
}

void nameBySiteWhereRepeated(std::vector<FilmRecord>& films) {
    std::unordered_map<std::string, int> uses;
    for (const FilmRecord& film : films) ++uses[film.name];
    for (FilmRecord& film : films) {
        if (uses[film.name] > 1) film.name = film.site + "/" + film.name;
    }
}

}  // namespace

int FilmTable::classIndex(const std::string& name) const {
    const auto found = std::find(classes.begin(), classes.end(), name);
    return found == classes.end() ? -1 : static_cast<int>(found - classes.begin());
}

Result<FilmTable> readFilmTable(const fs::path& folderOrCsv, const FilmTableOptions& options, const RunContext& context) {
    const auto layout = recognise(folderOrCsv);
    if (!layout.isOk()) return layout.error();
    auto read = layout.value().read(layout.value().files, options, context);
    if (!read.isOk()) return read;
    FilmTable table = std::move(read).value();
    const auto missing = checkMissing(table, options);
    if (!missing.isOk()) return missing.error();
    if (firstRepeat(table.films) != kNowhere) nameBySiteWhereRepeated(table.films);
    if (const std::size_t repeat = firstRepeat(table.films); repeat != kNowhere) {
        return Error{ErrorCode::Corrupt, "two films have the same name; remove one of them from the list"};
    }
    if (!options.views.empty()) {
        std::erase_if(table.films, [&](const FilmRecord& film) {
            return std::find(options.views.begin(), options.views.end(), film.view) == options.views.end();
        });
        if (table.films.empty()) return Error{ErrorCode::NotFound, "no film has one of the wanted views; ask for others"};
    }
    if (!options.classes.empty()) table = withClasses(std::move(table), options.classes);
    if (options.pictureSizes) readSizes(table);
    return table;
}

Result<FilmTable> joinTables(std::vector<FilmTable> tables) {
    FilmTable joined;
    joined.layout = "joined";
    for (const FilmTable& table : tables) {
        for (const std::string& name : table.classes) {
            if (joined.classIndex(name) < 0) joined.classes.push_back(name);
        }
    }
    for (FilmTable& table : tables) {
        FilmTable part = withClasses(std::move(table), joined.classes);
        joined.missingPictures += part.missingPictures;
        joined.notes.insert(joined.notes.end(), part.notes.begin(), part.notes.end());
        std::move(part.films.begin(), part.films.end(), std::back_inserter(joined.films));
    }
    nameBySiteWhereRepeated(joined.films);
    if (firstRepeat(joined.films) == kNowhere) return joined;
    return Error{ErrorCode::InvalidArgument, "the same film is in two of the joined data sets; leave one of them out"};
}

FilmTable withClasses(FilmTable table, const std::vector<std::string>& classes) {
    std::vector<int> from;
    for (const std::string& name : classes) from.push_back(table.classIndex(name));
    for (FilmRecord& film : table.films) {
        film.labels = picked(film.labels, from);
        if (!film.softLabels.empty()) film.softLabels = picked(film.softLabels, from);
        std::erase_if(film.boxes, [&](const LesionBox& box) {
            return std::find(classes.begin(), classes.end(), box.className) == classes.end();
        });
    }
    table.classes = classes;
    return table;
}

std::string canonicalClassName(const std::string& name) {
    std::string canonical(trimmed(name));
    std::replace(canonical.begin(), canonical.end(), ' ', '_');
    if (canonical == "Infiltrate") return "Infiltration";
    if (canonical == "Pleural_Effusion") return "Effusion";
    return canonical;
}

const std::vector<std::string>& nihClasses() {
    static const std::vector<std::string> classes{
        "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
        "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia"};
    return classes;
}

}  // namespace cxr
