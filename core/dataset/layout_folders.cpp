// Film tables from what people make themselves: a folder with one list, site folders of pictures, and the metadata.csv of a
// public collection of published pictures.
#include <algorithm>
#include <limits>

#include "core/dataset/film_layouts.h"
#include "core/dataset/picture_files.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kImageTitles{"image", "path", "file", "filename", "image index", "image_path"};
const std::vector<std::string> kPatientTitles{"patient", "patient_id", "patientid", "patient id"};
const std::vector<std::string> kSexTitles{"sex", "gender", "patient gender"};
const std::vector<std::string> kAgeTitles{"age", "patient age"};
const std::vector<std::string> kViewTitles{"view", "view position", "view_position"};
const std::vector<std::string> kFoldTitles{"fold", "cv_fold5"};
const std::vector<std::string> kSiteTitles{"site", "hospital"};

struct PlainColumns {
    int image = -1, patient = -1, sex = -1, age = -1, view = -1, fold = -1, site = -1;
    [[nodiscard]] bool isFact(int column) const {
        return column == image || column == patient || column == sex || column == age || column == view || column == fold ||
               column == site;
    }
};

Result<PlainColumns> columnsOf(const CsvReader& list) {
    const auto image = list.requiredColumn(kImageTitles);
    if (!image.isOk()) return image.error();
    return PlainColumns{image.value(), list.column(kPatientTitles), list.column(kSexTitles), list.column(kAgeTitles),
                        list.column(kViewTitles), list.column(kFoldTitles), list.column(kSiteTitles)};
}

// Which columns hold labels only. Names the first line that keeps a wanted class from being one.
struct LabelColumns {
    std::vector<int> columns;
    std::vector<std::string> classes, notes;
};

Result<LabelColumns> findLabels(CsvReader list, const PlainColumns& facts, const std::vector<std::string>& wanted) {
    const int count = static_cast<int>(list.header().size());
    std::vector<std::size_t> wrongLine(list.header().size(), 0);
    std::vector<bool> isUsed(list.header().size(), false);
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) break;
        for (int i = 0; i < count; ++i) {
            const auto at = static_cast<std::size_t>(i);
            if (list.cell(i).empty()) continue;
            isUsed[at] = true;
            if (wrongLine[at] == 0 && !labelFrom(list, i, BlankLabel::Unknown).isOk()) wrongLine[at] = list.line();
        }
    }
    LabelColumns labels;
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const std::string name = canonicalClassName(list.header()[at]);
        if (facts.isFact(i) || name.empty() || !isUsed[at]) continue;
        if (wrongLine[at] == 0) {
            labels.columns.push_back(i);
            labels.classes.push_back(name);
        } else if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) {
            return Error{ErrorCode::Corrupt, "line " + std::to_string(wrongLine[at]) + ": column \"" + list.header()[at] +
                                                 "\" must hold 0, 1, -1 or nothing; correct it"};
        } else {
            labels.notes.push_back("column \"" + list.header()[at] + "\" is no label: line " + std::to_string(wrongLine[at]) +
                                   " holds something else than 0, 1, -1 or nothing");
        }
    }
    return labels;
}

fs::path locate(const fs::path& folder, const std::vector<std::string>& imageFolders, const fs::path& listed) {
    std::vector<fs::path> candidates{folder / listed};
    for (const std::string& name : imageFolders) candidates.push_back(folder / name / listed);
    if (imageFolders.empty()) candidates.push_back(folder / "images" / listed);
    for (const fs::path& candidate : candidates) {
        std::error_code ignored;
        if (fs::is_regular_file(candidate, ignored)) return candidate;
    }
    return {};
}

