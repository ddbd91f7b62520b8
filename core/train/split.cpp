// Group-wise, site-stratified splitting by seeded round robin.
#include "core/train/split.h"

#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <utility>

namespace cxr::train {
namespace {

constexpr int kNeverHeldOut = -2;

using Groups = std::map<std::string, std::vector<std::string>>;  // site -> groups, each once, in a seeded order

Groups shuffledGroups(const std::vector<FilmKey>& films, std::uint64_t seed) {
    std::map<std::string, std::set<std::string>> sorted;
    for (const auto& film : films) sorted[film.site].insert(film.group);
    Groups groups;
    std::uint64_t siteIndex = 0;
    for (const auto& [site, names] : sorted) {
        const std::vector<std::string> list(names.begin(), names.end());
        for (const std::size_t i : shuffledOrder(list.size(), seed + 7919 * siteIndex)) groups[site].push_back(list[i]);
        ++siteIndex;
    }
    return groups;
}

template <typename Film>
FilmKey keyOf(const Film& film, int fold) {
    return {film.site, film.group, fold};
}

}  // namespace

std::vector<FilmKey> keysOf(const std::vector<LabelledFilm>& films) {
    std::vector<FilmKey> keys;
    for (const auto& film : films) keys.push_back(keyOf(film, -1));
    return keys;
}

std::vector<FilmKey> keysOf(const std::vector<LabelledInput>& films) {
    std::vector<FilmKey> keys;
    for (const auto& film : films) keys.push_back(keyOf(film, film.fold));
    return keys;
}

std::vector<std::size_t> shuffledOrder(std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    return order;
}

std::vector<int> assignFolds(const std::vector<FilmKey>& films, int folds, std::uint64_t seed) {
    std::set<std::string> sitesWithFolds;
    for (const auto& film : films) {
        if (film.fold >= 0) sitesWithFolds.insert(film.site);
    }
    std::map<std::pair<std::string, std::string>, int> foldOfGroup;
    int next = 0;
    for (const auto& [site, groups] : shuffledGroups(films, seed)) {
        for (const auto& group : groups) foldOfGroup[{site, group}] = sitesWithFolds.contains(site) ? kNeverHeldOut : next++ % folds;
    }
    for (const auto& film : films) {
        if (film.fold >= 0) foldOfGroup[{film.site, film.group}] = film.fold;
    }
    std::vector<int> result;
    for (const auto& film : films) result.push_back(foldOfGroup.at({film.site, film.group}));
    return result;
}

Split splitFilms(const std::vector<FilmKey>& films, int folds, int fold, double monitorFraction,
                 std::uint64_t seed) {
    const std::vector<int> foldOf = assignFolds(films, folds, seed);
    std::vector<FilmKey> rest;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (foldOf[i] != fold) rest.push_back(films[i]);
    }
    std::set<std::pair<std::string, std::string>> monitored;
    for (const auto& [site, groups] : shuffledGroups(rest, seed + 104729)) {
        const auto share = static_cast<std::size_t>(std::lround(monitorFraction * static_cast<double>(groups.size())));
        const std::size_t count = groups.size() >= 10 && monitorFraction > 0 ? std::max<std::size_t>(1, share) : share;
        for (std::size_t i = 0; i < count && i < groups.size(); ++i) monitored.insert({site, groups[i]});
    }
    Split split;
    for (std::size_t i = 0; i < films.size(); ++i) {
        if (foldOf[i] == fold) split.heldOut.push_back(i);
        else if (monitored.contains({films[i].site, films[i].group})) split.monitor.push_back(i);
        else split.training.push_back(i);
    }
    return split;
}

}  // namespace cxr::train
