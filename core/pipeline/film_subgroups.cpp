#include "core/pipeline/film_subgroups.h"

namespace cxr {
namespace {

std::string ageGroupOf(const FilmRecord& film) {
    if (!film.ageYears) return {};
    return *film.ageYears < 40 ? "0 to 39" : *film.ageYears <= 60 ? "40 to 60" : "over 60";
}

std::string kindOf(const FilmRecord& film, const std::string& by) {
    return by == "view" ? film.view : by == "sex" ? film.sex : ageGroupOf(film);
}

}  // namespace

Result<Subgroups> subgroupsOf(const FilmTable& table, const std::vector<std::string>& by) {
    Subgroups subgroups;
    for (const std::string& property : by) {
        if (property != "view" && property != "sex" && property != "age") {
            return Error{ErrorCode::InvalidArgument, "subgroups can be made by view, sex and age, not by " + property};
        }
        for (const FilmRecord& film : table.films) {
            const std::string kind = kindOf(film, property);
            if (!kind.empty()) subgroups[property][film.name] = kind;
        }
    }
    return subgroups;
}

}  // namespace cxr