std::string nameOfListed(const fs::path& listed) {
    std::string name = listed.is_absolute() ? listed.stem().string() : fs::path(listed).replace_extension().generic_string();
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

Result<FilmRecord> plainFilm(const CsvReader& row, const PlainColumns& columns, const std::string& site) {
    FilmRecord film;
    film.name = nameOfListed(fs::path(row.cell(columns.image)));
    if (film.name.empty()) return row.corrupt("the picture's file name is missing; fill the cell");
    film.patient = row.cell(columns.patient);
    if (film.patient.empty()) film.patient = film.name;
    film.site = row.cell(columns.site);
    if (film.site.empty()) film.site = site;
    film.sex = sexFrom(row.cell(columns.sex));
    film.ageYears = ageFrom(row.cell(columns.age));
    film.view = viewFrom(row.cell(columns.view));
    const auto fold = row.number(columns.fold);
    if (!fold.isOk()) return fold.error();
    if (const double given = fold.value().value_or(-1); given >= -1 && given <= 1000 && given == static_cast<int>(given)) {
        film.fold = static_cast<int>(given);
        return film;
    }
    return row.corrupt("the fold must be a whole number from 0; correct it");
}

bool isSite(const fs::path& folder) { return fs::is_directory(folder / "image"); }

std::vector<fs::path> sitesIn(const fs::path& folder, const std::vector<std::string>& wanted) {
    std::vector<fs::path> sites;
    if (isSite(folder)) sites.push_back(folder);
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !isSite(folder) && !failed && it != end; it.increment(failed)) {
        if (isSite(it->path())) sites.push_back(it->path());
    }
    std::erase_if(sites, [&](const fs::path& site) {
        return !wanted.empty() && std::find(wanted.begin(), wanted.end(), site.filename().string()) == wanted.end();
    });
    std::sort(sites.begin(), sites.end());
    return sites;
}

}  // namespace

Result<FilmTable> readPlain(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    auto opened = CsvReader::open(files.lists.front());
    if (!opened.isOk()) return std::move(opened).error();
    CsvReader list = std::move(opened).value();
    const auto columns = columnsOf(list);
    if (!columns.isOk()) return columns.error();
    auto labels = findLabels(list, columns.value(), options.classes);
    if (!labels.isOk()) return std::move(labels).error().within(files.lists.front().filename().string());
    FilmTable table{labels.value().classes, {}, "plain", 0, labels.value().notes};
    std::set<std::string> listed;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) return table;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the film list was stopped"};
        auto film = plainFilm(list, columns.value(), files.folder.filename().string());
        if (!film.isOk()) return film.error();
        FilmRecord record = std::move(film).value();
        if (!listed.insert(record.name).second) return list.corrupt("this film is listed twice; remove one of the rows");
        for (const int column : labels.value().columns) {
            const auto label = labelFrom(list, column, options.blank);
            if (!label.isOk()) return label.error();
            record.labels.push_back(label.value());
        }
        record.path = locate(files.folder, options.imageFolders, fs::path(list.cell(columns.value().image)));
        if (record.path.empty()) ++table.missingPictures;
        else table.films.push_back(std::move(record));
    }
}

Result<FilmTable> readMetadata(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    auto opened = CsvReader::open(files.lists.front());
    if (!opened.isOk()) return std::move(opened).error();
    CsvReader list = std::move(opened).value();
    const auto columns = columnsOf(list);
    if (!columns.isOk()) return columns.error();
    const int modality = list.column({"modality"});
    FilmTable table;
    table.layout = "metadata";
    std::size_t otherModalities = 0;
    std::set<std::string> listed;
    while (true) {
        const auto more = list.next();
        if (!more.isOk()) return more.error();
        if (!more.value()) break;
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the film list was stopped"};
        auto film = plainFilm(list, columns.value(), files.folder.filename().string());
        if (!film.isOk()) return film.error();
        FilmRecord record = std::move(film).value();
        record.fold = -1;
        record.path = locate(files.folder, options.imageFolders, fs::path(list.cell(columns.value().image)));
        const std::string_view kind = list.cell(modality);
        if (!kind.empty() && lowerCase(kind) != "x-ray") ++otherModalities;
        else if (!listed.insert(record.name).second) return list.corrupt("this film is listed twice; remove one of the rows");
        else if (record.path.empty()) ++table.missingPictures;
        else table.films.push_back(std::move(record));
    }
    if (otherModalities > 0) table.notes.push_back(std::to_string(otherModalities) + " rows are no X-ray and were left out");
    return table;
}

Result<FilmTable> readSites(const LayoutFiles& files, const FilmTableOptions& options, const RunContext& context) {
    FilmTable table;
    table.layout = "sites";
    for (const fs::path& site : sitesIn(files.folder, options.sites)) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "reading the folders was stopped"};
        for (const fs::path& file : PictureFolders({site / "image"}).all()) {
            FilmRecord film;
            film.path = file;
            film.name = film.patient = file.stem().string();
            film.site = site.filename().string();
            film.view = "FRONTAL";
            table.films.push_back(std::move(film));
        }
    }
    return table;
}

}  // namespace cxr
