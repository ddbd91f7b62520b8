// Which films are held out. Films of one group (patient) always stay together; each site is spread over all folds.
// Deterministic for a seed on every platform (own shuffle over std::mt19937_64).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace cxr::train {

// What decides where a film goes.
struct FilmKey {
    std::string site, group;
    int fold = -1;  // given by the data set; -1: the seed decides
};
std::vector<FilmKey> keysOf(const std::vector<LabelledFilm>& films);
std::vector<FilmKey> keysOf(const std::vector<LabelledInput>& films);

// Fold in [0, folds) of each film; a given fold counts for its whole group. Where a site gives folds, its groups without
// one get -2: they are never held out. REQUIRES: folds >= 2
std::vector<int> assignFolds(const std::vector<FilmKey>& films, int folds, std::uint64_t seed);

struct Split {
    std::vector<std::size_t> training;  // seen by the optimiser
    std::vector<std::size_t> monitor;   // never seen by the optimiser, decides when to stop
    std::vector<std::size_t> heldOut;   // never looked at during training: the fold for the card
};

// fold -1: nothing held out. `monitorFraction` of the groups of each site (at least one group if a site has ten).
Split splitFilms(const std::vector<FilmKey>& films, int folds, int fold, double monitorFraction, std::uint64_t seed);

// 0..count-1 in a seeded order.
std::vector<std::size_t> shuffledOrder(std::size_t count, std::uint64_t seed);

}  // namespace cxr::train
