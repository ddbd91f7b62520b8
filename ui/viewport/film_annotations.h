// What stands in the corners of the film: patient, study, window, zoom, spacing and where it comes from.
// Pure function of values; thread-safe.
#pragma once

#include <QStringList>

#include "core/image/image.h"

namespace cxr::ui {

struct CornerTexts {
    QStringList topLeft;     // patient; the first line is the name
    QStringList topRight;    // study and view; says so when view or orientation is unknown
    QStringList bottomLeft;  // window, zoom, spacing, lossy marker
};

// zoom: screen pixels per film pixel.
CornerTexts cornerTexts(const Image& image, const VoiSetting& voi, bool isInverted, double zoom);

QString windowText(const Image& image, const VoiSetting& voi);
QString spacingText(const Spacing& spacing);
QString ageText(const std::string& dicomAge);  // "063Y" -> "63 y"; anything else as it is

}  // namespace cxr::ui
