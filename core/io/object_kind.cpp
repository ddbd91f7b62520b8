#include "core/io/object_kind.h"

namespace cxr {
namespace {

struct ObjectClass {
    std::string_view uid;  // a prefix where it ends with a dot
    ObjectKind kind;
    const char* words;
};

// The longer prefix first.
constexpr ObjectClass kClasses[] = {
    {"1.2.840.10008.5.1.4.1.1.88.59", ObjectKind::KeyObjects, "a key object selection"},
    {"1.2.840.10008.5.1.4.1.1.88.", ObjectKind::StructuredReport, "a structured report"},
    {"1.2.840.10008.5.1.4.1.1.11.", ObjectKind::PresentationState, "a presentation state"},
    {"1.2.840.10008.5.1.4.1.1.104.1", ObjectKind::EncapsulatedPdf, "an encapsulated document"},
    {"1.2.840.10008.5.1.4.1.1.104.", ObjectKind::Other, "an encapsulated document"},
    {"1.2.840.10008.5.1.4.1.1.66.4", ObjectKind::Segmentation, "a segmentation"},
    {"1.2.840.10008.5.1.4.1.1.66.7", ObjectKind::Segmentation, "a label map segmentation"},
    {"1.2.840.10008.5.1.4.1.1.30", ObjectKind::ParametricMap, "a parametric map"},
    {"1.2.840.10008.5.1.4.1.1.66", ObjectKind::Other, "a raw data object"},
    {"1.2.840.10008.5.1.4.1.1.66.5", ObjectKind::Other, "a surface segmentation"},
    {"1.2.840.10008.5.1.4.1.1.66.", ObjectKind::Other, "a registration object"},
    {"1.2.840.10008.5.1.4.1.1.9.", ObjectKind::Other, "a waveform"},
    {"1.2.840.10008.5.1.4.1.1.481.1", ObjectKind::Film, ""},  // RT Image: a picture like any other
    {"1.2.840.10008.5.1.4.1.1.481.", ObjectKind::Other, "a radiotherapy object"},
    {"1.2.840.10008.5.1.4.38.", ObjectKind::Other, "a hanging protocol"},
    {"1.2.840.10008.1.3.10", ObjectKind::Other, "an index of a disc (DICOMDIR)"},
};

const ObjectClass* find(std::string_view uid) {
    for (const ObjectClass& one : kClasses) {
        const bool isPrefix = one.uid.back() == '.';
        if (isPrefix ? uid.starts_with(one.uid) : uid == one.uid) return &one;
    }
    return nullptr;
}

}  // namespace

ObjectKind objectKindOf(std::string_view sopClassUid) {
    const ObjectClass* found = find(sopClassUid);
    return found == nullptr ? ObjectKind::Film : found->kind;
}

const char* toString(ObjectKind kind) {
    switch (kind) {
        case ObjectKind::Film: return "film";
        case ObjectKind::PresentationState: return "presentation_state";
        case ObjectKind::Segmentation: return "segmentation";
        case ObjectKind::StructuredReport: return "structured_report";
        case ObjectKind::KeyObjects: return "key_objects";
        case ObjectKind::EncapsulatedPdf: return "encapsulated_pdf";
        case ObjectKind::ParametricMap: return "parametric_map";
        case ObjectKind::Other: return "other";
    }
    return "other";
}

std::string objectWords(std::string_view sopClassUid) {
    const ObjectClass* found = find(sopClassUid);
    return found == nullptr ? std::string() : found->words;
}

}  // namespace cxr
