// The registry of explanations: a new one is one pair of files, one line in methods.cpp, and its name in
// core/engine/explain_methods.cpp.
//   thread rule  pure functions
#pragma once

#include <memory>

#include "core/explain/method.h"

namespace cxr::explain {

// REQUIRES: checkOptions(question.options) is fine. Occlusion reads the film's size, nothing else is looked at.
std::unique_ptr<Method> makeMethod(const Question& question);

}  // namespace cxr::explain
