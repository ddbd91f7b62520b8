#include "core/pipeline/prediction_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/dataset/csv.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "predictions.csv";
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Columns {
    int name = 0, group = 0, fold = 0;
    std::vector<int> logits, labels;  // one a class
};

std::optional<std::size_t> positionOf(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

Result<Columns> columnsOf(const CsvReader& csv, std::vector<std::string>& classes) {
    Columns columns;
    for (const auto& [name, column] : {std::pair{"name", &columns.name}, {"group", &columns.group}, {"fold", &columns.fold}}) {
        const auto position = csv.requiredColumn({name});
        if (!position.isOk()) return Error(position.error());
        *column = position.value();
    }
    constexpr std::string_view kLogit = "_logit";
    const std::vector<std::string>& header = csv.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (!header[i].ends_with(kLogit)) continue;
        classes.push_back(header[i].substr(0, header[i].size() - kLogit.size()));
        const auto label = csv.requiredColumn({classes.back() + "_label"});
        if (!label.isOk()) return Error(label.error());
        columns.logits.push_back(static_cast<int>(i));
        columns.labels.push_back(label.value());
    }
    if (classes.empty()) return csv.corrupt("there is no column <Class>_logit");
    return columns;
}

// 0, 1, or NaN for what is unknown or soft.
Result<double> labelOf(const CsvReader& csv, int column) {
    if (lowerCase(csv.cell(column)) == "nan") return kUnknown;
    const auto label = csv.number(column);
    if (!label.isOk()) return Error(label.error());
    const double value = label.value().value_or(kUnknown);
    if (value < 0 || value > 1) return csv.corrupt("a label must be 0, 1, between, or nothing");
    return value == 0 || value == 1 ? value : kUnknown;
}

Result<PredictedFilm> filmOf(const CsvReader& csv, const Columns& columns) {
    const auto fold = csv.number(columns.fold);
    if (!fold.isOk()) return Error(fold.error());
    if (!fold.value() || *fold.value() != std::floor(*fold.value())) return csv.corrupt("a fold must be a whole number");
    PredictedFilm film{std::string(csv.cell(columns.name)), std::string(csv.cell(columns.group)), static_cast<int>(*fold.value()), {}, {}};
    for (std::size_t c = 0; c < columns.logits.size(); ++c) {
        const auto logit = csv.number(columns.logits[c]);
        if (!logit.isOk() || !logit.value()) return csv.corrupt("a logit is not a finite number; look where its training went astray");
        const auto label = labelOf(csv, columns.labels[c]);
        if (!label.isOk()) return Error(label.error());
        film.logits.push_back(*logit.value());
        film.labels.push_back(label.value());
    }
    return film;
}

Result<PredictionTable> tableOf(CsvReader csv) {
    PredictionTable table;
    const auto columns = columnsOf(csv, table.classes);
    if (!columns.isOk()) return Error(columns.error());
    for (auto more = csv.next();; more = csv.next()) {
        if (!more.isOk()) return Error(more.error());
        if (!more.value()) break;
        auto film = filmOf(csv, columns.value());
        if (!film.isOk()) return std::move(film).error();
        table.films.push_back(std::move(film).value());
    }
    if (table.films.empty()) return csv.corrupt("there is no film in it");
    return table;
}

// Only `classes`, in their order.
Result<PredictionTable> withClasses(const PredictionTable& table, const std::vector<std::string>& classes) {
    std::vector<std::size_t> positions;
    for (const std::string& name : classes) {
        const auto position = positionOf(table.classes, name);
        if (!position) return Error{ErrorCode::InvalidArgument, "a run has no class " + name};
        positions.push_back(*position);
    }
    PredictionTable result{classes, {}};
    for (const PredictedFilm& film : table.films) {
        PredictedFilm chosen{film.name, film.group, film.fold, {}, {}};
        for (const std::size_t position : positions) {
            chosen.logits.push_back(film.logits[position]);
            chosen.labels.push_back(film.labels[position]);
        }
        result.films.push_back(std::move(chosen));
    }
    return result;
}

std::vector<std::string> sharedClasses(const std::vector<PredictionTable>& tables) {
    std::vector<std::string> classes = tables.front().classes;
    std::erase_if(classes, [&](const std::string& name) {
        return std::any_of(tables.begin(), tables.end(), [&](const auto& t) { return !positionOf(t.classes, name); });
    });
    return classes;
}

