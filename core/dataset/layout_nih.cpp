// NIH ChestX-ray14, as its publisher gives it and as our folder has it (Wang et al., ChestX-ray8, CVPR 2017).
//   Data_Entry_2017*.csv  Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,
//                         OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]     the commas in brackets part columns
//   BBox_List_2017.csv    Image Index,Finding Label,Bbox [x,y,w,h],,,                    on the 1024 x 1024 picture
//   labels are mined from reports: a film without a label is negative, "No Finding" is no class
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/dataset/film_layouts.h"
#include "core/dataset/picture_files.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// The columns that both forms of the list have, by whatever name; -1 where absent.
struct FilmColumns {
    int image = -1, patient = -1, age = -1, sex = -1, view = -1, width = -1, height = -1, spacingX = -1, spacingY = -1, fold = -1;
};

Result<double> positiveOrUnknown(const CsvReader& row, int column) {
    const auto number = row.number(column);
    if (!number.isOk()) return number.error();
    const double value = number.value().value_or(0);
    if (value >= 0 && value < 1e6) return value;
    return row.corrupt("column \"" + row.header()[static_cast<std::size_t>(column)] + "\" must not be negative or beyond 10^6");
}

Result<Done> fillOriginal(const CsvReader& row, const FilmColumns& columns, OriginalPicture& original) {
    std::array<double, 4> values{};
    const std::array<int, 4> from{columns.width, columns.height, columns.spacingX, columns.spacingY};
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto value = positiveOrUnknown(row, from[i]);
        if (!value.isOk()) return value.error();
        values[i] = value.value();
    }
    original = {static_cast<int>(values[0]), static_cast<int>(values[1]), values[2], values[3]};
    return Done{};
}

Result<FilmRecord> readFacts(const CsvReader& row, const FilmColumns& columns) {
    FilmRecord film;
    film.name = fs::path(row.cell(columns.image)).stem().string();
    film.patient = row.cell(columns.patient);
    film.site = "nih14";
    if (film.name.empty() || film.patient.empty()) return row.corrupt("a film needs a file name and a patient; fill both cells");
    film.view = viewFrom(row.cell(columns.view));
    film.sex = sexFrom(row.cell(columns.sex));
    film.ageYears = ageFrom(row.cell(columns.age));
    const auto original = fillOriginal(row, columns, film.original);
    if (!original.isOk()) return original.error();
    const auto fold = row.number(columns.fold);
    if (!fold.isOk()) return fold.error();
    const double given = fold.value().value_or(-1);
    if (given < -1 || given > 1000 || given != std::floor(given)) return row.corrupt("the fold must be a whole number from 0; correct it");
    film.fold = static_cast<int>(given);
    return film;
}

// Patient of a film that only the box list names: NIH names are <patient 8 digits>_<follow-up 3 digits>.png.
std::string patientOfName(const std::string& name) {
    const std::string digits = name.substr(0, name.find('_'));
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string::npos ? digits : digits.substr(first);
}

std::vector<fs::path> subfolders(const fs::path& folder, const std::string& prefix) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
        if (it->is_directory() && it->path().filename().string().starts_with(prefix)) found.push_back(it->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<fs::path> named(const fs::path& folder, const std::vector<std::string>& names) {
    std::vector<fs::path> folders;
    for (const std::string& name : names) folders.push_back(folder / name);
    return folders;
}

// The films of `boxes_1024` that labels.csv does not have: nothing is known but the boxes' classes.
Result<Done> addFilmsOfBoxes(FilmTable& table, CsvReader list, const PictureFolders& pictures, const std::set<std::string>& listed) {
    const auto image = list.requiredColumn({"image"}), label = list.requiredColumn({"label"});
    if (!image.isOk()) return image.error();
    if (!label.isOk()) return label.error();
    std::unordered_map<std::string, std::size_t> added;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) return Done{};
        const std::string name = fs::path(list.cell(image.value())).stem().string();
        const fs::path path = pictures.find(std::string(list.cell(image.value())));
        if (path.empty() || listed.contains(name)) continue;
        const auto [at, isNew] = added.try_emplace(name, table.films.size());
        if (isNew) {
            FilmRecord film;
            film.path = path;
            film.name = name;
            film.patient = patientOfName(name);
            film.site = "nih14";
            film.labels.assign(table.classes.size(), kUnknown);
            table.films.push_back(std::move(film));
        }
        const int index = table.classIndex(canonicalClassName(std::string(list.cell(label.value()))));
        if (index >= 0) table.films[at->second].labels[static_cast<std::size_t>(index)] = 1;
    }
}

