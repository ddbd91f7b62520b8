// FilmOrientation: rotation in quarter turns clockwise, then mirroring. Plain value.
#pragma once

namespace cxr::ui {

struct FilmOrientation {
    int quarterTurns = 0;  // 0..3
    bool flipHorizontal = false;
    bool flipVertical = false;
    bool operator==(const FilmOrientation&) const = default;
};

}  // namespace cxr::ui
