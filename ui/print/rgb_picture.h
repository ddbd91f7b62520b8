// A painted picture as the plain bytes that DICOM objects take. Pure function; thread-safe.
#pragma once

#include <QImage>

#include "core/dicom_out/result_objects.h"

namespace cxr::ui {

RgbPicture rgbPicture(const QImage& picture);

}  // namespace cxr::ui