Result<Done> addSoftLabels(FilmTable& table, const fs::path& file) {
    auto opened = CsvReader::open(file);
    if (!opened.isOk()) return std::move(opened).error();
    CsvReader list = std::move(opened).value();
    const auto image = list.requiredColumn({"Image Index", "image"});
    if (!image.isOk()) return image.error();
    std::vector<int> columns;
    for (const std::string& name : table.classes) columns.push_back(list.column({"prob_" + name, name}));
    std::unordered_map<std::string, std::size_t> filmOf;
    for (std::size_t i = 0; i < table.films.size(); ++i) filmOf[table.films[i].name] = i;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) return Done{};
        const auto film = filmOf.find(fs::path(list.cell(image.value())).stem().string());
        if (film == filmOf.end()) continue;
        auto& soft = table.films[film->second].softLabels;
        soft.assign(table.classes.size(), kUnknown);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto value = list.number(columns[c]);
            if (!value.isOk()) return value.error();
            if (!value.value()) continue;
            if (*value.value() < 0 || *value.value() > 1) return list.corrupt("a probability must be from 0 to 1; correct it");
            soft[c] = static_cast<float>(*value.value());
        }
    }
}

Result<Done> addBoxesOfFile(FilmTable& table, const fs::path& file, const std::vector<std::vector<std::string>>& titles) {
    auto list = CsvReader::open(file);
    if (!list.isOk()) return std::move(list).error();
    std::vector<int> columns;
    for (const auto& names : titles) {
        const auto column = list.value().requiredColumn(names);
        if (!column.isOk()) return column.error();
        columns.push_back(column.value());
    }
    CsvReader reader = std::move(list).value();
    return addBoxes(table, reader, columns);
}

Result<FilmColumns> ourColumns(const CsvReader& list) {
    const auto image = list.requiredColumn({"image"}), patient = list.requiredColumn({"patient_id"});
    if (!image.isOk()) return image.error();
    if (!patient.isOk()) return patient.error();
    return FilmColumns{image.value(), patient.value(), list.column({"age"}), list.column({"sex"}), list.column({"view"}),
                       list.column({"orig_w"}), list.column({"orig_h"}), list.column({"spacing_x"}), list.column({"spacing_y"}),
                       list.column({"cv_fold5", "fold"})};
}

// Rows of labels.csv whose picture is in one of the wanted folders. `listed`: every name of the list.
Result<Done> readOurRows(FilmTable& table, CsvReader& list, const PictureFolders& wanted, const PictureFolders& everywhere,
                         std::set<std::string>& listed, const RunContext& context) {
    const auto columns = ourColumns(list);
    if (!columns.isOk()) return columns.error();
    std::vector<int> labelColumns;
    for (const std::string& name : table.classes) {
        const auto column = list.requiredColumn({name});
        if (!column.isOk()) return column.error();
        labelColumns.push_back(column.value());
    }
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) return Done{};
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the film list was stopped"};
        auto film = readFacts(list, columns.value());
        if (!film.isOk()) return film.error();
        FilmRecord record = std::move(film).value();
        if (!listed.insert(record.name).second) return list.corrupt("this film is listed twice; remove one of the rows");
        for (const int column : labelColumns) {
            const auto label = labelFrom(list, column, BlankLabel::Unknown);
            if (!label.isOk()) return label.error();
            record.labels.push_back(label.value());
        }
        const std::string file(list.cell(columns.value().image));
        record.path = wanted.find(file);
        if (record.path.empty()) {
            if (everywhere.find(file).empty()) ++table.missingPictures;
            continue;
        }
        table.films.push_back(std::move(record));
    }
}

Result<std::vector<float>> labelsOfFindings(const CsvReader& row, int column, const FilmTable& table, std::set<std::string>& unknown) {
    std::vector<float> labels(table.classes.size(), 0);
    std::string_view rest = row.cell(column);
    if (rest.empty()) return row.corrupt("the finding labels are empty; write No Finding where there is none");
    while (!rest.empty()) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        const std::string name = canonicalClassName(std::string(trimmed(rest.substr(0, bar))));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
        const int index = table.classIndex(name);
        if (index >= 0) labels[static_cast<std::size_t>(index)] = 1;
        else if (name != "No_Finding") unknown.insert(name);
    }
    return labels;
}

