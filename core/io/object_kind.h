// What kind of DICOM object a SOP class makes: a film to be opened in the viewport, or a companion of one that is shown in
// another way (drawn over the film, as text, as pages) or only listed.
//   DICOM PS3.4 annex B.5, PS3.6 annex A.   Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace cxr {

enum class ObjectKind {
    Film,               // an image, or a class that is not known: the reader decides
    PresentationState,  // grayscale, colour, blending, ...: 1.2.840.10008.5.1.4.1.1.11.*
    Segmentation,       // 1.2.840.10008.5.1.4.1.1.66.4, label maps 66.7
    StructuredReport,   // 1.2.840.10008.5.1.4.1.1.88.* except key objects
    KeyObjects,         // 1.2.840.10008.5.1.4.1.1.88.59
    EncapsulatedPdf,    // 1.2.840.10008.5.1.4.1.1.104.1
    ParametricMap,      // 1.2.840.10008.5.1.4.1.1.30
    Other,              // known to be no image: waveforms, raw data, plans, other documents, directories
};

ObjectKind objectKindOf(std::string_view sopClassUid);

// Stable, for JSON: "film", "presentation_state", "segmentation", "structured_report", "key_objects",
// "encapsulated_pdf", "parametric_map", "other".
const char* toString(ObjectKind kind);

// For people, with the article: "a structured report"; empty for films. Other is named by its class where that is
// known: "a waveform".
std::string objectWords(std::string_view sopClassUid);

}  // namespace cxr
