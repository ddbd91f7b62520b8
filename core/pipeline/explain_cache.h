// The memory of ExplainCache: least recently used entries go first. Only explain_film.cpp and explain_input.cpp use it.
//   thread rule  hold `mutex` around every use
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "core/pipeline/explain_input.h"

namespace cxr {

inline constexpr std::size_t kCachedInputs = 4;

// A film, shrunk, with heart and lungs once a network needed them.
struct CachedFilm {
    GrayFilm gray;
    double scale = 1;
    std::shared_ptr<const Segmentation> segmentation;  // in the pixels of `gray`
};

template <typename T>
using RecentList = std::list<std::pair<std::string, T>>;  // most recently used first

// The entry, moved to the front; nullptr if there is none.
template <typename T>
T* findRecent(RecentList<T>& list, const std::string& key) {
    for (auto at = list.begin(); at != list.end(); ++at) {
        if (at->first != key) continue;
        list.splice(list.begin(), list, at);
        return &list.front().second;
    }
    return nullptr;
}

struct ExplainCache::State {
    mutable std::mutex mutex;
    std::size_t maxBytes = 0, bytes = 0;  // of maps
    RecentList<std::shared_ptr<const CachedFilm>> films;
    RecentList<std::shared_ptr<const ExplainInput>> inputs;
    RecentList<std::shared_ptr<const Heatmap>> maps;
};

}  // namespace cxr
