// The privacy card: for each of the three places where a film can name its patient, what was done and what was not measured.
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/deidentify/deidentify.h"

namespace cxr {

struct PrivacyLayer {
    std::string title;        // "Header", "Burned-in text", "Picture content"
    std::string done;         // one or more sentences
    std::string notMeasured;  // one sentence
};

// Over all objects of a run.
struct PrivacyFacts {
    DeidentifyOptions options;
    int objects = 0;
    CleaningCounts counts;          // sums
    std::size_t identityWords = 0;  // searched for
    bool isKeyKept = false;
    bool isTextLookedFor = false, areBoxesConfirmed = false;
    int boxes = 0, boxedFilms = 0;
    int saysBurnedIn = 0;      // objects whose header warns of burned-in text, not cleaned
    std::string heartSpot;     // "rhline+heart, keeps 17.1 % of the pixels"; empty: whole films were written
};

std::vector<PrivacyLayer> privacyCard(const PrivacyFacts& facts);

}  // namespace cxr
