// Parts of a presentation state that have a file of their own. Inner header of core/dicom_in.
#pragma once

#include "core/dicom_in/object_reader.h"
#include "core/dicom_in/presentation_state.h"

namespace cxr {

// Layers, drawings and texts.
void readDrawings(const ObjectReader& read, PresentationState& state);
// Shutters of all shapes, and overlay planes.
void readShutterAndOverlays(const ObjectReader& read, PresentationState& state);

// Places are film pixels; a billion is a writing error.
[[nodiscard]] bool isPlace(double value);

}  // namespace cxr
