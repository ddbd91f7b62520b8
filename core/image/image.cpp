// Words for the enumerations of Image, as screen, report and JSON show them. Thread-safe.
#include "core/image/image.h"

#include <cstdio>

namespace cxr {
namespace {

std::string with(const char* format, double number) {
    char text[128];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

}  // namespace

const char* toString(SpacingSource source) {
    switch (source) {
        case SpacingSource::None:
            return "none";
        case SpacingSource::PixelSpacing:
            return "Pixel Spacing";
        case SpacingSource::ImagerPixelSpacing:
            return "Imager Pixel Spacing (at the detector)";
        case SpacingSource::NominalScannedPixelSpacing:
            return "Nominal Scanned Pixel Spacing (of the scanned film)";
        case SpacingSource::UserCalibration:
            return "calibrated by the user";
    }
    return "none";
}

std::string originText(const Spacing& spacing) {
    if (spacing.basis > 0 && spacing.source == SpacingSource::ImagerPixelSpacing)
        return with("Imager Pixel Spacing, divided by the magnification %.4g", spacing.basis);
    if (spacing.basis > 0 && spacing.source == SpacingSource::UserCalibration)
        return with("calibrated by the user, %.5g mm line", spacing.basis);
    return toString(spacing.source);
}

std::string spacingDoubt(const Spacing& spacing) {
    if (!spacing.isKnown()) return {};
    switch (spacing.source) {
        case SpacingSource::ImagerPixelSpacing:
            return spacing.basis > 0 ? with("Lengths are those at the detector divided by the magnification of %.4g that the header estimates.", spacing.basis)
                                     : "Lengths are measured at the detector; in the patient they are shorter.";
        case SpacingSource::NominalScannedPixelSpacing:
            return "Nominal spacing of a scanned film: lengths are approximate.";
        case SpacingSource::UserCalibration:
            return "Spacing calibrated by the user: lengths are as good as the line that was drawn.";
        default:
            return spacing.isPlaceUnsaid ? "The header does not say whether its pixel spacing is at the detector or in the patient." : "";
    }
}

const char* toString(ViewPosition view) {
    switch (view) {
        case ViewPosition::Unknown:
            return "unknown";
        case ViewPosition::PA:
            return "PA";
        case ViewPosition::AP:
            return "AP";
        case ViewPosition::Lateral:
            return "lateral";
        case ViewPosition::Oblique:
            return "oblique";
    }
    return "unknown";
}

const char* toString(Laterality laterality) {
    switch (laterality) {
        case Laterality::Unknown:
            return "unknown";
        case Laterality::Left:
            return "left";
        case Laterality::Right:
            return "right";
        case Laterality::Both:
            return "both sides";
        case Laterality::Unpaired:
            return "unpaired";
    }
    return "unknown";
}

const char* toString(VoiFunction function) {
    switch (function) {
        case VoiFunction::Linear:
            return "LINEAR";
        case VoiFunction::LinearExact:
            return "LINEAR_EXACT";
        case VoiFunction::Sigmoid:
            return "SIGMOID";
    }
    return "LINEAR";
}

}  // namespace cxr
