// Classes that are facts of the film list and no diseases: what the picture's projection or the patient's record says.
// Networks judge the projection by them, and learn the chest's variety from them beside few disease labels.
//   "Lateral"     1 lateral, 0 frontal
//   "AP"          1 anteroposterior, 0 posteroanterior
//   "Male"        1 M, 0 F
//   "AgeOver<N>"  1 older than N years, 0 not
// NaN where the list does not know.
//   thread rule  pure functions
#pragma once

#include <string>
#include <vector>

#include "core/dataset/film_table.h"

namespace cxr {

// Adds those of `wanted` that are facts and that the table does not have as columns of its own.
FilmTable withFactClasses(FilmTable table, const std::vector<std::string>& wanted);

}  // namespace cxr
