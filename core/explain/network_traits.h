// What explanations a network allows, from what it is made of. A network that is not listed here passes no rules: a layer
// that does not come from core/nn/layers.h would give wrong numbers without a word.
//   thread rule  pure functions
#pragma once

#include "core/engine/explain_methods.h"
#include "core/nn/network.h"

namespace cxr::explain {

NetworkTraits traitsOf(const nn::Network& network);

}  // namespace cxr::explain
