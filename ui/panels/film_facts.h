// The facts of a film as rows for people: view, spacing and its source, coding, window. Pure functions.
#pragma once

#include <QString>
#include <vector>

#include "core/image/image.h"

namespace cxr::ui {

struct FilmFact {
    QString objectName;  // of the row's value, stable
    QString key;         // "Spacing"
    QString text;        // filmFactKeys(): the explanation; filmFacts(): the value, empty = nothing to say
};

// All rows in order, with an explanation as text.
std::vector<FilmFact> filmFactKeys();
std::vector<FilmFact> filmFacts(const Image& image);

}  // namespace cxr::ui
