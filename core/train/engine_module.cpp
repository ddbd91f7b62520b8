// The two C names that the loader looks for. Everything else of the module is hidden.
#include "core/engine/engine_module.h"

#include "core/train/torch_engine.h"

extern "C" {

__attribute__((visibility("default"))) int cxr_engine_interface() { return cxr::kEngineInterface; }

__attribute__((visibility("default"))) cxr::Engine* cxr_engine_create() { return new cxr::train::TorchEngine; }

}  // extern "C"
