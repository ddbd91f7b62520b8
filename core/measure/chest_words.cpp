// The words and numbers of a measurement, as screen, report and command line say them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/measure/chest.h"

namespace cxr {
namespace {

constexpr double kNormalUpTo = 0.50;
constexpr double kBorderlineUpTo = 0.55;

std::string formatted(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

double toThreeDecimals(double ratio) { return std::round(ratio * 1000) / 1000; }
double toTwoDecimals(double ratio) { return std::round(ratio * 100) / 100; }

Verdict decided(double ratio) {
    if (!(ratio > 0)) return Verdict::NotMeasured;
    constexpr double tiny = 1e-9;  // 0.55 is no binary fraction
    if (ratio <= kNormalUpTo + tiny) return Verdict::Normal;
    return ratio <= kBorderlineUpTo + tiny ? Verdict::Borderline : Verdict::Enlarged;
}

const char* limitText(Verdict verdict) {
    switch (verdict) {
        case Verdict::Normal:
            return "up to 0.50";
        case Verdict::Borderline:
            return "above 0.50, up to 0.55";
        case Verdict::Enlarged:
            return "above 0.55";
        case Verdict::NotMeasured:
            break;
    }
    return "";
}

}  // namespace

Verdict verdictOf(double ratio) {
    return std::isfinite(ratio) ? decided(toThreeDecimals(ratio)) : Verdict::NotMeasured;
}

std::string ratioText(double ratio) {
    const bool twoAgree = decided(toTwoDecimals(ratio)) == verdictOf(ratio);
    return twoAgree ? formatted("%.2f", toTwoDecimals(ratio)) : formatted("%.3f", toThreeDecimals(ratio));
}

const char* toString(Verdict verdict) {
    switch (verdict) {
        case Verdict::NotMeasured:
            return "not measured";
        case Verdict::Normal:
            return "normal";
        case Verdict::Borderline:
            return "borderline";
        case Verdict::Enlarged:
            return "enlarged";
    }
    return "not measured";
}

const char* toString(Organ organ) {
    switch (organ) {
        case Organ::Heart:
            return "heart";
        case Organ::LeftLung:
            return "left lung";
        case Organ::RightLung:
            return "right lung";
    }
    return "heart";
}

std::string verdictSentence(const ChestMeasurement& measurement) {
    if (measurement.isUncertain) return "Mask uncertain: no cardiothoracic ratio";
    if (measurement.verdict == Verdict::NotMeasured) return "Cardiothoracic ratio not measured";
    return "CTR " + ratioText(measurement.ratio) + ": " + toString(measurement.verdict) + " (" +
           limitText(measurement.verdict) + ")";
}

std::string lengthText(const LinePx& line, const Spacing& spacing) {
    const double px = std::abs(line.to.x - line.from.x);
    if (!spacing.isKnown()) return formatted("%.0f px", px);
    const std::string mm = formatted("%.0f mm", px * spacing.columnMm);
    switch (spacing.source) {
        case SpacingSource::ImagerPixelSpacing:
            if (spacing.basis > 0) return mm + formatted(" (detector, divided by magnification %.4g)", spacing.basis);
            return mm + " (at the detector)";
        case SpacingSource::NominalScannedPixelSpacing:
            return mm + " (nominal, scanned film)";
        case SpacingSource::UserCalibration:
            return mm + " (" + originText(spacing) + ")";
        default:
            return mm;
    }
}

}  // namespace cxr