bool isSameTruth(const PredictedFilm& a, const PredictedFilm& b) {
    const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    return a.group == b.group && std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), equal);
}

// One film's predictions by several networks: mean of the logits, as core/nn/ensemble answers.
PredictedFilm averageOf(const std::vector<const PredictedFilm*>& films) {
    PredictedFilm mean = *films.front();
    for (std::size_t c = 0; c < mean.logits.size(); ++c) {
        double sum = 0;
        for (const PredictedFilm* film : films) sum += film->logits[c];
        mean.logits[c] = sum / static_cast<double>(films.size());
    }
    return mean;
}

Result<PredictionTable> merge(const std::vector<PredictionTable>& tables, bool isEnsemble) {
    std::map<std::string, std::vector<const PredictedFilm*>> byName;
    for (const PredictionTable& table : tables) {
        for (const PredictedFilm& film : table.films) byName[film.name].push_back(&film);
    }
    PredictionTable result{tables.front().classes, {}};
    const std::size_t networks = byName.begin()->second.size();
    for (const auto& [name, films] : byName) {
        if (films.size() > 1 && !isEnsemble) {
            return Error{ErrorCode::InvalidArgument, "a film stands in two runs; give --ensemble to average networks"};
        }
        if (films.size() != networks) {
            return Error{ErrorCode::InvalidArgument, "an ensemble needs every film from every network; give all folds of each"};
        }
        for (const PredictedFilm* film : films) {
            if (isSameTruth(*film, *films.front())) continue;
            return Error{ErrorCode::InvalidArgument, "two runs disagree on a film's labels or patient; use runs of one data set"};
        }
        result.films.push_back(averageOf(films));
    }
    return result;
}

}  // namespace

std::vector<double> PredictionTable::logitsOf(std::size_t classIndex) const {
    std::vector<double> values;
    for (const PredictedFilm& film : films) values.push_back(film.logits[classIndex]);
    return values;
}

std::vector<double> PredictionTable::labelsOf(std::size_t classIndex) const {
    std::vector<double> values;
    for (const PredictedFilm& film : films) values.push_back(film.labels[classIndex]);
    return values;
}

std::vector<std::string> PredictionTable::groups() const {
    std::vector<std::string> names;
    for (const PredictedFilm& film : films) names.push_back(film.group);
    return names;
}

std::vector<int> PredictionTable::parts() const {
    constexpr int kParts = 5;
    std::set<int> folds;
    std::map<std::string, int> patients;
    for (const PredictedFilm& film : films) {
        folds.insert(film.fold);
        patients[film.group] = 0;
    }
    int number = 0;
    for (auto& [patient, part] : patients) part = number++ % kParts;
    std::vector<int> result;
    for (const PredictedFilm& film : films) result.push_back(folds.size() > 1 ? film.fold : patients[film.group]);
    return result;
}

Result<PredictionTable> parsePredictions(const std::string& csv) {
    auto reader = CsvReader::parse(csv, kFileName);
    if (!reader.isOk()) return std::move(reader).error();
    return tableOf(std::move(reader).value());
}

Result<PredictionTable> readPredictions(const std::vector<fs::path>& runs, const PredictionOptions& options) {
    if (runs.empty()) return Error{ErrorCode::InvalidArgument, "give at least one run"};
    std::vector<PredictionTable> tables;
    for (const fs::path& run : runs) {
        auto reader = CsvReader::open(fs::is_directory(run) ? run / kFileName : run);
        if (!reader.isOk()) return std::move(reader).error().within(run.string());
        auto table = tableOf(std::move(reader).value());
        if (!table.isOk()) return std::move(table).error().within(run.string());
        tables.push_back(std::move(table).value());
    }
    const std::vector<std::string> classes = options.classes.empty() ? sharedClasses(tables) : options.classes;
    if (classes.empty()) return Error{ErrorCode::InvalidArgument, "the runs have no class in common"};
    for (PredictionTable& table : tables) {
        auto chosen = withClasses(table, classes);
        if (!chosen.isOk()) return chosen;
        table = std::move(chosen).value();
    }
    return merge(tables, options.ensemble);
}

}  // namespace cxr