Result<FilmColumns> nihColumns(const CsvReader& list) {
    const auto image = list.requiredColumn({"Image Index"}), patient = list.requiredColumn({"Patient ID"});
    if (!image.isOk()) return image.error();
    if (!patient.isOk()) return patient.error();
    return FilmColumns{image.value(), patient.value(), list.column({"Patient Age"}), list.column({"Patient Gender", "Patient Sex"}),
                       list.column({"View Position"}), list.column({"OriginalImage[Width", "OriginalImageWidth"}),
                       list.column({"Height]", "OriginalImageHeight"}),
                       list.column({"OriginalImagePixelSpacing[x", "OriginalImagePixelSpacing_x"}),
                       list.column({"y]", "OriginalImagePixelSpacing_y"}), -1};
}

Result<Done> readNihRows(FilmTable& table, CsvReader& list, const PictureFolders& pictures, const RunContext& context) {
    const auto columns = nihColumns(list);
    const auto findings = list.requiredColumn({"Finding Labels"});
    if (!columns.isOk()) return columns.error();
    if (!findings.isOk()) return findings.error();
    std::set<std::string> unknown, listed;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) break;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the film list was stopped"};
        auto film = readFacts(list, columns.value());
        if (!film.isOk()) return film.error();
        FilmRecord record = std::move(film).value();
        if (!listed.insert(record.name).second) return list.corrupt("this film is listed twice; remove one of the rows");
        auto labels = labelsOfFindings(list, findings.value(), table, unknown);
        if (!labels.isOk()) return labels.error();
        record.labels = std::move(labels).value();
        record.path = pictures.find(std::string(list.cell(columns.value().image)));
        if (record.path.empty()) ++table.missingPictures;
        else table.films.push_back(std::move(record));
    }
    for (const std::string& name : unknown) table.notes.push_back("finding \"" + name + "\" is none of the 14 diseases and was left out");
    return Done{};
}

std::vector<fs::path> nihFolders(const fs::path& folder, const FilmTableOptions& options) {
    if (!options.imageFolders.empty()) return named(folder, options.imageFolders);
    std::vector<fs::path> folders;
    for (const fs::path& images : subfolders(folder, "images")) {
        folders.push_back(images);
        folders.push_back(images / "images");
    }
    return folders.empty() ? std::vector<fs::path>{folder} : folders;
}

}  // namespace

Result<FilmTable> readOurs(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    auto opened = CsvReader::open(files.lists.front());
    if (!opened.isOk()) return std::move(opened).error();
    CsvReader list = std::move(opened).value();
    const auto folders = options.imageFolders.empty() ? std::vector<std::string>{"images_320"} : options.imageFolders;
    const PictureFolders wanted(named(files.folder, folders)), everywhere(subfolders(files.folder, "images"));
    FilmTable table;
    table.layout = "ours";
    table.classes = nihClasses();
    std::set<std::string> listed;
    const auto rows = readOurRows(table, list, wanted, everywhere, listed, context);
    if (!rows.isOk()) return rows.error();
    if (const fs::path boxes = files.folder / "boxes.csv"; fs::exists(boxes)) {
        if (std::find(folders.begin(), folders.end(), "boxes_1024") != folders.end()) {
            auto boxList = CsvReader::open(boxes);
            if (!boxList.isOk()) return std::move(boxList).error();
            const auto more = addFilmsOfBoxes(table, std::move(boxList).value(), wanted, listed);
            if (!more.isOk()) return more.error();
        }
        const auto added = addBoxesOfFile(table, boxes, {{"image"}, {"label"}, {"x"}, {"y"}, {"w"}, {"h"}});
        if (!added.isOk()) return added.error();
    }
    if (!options.softLabels) return table;
    const auto soft = addSoftLabels(table, files.folder / "chexnet_predictions.csv");
    if (!soft.isOk()) return soft.error();
    return table;
}

Result<FilmTable> readNih(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    auto opened = CsvReader::open(files.lists.front());
    if (!opened.isOk()) return std::move(opened).error();
    CsvReader list = std::move(opened).value();
    FilmTable table;
    table.layout = "NIH";
    table.classes = nihClasses();
    const auto rows = readNihRows(table, list, PictureFolders(nihFolders(files.folder, options)), context);
    if (!rows.isOk()) return rows.error();
    const fs::path boxes = files.folder / "BBox_List_2017.csv";
    if (!fs::exists(boxes)) return table;
    const auto added = addBoxesOfFile(table, boxes, {{"Image Index"}, {"Finding Label"}, {"Bbox [x"}, {"y"}, {"w"}, {"h]"}});
    if (!added.isOk()) return added.error();
    return table;
}

}  // namespace cxr
