// Kinds of films that an evaluation looks at separately: by view, sex and age, as a data set's film table knows them.
//   thread rule  pure function
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/film_table.h"
#include "core/pipeline/evaluate_classifier.h"

namespace cxr {

// `by`: "view" (PA, AP, ...), "sex" (F, M), "age" (0 to 39, 40 to 60, over 60). Films whose table says nothing belong nowhere.
// fails InvalidArgument: another word.
Result<Subgroups> subgroupsOf(const FilmTable& table, const std::vector<std::string>& by);

}  // namespace cxr
