// The two C names of the loadable module; nothing else of it is visible.
#pragma once

#include "core/engine/engine.h"

namespace cxr {

// Raised whenever engine.h changes: a module of another build is refused instead of misread.
inline constexpr int kEngineInterface = 3;
inline constexpr const char* kEngineModuleFile = "libcxr_engine.so";
inline constexpr const char* kEngineInterfaceSymbol = "cxr_engine_interface";
inline constexpr const char* kEngineCreateSymbol = "cxr_engine_create";

using EngineInterfaceFunction = int (*)();
using EngineCreateFunction = Engine* (*)();  // the caller owns it; never null

}  // namespace cxr
