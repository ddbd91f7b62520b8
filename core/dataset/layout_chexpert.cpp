// CheXpert (Irvin et al., AAAI 2019): train.csv and valid.csv.
//   Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum, ... Support Devices
//   Path begins with the data set's folder: CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg
//   observation 1.0, 0.0, -1.0 (uncertain: NaN), blank (not mentioned: FilmTableOptions::blank)
#include <algorithm>

#include "core/dataset/film_layouts.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

struct ChexpertColumns {
    int path = -1, sex = -1, age = -1, side = -1, projection = -1;
    std::vector<int> labels;
};

Result<ChexpertColumns> columnsOf(const CsvReader& list) {
    ChexpertColumns columns;
    for (auto [index, name] : {std::pair{&columns.path, "Path"}, {&columns.sex, "Sex"}, {&columns.age, "Age"},
                               {&columns.side, "Frontal/Lateral"}, {&columns.projection, "AP/PA"}}) {
        const auto column = list.requiredColumn({name});
        if (!column.isOk()) return column.error();
        *index = column.value();
    }
    for (int i = 0; i < static_cast<int>(list.header().size()); ++i) {
        const bool isFact = i == columns.path || i == columns.sex || i == columns.age || i == columns.side || i == columns.projection;
        if (!isFact && !list.header()[static_cast<std::size_t>(i)].empty()) columns.labels.push_back(i);
    }
    if (columns.labels.empty()) return list.corrupt("there is no observation column behind AP/PA; check the header");
    return columns;
}

// The path inside the data set: without the folder that the publisher put in front.
fs::path inside(const fs::path& listed) {
    fs::path rest;
    bool isFirst = true;
    for (const fs::path& part : listed) {
        if (!isFirst) rest /= part;
        isFirst = false;
    }
    return rest;
}

fs::path locate(const fs::path& folder, const fs::path& listed) {
    for (const fs::path& candidate : {folder / inside(listed), folder / listed, folder.parent_path() / listed}) {
        std::error_code ignored;
        if (fs::is_regular_file(candidate, ignored)) return candidate;
    }
    return {};
}

// "train/patient00001/study1/view1_frontal.jpg" -> "train_patient00001_study1_view1_frontal"
std::string nameOf(const fs::path& listed) {
    std::string name = inside(listed).replace_extension().generic_string();
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

std::string patientOf(const fs::path& listed) {
    for (const fs::path& part : listed) {
        if (part.string().starts_with("patient")) return part.string();
    }
    return {};
}

std::string viewOf(const CsvReader& row, const ChexpertColumns& columns) {
    if (viewFrom(row.cell(columns.side)) == "LATERAL") return "LATERAL";
    const std::string projection = viewFrom(row.cell(columns.projection));
    return projection == "AP" || projection == "PA" ? projection : viewFrom(row.cell(columns.side));
}

Result<FilmRecord> filmOf(const CsvReader& row, const ChexpertColumns& columns, BlankLabel blank) {
    FilmRecord film;
    const fs::path listed(row.cell(columns.path));
    film.name = nameOf(listed);
    film.patient = patientOf(listed);
    film.site = "chexpert";
    if (film.name.empty() || film.patient.empty()) return row.corrupt("the path names no patient folder (patient00001); correct it");
    film.sex = sexFrom(row.cell(columns.sex));
    film.ageYears = ageFrom(row.cell(columns.age));
    film.view = viewOf(row, columns);
    for (const int column : columns.labels) {
        const auto label = labelFrom(row, column, blank);
        if (!label.isOk()) return label.error();
        film.labels.push_back(label.value());
    }
    return film;
}

Result<Done> readList(FilmTable& table, CsvReader list, const fs::path& folder, const FilmTableOptions& options,
                      const RunContext& context) {
    const auto columns = columnsOf(list);
    if (!columns.isOk()) return columns.error();
    std::vector<std::string> classes;
    for (const int i : columns.value().labels) classes.push_back(canonicalClassName(list.header()[static_cast<std::size_t>(i)]));
    if (!table.classes.empty() && table.classes != classes) {
        return list.corrupt("the observations differ from those of the other list; read the lists one by one");
    }
    table.classes = std::move(classes);
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) return Done{};
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the film list was stopped"};
        auto film = filmOf(list, columns.value(), options.blank);
        if (!film.isOk()) return film.error();
        FilmRecord record = std::move(film).value();
        record.path = locate(folder, fs::path(list.cell(columns.value().path)));
        if (record.path.empty()) ++table.missingPictures;
        else table.films.push_back(std::move(record));
    }
}

}  // namespace

Result<FilmTable> readChexpert(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    FilmTable table;
    table.layout = "CheXpert";
    for (const fs::path& file : files.lists) {
        auto list = CsvReader::open(file);
        if (!list.isOk()) return std::move(list).error();
        const auto read = readList(table, std::move(list).value(), files.folder, options, context);
        if (!read.isOk()) return read.error();
    }
    return table;
}

}  // namespace cxr
