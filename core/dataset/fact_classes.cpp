// Facts of films as labels.
#include "core/dataset/fact_classes.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <optional>

namespace cxr {
namespace {

using Fact = std::function<std::optional<bool>(const FilmRecord&)>;

constexpr std::string_view kAgeOver = "AgeOver";

std::optional<bool> isLateral(const FilmRecord& film) {
    if (film.view == "LATERAL") return true;
    return film.isFrontal() ? std::optional(false) : std::nullopt;
}

std::optional<bool> isAp(const FilmRecord& film) {
    if (film.view != "AP" && film.view != "PA") return std::nullopt;
    return film.view == "AP";
}

std::optional<bool> isMale(const FilmRecord& film) {
    if (film.sex != "M" && film.sex != "F") return std::nullopt;
    return film.sex == "M";
}

Fact olderThan(double years) {
    return [years](const FilmRecord& film) {
        return film.ageYears ? std::optional(*film.ageYears > years) : std::nullopt;
    };
}

// Empty if the name is no fact.
Fact factNamed(const std::string& name) {
    if (name == "Lateral") return isLateral;
    if (name == "AP") return isAp;
    if (name == "Male") return isMale;
    if (!name.starts_with(kAgeOver)) return {};
    int years = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + kAgeOver.size(), end, years);
    return read.ec == std::errc() && read.ptr == end ? olderThan(years) : Fact{};
}

}  // namespace

FilmTable withFactClasses(FilmTable table, const std::vector<std::string>& wanted) {
    for (const std::string& name : wanted) {
        const Fact fact = factNamed(name);
        if (!fact || table.classIndex(name) >= 0) continue;
        table.classes.push_back(name);
        for (FilmRecord& film : table.films) {
            const auto answer = fact(film);
            film.labels.push_back(answer ? (*answer ? 1.0F : 0.0F) : std::nanf(""));
            if (!film.softLabels.empty()) film.softLabels.push_back(std::nanf(""));
        }
    }
    return table;
}

}  // namespace cxr
