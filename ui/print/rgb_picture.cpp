#include "ui/print/rgb_picture.h"

namespace cxr::ui {

RgbPicture rgbPicture(const QImage& picture) {
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    RgbPicture result{rgb.width(), rgb.height(), {}};
    result.values.reserve(static_cast<std::size_t>(3) * rgb.width() * rgb.height());
    for (int row = 0; row < rgb.height(); ++row) {  // lines may end in gaps
        const uchar* line = rgb.constScanLine(row);
        result.values.insert(result.values.end(), line, line + static_cast<std::ptrdiff_t>(3) * rgb.width());
    }
    return result;
}

}  // namespace cxr::ui
